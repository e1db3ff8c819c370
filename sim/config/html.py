"""What a notebook shows of an object: a small table, every text in it escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def html_table(title: str, rows: Mapping[str, object]) -> str:
    """A table of two columns below a title.

    Examples
    --------
    >>> html_table("a < b", {"seed": 1})
    '<table><caption>a &lt; b</caption><tr><th>seed</th><td>1</td></tr></table>'
    """
    lines = [
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in rows.items()
    ]
    return f"<table><caption>{escape(title)}</caption>{''.join(lines)}</table>"
