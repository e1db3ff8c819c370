"""What people call the causes of the delay ledger, in tables of this version and of others."""

from __future__ import annotations

from sim.events.ledger_causes import LEDGER_ROWS

_WORDS = {row.name: row.words for row in LEDGER_ROWS}


def in_words(cause: str) -> str:
    """Say a cause of the ledger.

    Examples
    --------
    >>> in_words("crews_short"), in_words("of_another_version")
    ('crews: too small', 'of another version')
    """
    return _WORDS.get(cause, cause.replace("_", " "))


def ledger_causes(columns: list[str]) -> list[str]:
    """Causes a projects table has columns for, in the table's order; none in older runs.

    Examples
    --------
    >>> ledger_causes(["status", "delay_power_days", "hidden_power_days"])
    ['power']
    """
    return [
        column.removeprefix("delay_").removesuffix("_days")
        for column in columns
        if column.startswith("delay_") and column.endswith("_days")
    ]
