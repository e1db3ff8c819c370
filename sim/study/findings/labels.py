"""What responses are called in tables and figures: names of rows, words, dates and units."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.events import RESPONSES
from sim.study.findings.dates import with_dates

PROGRAMME = "programme"
MOMENTS = ("by_deadline", "by_2029_end", "by_end")
# Amounts whose probability is told whatever the envelope, and by when.
AMOUNTS_USD_BN = (1, 10, 25, 50, 100, 200, 300, 400, 500)
AMOUNTS_BY = (
    ("committed", "by_deadline"),
    ("paid", "by_deadline"),
    ("completed", "by_2029_end"),
    ("completed", "by_end"),
)
# Parts of names that are no row here: probabilities, and responses of another version.
_PARTS = {
    "_usd_bn": "",
    "_by_deadline": " by {deadline}",
    "_by_2029_end": " by {2029_end}",
    "_by_end": " by {end}",
}


def threshold_name(amount: str, threshold: float) -> str:
    """Name of the probability that an amount reaches a share of the envelope by the deadline.

    Examples
    --------
    >>> threshold_name("paid", 0.9)
    'paid_at_least_0.9_of_envelope_by_deadline'
    """
    return f"{amount}_at_least_{threshold:g}_of_envelope_by_deadline"


def amount_name(amount: str, least: float, by: str) -> str:
    """Name of the probability that an amount reaches so many billions by a moment.

    Examples
    --------
    >>> amount_name("completed", 1, "by_2029_end")
    'completed_at_least_1_usd_bn_by_2029_end'
    """
    return f"{amount}_at_least_{least:g}_usd_bn_{by}"


def response_label(response: str, unit: bool = True, dates: Mapping[str, str] | None = None) -> str:
    """Name of a response in words, with its unit unless they say it, and with real ``dates``.

    Examples
    --------
    >>> response_label("paid_usd_bn_by_deadline", dates={"deadline": "19 January 2029"})
    'Paid by 19 January 2029, USD bn'
    >>> response_label("completed_usd_bn_by_deadline"), response_label("days_selection_to_ntp_p50")
    ('Completed by the deadline, USD bn', 'Selection to NTP, median, days')
    >>> response_label("paid_at_least_0.9_of_envelope_by_deadline")
    'Paid at least 90 % of the envelope by the deadline, probability'
    >>> response_label("completed_at_least_1_usd_bn_by_2029_end", unit=False)
    'Completed at least USD 1 bn by the end of the programme'
    """
    words = RESPONSES[response].words if response in RESPONSES else _from_parts(response)
    for name in dates or ():
        words = words.replace(f" at {{{name}}}", f" on {{{name}}}")
    label = with_dates(words, dates or {})
    said = unit_of(response) in label.lower().replace(",", "").split()
    return f"{label}, {unit_of(response)}" if unit and not said else label


def _from_parts(response: str) -> str:
    words = response
    for part, said in _PARTS.items():
        words = words.replace(part, said)
    words = re.sub("at_least_([0-9.]+)_of_", _in_percent, words)
    words = re.sub("at_least_([0-9.]+)", r"at least USD \1 bn", words)
    words = re.sub(r"_(?![^{]*})", " ", words).strip()  # not in the braces of a date
    return f"{words[:1].upper()}{words[1:]}"


def _in_percent(share: re.Match[str]) -> str:
    return f"at least {100 * float(share[1]):g} % of the "


def unit_of(response: str) -> str:
    """Unit of a response; one that is not ours has the one in its name, or none that is known.

    Examples
    --------
    >>> unit_of("completed_usd_bn"), unit_of("of_another_version")
    ('USD bn', 'unit not stated')
    """
    known = RESPONSES.get(response)
    if known is not None:
        return known.unit
    if "_at_least_" in response:
        return "probability"
    return "USD bn" if "_usd_bn" in response else "unit not stated"
