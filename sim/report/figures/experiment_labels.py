"""What responses are called in tables and figures: words, dates and units."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.events import RESPONSES
from sim.study.findings.dates import with_dates

# Responses whose names do not read well, and the parts of all others.
_LABELS = {
    "selected_count": "projects selected",
    "declined_count": "projects declined by Japan",
    "cancelled_count": "projects cancelled",
    "paused_count": "projects paused",
    "late_calls": "cash calls late",
    "missed_calls": "cash calls missed",
    "tariff_raised_days": "tariffs raised",
    "committed_share_of_envelope": "committed by {deadline}, of the envelope",
    "paid_share_of_envelope": "paid by {deadline}, of the envelope",
    "specialist_gap_people_on_gap_date": "specialists short on the gap date",
    "specialists_unfilled_share_mean": "specialists wanted and not granted",
}
_WORDS = {
    "completed_count": "projects completed",
    "_usd_bn": "",
    "days_": "",
    "_p50": ", median",
    "_ntp": " NTP",
    "_by_deadline": " by {deadline}",
    "_at_deadline": " at {deadline}",
    "_at_2029_end": " at {2029_end}",
    "delay_": "delay: ",
    "_mean": ", mean",
    "_by_2029_end": " by {2029_end}",
    "_by_end": " by {end}",
}


def response_label(response: str, unit: bool = True, dates: Mapping[str, str] | None = None) -> str:
    """Name of a response in words, with its unit, and with real ``dates`` where they are given.

    Examples
    --------
    >>> response_label("paid_usd_bn_by_deadline", dates={"deadline": "19 January 2029"})
    'Paid by 19 January 2029, USD bn'
    >>> response_label("completed_usd_bn_by_deadline"), response_label("days_selection_to_ntp_p50")
    ('Completed by the deadline, USD bn', 'Selection to NTP, median, days')
    >>> response_label("paid_at_least_0.9_of_envelope_by_deadline")
    'Paid at least 90 % of the envelope by the deadline, probability'
    """
    words = _LABELS.get(response, response)
    for part, said in _WORDS.items():
        words = words.replace(part, said)
    words = re.sub("at_least_([0-9.]+)_of_", _in_percent, words)
    words = re.sub(r"_(?![^{]*})", " ", words).strip()  # not in the braces of a date
    for name in dates or ():
        words = words.replace(f" at {{{name}}}", f" on {{{name}}}")
    words = with_dates(words, dates or {})
    label = f"{words[:1].upper()}{words[1:]}"
    return f"{label}, {unit_of(response)}" if unit else label


def _in_percent(share: re.Match[str]) -> str:
    return f"at least {100 * float(share[1]):g} % of the "


def unit_of(response: str) -> str:
    """Unit of a response; one that is not ours has none that is known."""
    known = RESPONSES.get(response)
    if known is not None:
        return known.unit
    return "probability" if "_at_least_" in response else "unit not stated"
