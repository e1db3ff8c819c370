"""Numbers as the page writes them."""

from __future__ import annotations

from math import isnan

NOTHING = "–"


def number(value: float, digits: int | None = None) -> str:
    """A number with its thousands set apart: one digit below ten, none above, or so many.

    Examples
    --------
    >>> number(1234.5), number(15.94), number(9.94), number(0.532), number(0.0), number(-0.04)
    ('1,234', '16', '9.9', '0.5', '0', '0')
    >>> number(0.94, 2), number(float("nan"))
    ('0.94', '–')
    """
    if value is None or isnan(value):
        return NOTHING
    if digits is None:
        digits = 0 if abs(value) >= 9.95 else 1
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text if text.strip("−0.") else "0"


def percent(share: float, digits: int = 0) -> str:
    r"""A share in percent; what is not certain is not written as if it were.

    Examples
    --------
    >>> [percent(one).replace("\xa0", " ") for one in (0.354, 0.997, 0.005, 0.0, -0.001)]
    ['35 %', '>99 %', '<1 %', '0 %', '0 %']
    """
    if share is None or isnan(share):
        return NOTHING
    if digits == 0 and 0.995 <= share < 1:
        return ">99\xa0%"
    text = f"{100 * share:.{digits}f}"
    if not float(text):  # rounded to nothing
        return "<1\xa0%" if digits == 0 and share > 0 else f"{text.lstrip('-')}\xa0%"
    return f"{text}\xa0%".replace("-", "−")


def span(low: float, high: float, digits: int | None = None) -> str:
    """Two limits of one unit.

    Examples
    --------
    >>> span(5.32, 221.4), span(float("nan"), 1.0)
    ('5.3 to 221', '')
    """
    if isnan(low) or isnan(high):
        return ""
    return f"{number(low, digits)} to {number(high, digits)}"


def percent_span(low: float, high: float, digits: int = 0) -> str:
    """Two shares."""
    if isnan(low) or isnan(high):
        return ""
    return f"{percent(low, digits)} to {percent(high, digits)}"


def capital(words: str) -> str:
    """Words as they begin a sentence.

    Examples
    --------
    >>> capital("the lenders"), capital("")
    ('The lenders', '')
    """
    return f"{words[:1].upper()}{words[1:]}"
