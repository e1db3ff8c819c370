"""States and territories of the United States: two letters for each of their names."""

from __future__ import annotations

from difflib import get_close_matches

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "Virgin Islands",
}  # fmt: skip
_CODES = {word.casefold(): code for code, name in STATES.items() for word in (code, name)}


def codes_of(text: str) -> list[str]:
    """Return the codes of the states a text names, several divided by ``;``.

    Raises
    ------
    ValueError
        At the first name that is no state, with the nearest that is.

    Examples
    --------
    >>> codes_of("Ohio; pa"), codes_of("")
    (['OH', 'PA'], [])
    """
    names = [part.strip() for part in text.split(";")]
    return [_code_of(name) for name in names if name]


def _code_of(name: str) -> str:
    code = _CODES.get(name.casefold())
    if code is None:
        near = get_close_matches(name.casefold(), _CODES, 1, 0.7)
        hint = f" (did you mean {_CODES[near[0]]}?)" if near else ""
        if "," in name:
            hint = " (several are divided by ;)"
        raise ValueError(
            f"{name!r} is no state{hint}; accepted: OH or Ohio, several in a region as OH;PA"
        )
    return code
