"""Mutations of a config, its overlay, portfolio, sources and sweep; each says what must come of it.

A case is drawn from one seeded generator of its own number, so that it can be repeated alone.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.config.yaml_lines import parse_yaml

REFUSE, EQUAL, FREE = "must-refuse", "must-equal", "free"
HERE = Path(__file__).parent
FILES = {name: (HERE / name).read_text("utf-8") for name in
         ("base.yaml", "portfolio.csv", "sources.yaml", "sweep.yaml")}  # fmt: skip
OVERLAY = "overlay.yaml"
HEAD = "schema: 1\nextends: base.yaml\n"


@dataclass
class Case:
    """Files to write, what to load, what must come of it, and where a refusal must point."""

    what: str
    must: str
    files: dict[str, bytes] = field(default_factory=dict)
    load: str = OVERLAY
    place: tuple[str, int] | None = None


def _leaves() -> list[tuple[tuple[str, ...], Any]]:
    root, problems = parse_yaml(FILES["base.yaml"], "base.yaml")
    assert root is not None
    assert not problems
    return [
        (path, leaf.plain())
        for path, leaf in root.leaves()
        if path[-1] not in ("kind", "source", "name") and path[0] not in ("schema", "portfolio")
    ]


LEAVES = _leaves()
NUMBERS = [
    one for one in LEAVES if isinstance(one[1], int | float) and not isinstance(one[1], bool)
]
WHOLE = [one for one in NUMBERS if isinstance(one[1], int)]
DATES = [one for one in LEAVES if isinstance(one[1], str) and one[1][:2] == "20"]
WORDS = [one for one in LEAVES if isinstance(one[1], str) and one[1][:2] != "20"]
MAPPINGS = sorted({path[:k] for path, _ in LEAVES for k in range(1, len(path))})
# Where the keys are the schema's own, and no name of the user's.
CLOSED = [("programme",), ("policy",), ("nature",), ("capacity",), ("policy", "calls"),
          ("policy", "selection"), ("sectors", "gas", "permits"), ("capacity", "teams"),
          ("nature", "funding"), ("sectors", "gas")]  # fmt: skip
OPEN = [("sectors",), ("pipelines",), ("capacity", "facilities"), ("nature", "shocks"),
        ("policy", "calls", "slices"), ("policy", "enforcement", "baseline", "general"),
        ("portfolio", "projects")]  # fmt: skip
NO_NUMBER = ("text", "[1]", "{a: 1}", ".nan", ".inf", "true", "'5'", "1_000", "1,5", "2026-01-01")
NO_DATE = ("2029-02-30", "2029-W03-5", "'20290119'", "soon", "2029", "[2029-01-01]", "2050-01-01",
           "29-01-01", "2029-1-1", "'２０２９-01-01'", "0001-01-01", ".nan")  # fmt: skip
SCALES = (0, 1e-9, 0.1, 0.5, 1.5, 2, 10, 1e3, 1e6, 1e9, 1e15, 1e300, -1)
BAD_TEXT = ('"a\\x1b[31m"', '"a\\0b"', '"a\\u202eb"', '"a\\ud800"', "[a]", "{a: b}", "5")
STATES = (("OH", "Ohio"), ("TX", "texas"), ("OH", "oh"), ("OH;TX", "Ohio; Texas"))
NO_STATES = ("Peachtree", "'TX,OH'", "NaN", "XX", "OH;OH", "Ontario")


def nested(path: tuple[str, ...], value: str) -> tuple[str, int]:
    """An overlay that sets one value, a key on a line; and the line of the value."""
    lines = HEAD.splitlines()
    for depth, key in enumerate(path):
        lines.append("  " * depth + f"{key}:")
    lines[-1] += f" {value}"
    return "\n".join(lines) + "\n", len(lines)


def case(number: int, seed: int = 0) -> Case:
    """Case of that number; the same for ever."""
    draw = random.Random(f"{seed}/{number}")
    return draw.choice(KINDS)(draw)


def _set(what: str, must: str, path: tuple[str, ...], value: str) -> Case:
    text, line = nested(path, value)
    return Case(f"{what}: {'.'.join(path)}: {value}", must, {OVERLAY: text.encode()},
                place=(OVERLAY, line) if must == REFUSE else None)  # fmt: skip


def wrong_type(draw: random.Random) -> Case:
    if draw.random() < 0.5:
        path, _ = draw.choice(NUMBERS)
        return _set("type", REFUSE, path, draw.choice(NO_NUMBER))
    path, _ = draw.choice(DATES)
    return _set("date", REFUSE, path, draw.choice(NO_DATE))


def wrong_text(draw: random.Random) -> Case:
    path, _ = draw.choice(WORDS)
    return _set("text", REFUSE, path, draw.choice(BAD_TEXT[:-1]))


def unknown_key(draw: random.Random) -> Case:
    path = draw.choice(CLOSED)
    key = draw.choice(("peeple", "x", "Start", "units_"))
    return _set("unknown key", REFUSE, (*path, key), draw.choice(("", "null", "1", "{}")))


def remove_nothing(draw: random.Random) -> Case:
    path = draw.choice(OPEN)
    key = "2027-02-01" if path[-1] == "general" else draw.choice(("F-99", "nobody"))
    return _set("removal", REFUSE, (*path, key), draw.choice(("", "null", "~")))


def bad_id(draw: random.Random) -> Case:
    key = draw.choice(('"=cmd"', '"a b"', '"a\\u200bb"', '"日本"', '"-x"', '"a.b"', '"a\\x1b"'))
    path = draw.choice((("sectors",), ("pipelines",), ("capacity", "facilities")))
    return _set("id", REFUSE, (*path, key), "{label: x}")


def no_state(draw: random.Random) -> Case:
    path = draw.choice(
        (("pipelines", "gas", "region"), ("portfolio", "projects", "P-01", "region"))
    )
    return _set("state", REFUSE, path, draw.choice(NO_STATES))


def too_large(draw: random.Random) -> Case:
    path = draw.choice((
        ("portfolio", "projects", "P-01", "announced_usd_bn"), ("programme", "envelope_usd_bn"),
        ("pipelines", "gas", "maximum"), ("nature", "maxima", "calls"), ("run", "replications"),
        ("portfolio", "projects", "P-01", "units"), ("nature", "maxima", "screening_rounds"),
        ("policy", "calls", "first_window_business_days"), ("pipelines", "gas", "units"),
    ))  # fmt: skip
    return _set(
        "too large", REFUSE, path, draw.choice(("33300000000", "1000000000000", "1" + "0" * 25))
    )


def twice(draw: random.Random) -> Case:
    path, value = draw.choice((
        (("report", "envelope_thresholds"), "[0.5, 0.75, 0.5]"),
        (("calendars", "extra_closures"), "[2027-01-04, 2027-01-04]"),
        (("policy", "selection", "preferred_sectors"), "[gas, gas]"),
        (("capacity", "power", "regions", "ohio", "states"), "[OH, Ohio]"),
        (("capacity", "teams"), "{count: 4, count: 5}"),
    ))  # fmt: skip
    return _set("twice", REFUSE, path, value)


def scaled(draw: random.Random) -> Case:
    path, value = draw.choice(NUMBERS)
    by = draw.choice(SCALES)
    number = value * by
    text = (
        str(int(number)) if isinstance(value, int) and abs(number) < 1e18 else repr(float(number))
    )
    return _set("scaled", FREE, path, text)


def moved(draw: random.Random) -> Case:
    path, value = draw.choice(DATES)
    year = int(value[:4]) + draw.choice((-30, -2, -1, 1, 2, 9, 30))
    return _set("moved", FREE, path, f"{year}{value[4:]}")


def removed(draw: random.Random) -> Case:
    return _set("removed", FREE, draw.choice([*MAPPINGS, *(path for path, _ in LEAVES)]), "null")


def replaced(draw: random.Random) -> Case:
    path, _ = draw.choice(LEAVES)
    return _set("replaced", FREE, path, repr(draw.choice(LEAVES)[1]))


def same_number(draw: random.Random) -> Case:
    path, value = draw.choice(WHOLE)
    text = draw.choice(
        (f"{value}.0", f"{value}e0", f"{{value: {value}, source: test}}", f"+{value}")
    )
    return _set("same number", EQUAL, path, text)


def same_state(draw: random.Random) -> Case:
    code, spelled = draw.choice(STATES)
    base = FILES["base.yaml"].replace("region: OH;TX", f"region: {code}")
    text, _ = nested(("pipelines", "gas", "region"), spelled)
    return Case(
        f"same state: {spelled}", EQUAL, {"equal.yaml": base.encode(), OVERLAY: text.encode()}
    )


def same_file(draw: random.Random) -> Case:
    text = FILES["base.yaml"]
    how = draw.choice(("crlf", "bom", "comments", "blank lines", "document start"))
    changed = {
        "crlf": text.replace("\n", "\r\n"), "bom": "\ufeff" + text, "comments": "# x\n" + text,
        "blank lines": text.replace("\n", "\n\n"), "document start": "---\n" + text,
    }[how]  # fmt: skip
    return Case(f"same file: {how}", EQUAL, {"base.yaml": changed.encode()}, load="base.yaml")


def _rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(FILES["portfolio.csv"])))


def _csv(rows: list[list[str]], **how: Any) -> bytes:
    out = io.StringIO()
    csv.writer(out, **how).writerows(rows)
    return out.getvalue().encode()


def same_rows(draw: random.Random) -> Case:
    rows, how = _rows(), draw.choice(("floats", "trailing", "quoted", "blank line", "bom"))
    if how == "floats":
        rows = [[f"{cell}.0" if cell.isdigit() else cell for cell in row] for row in rows]
    elif how == "trailing":
        rows = [[*row, "", ""] for row in rows]
    raw = _csv(rows, quoting=csv.QUOTE_ALL if how == "quoted" else csv.QUOTE_MINIMAL)
    raw = {"blank line": raw + b"\r\n\r\n", "bom": b"\xef\xbb\xbf" + raw}.get(how, raw)
    return Case(f"same rows: {how}", EQUAL, {"portfolio.csv": raw}, load="base.yaml")


def wrong_cell(draw: random.Random) -> Case:
    rows = _rows()
    line = draw.randrange(1, len(rows))
    column = draw.choice(("units", "announced_usd_bn", "proposed_date", "region", "kind", "id"))
    value = {"units": "1.5", "announced_usd_bn": "33300000000", "proposed_date": "2026-02-30",
             "region": "Peachtree", "kind": "plant", "id": "=cmd"}[column]  # fmt: skip
    rows[line][rows[0].index(column)] = value
    return Case(f"cell: {column}: {value}", REFUSE, {"portfolio.csv": _csv(rows)}, load="base.yaml",
                place=("portfolio.csv", line + 1))  # fmt: skip


def wrong_table(draw: random.Random) -> Case:
    how = draw.choice((";", "\t", "sep=", "latin", "twice"))
    raw = _csv(_rows(), delimiter=how) if len(how) == 1 else _csv(_rows())
    if how == "sep=":
        raw = b"sep=,\r\n" + raw
    elif how == "latin":
        raw = raw.replace(b"Plant", "Pläne".encode("latin-1"))
    elif how == "twice":
        raw += raw.splitlines(keepends=True)[1]
    return Case(f"table: {how!r}", REFUSE, {"portfolio.csv": raw}, load="base.yaml")


def any_cell(draw: random.Random) -> Case:
    rows = _rows()
    row = draw.choice(rows)
    row[draw.randrange(len(row))] = draw.choice(("", "0", "-1", "x", "1e300", "2026-05-01", "OH;TX",
                                                 "nan", '"', "a,b", "\x1b", "9" * 400))  # fmt: skip
    return Case("any cell", FREE, {"portfolio.csv": _csv(rows)}, load="base.yaml")


def damaged(draw: random.Random) -> Case:
    name = draw.choice(list(FILES))
    lines = FILES[name].splitlines(keepends=True)
    place = draw.randrange(len(lines))
    how = draw.choice(("delete", "double", "swap", "cut", "bytes", "indent", "join"))
    if how == "delete":
        del lines[place]
    elif how == "double":
        lines.insert(place, lines[place])
    elif how == "swap":
        lines[place], lines[place - 1] = lines[place - 1], lines[place]
    elif how == "cut":
        lines = [*lines[:place], lines[place][: len(lines[place]) // 2]]
    elif how == "indent":
        lines[place] = draw.choice((" ", "  ", "\t")) + lines[place]
    elif how == "join":
        lines[place] = lines[place].rstrip("\n")
    raw = "".join(lines).encode()
    if how == "bytes":
        at = draw.randrange(len(raw))
        raw = raw[:at] + draw.randbytes(draw.choice((1, 2))) + raw[at + 1 :]
    return Case(f"damaged {name}: {how}", FREE, {name: raw},
                load="sweep.yaml" if name == "sweep.yaml" else "base.yaml")  # fmt: skip


def wrong_extends(draw: random.Random) -> Case:
    to = draw.choice(("a" * 5000, '"a\\0b"', "overlay.yaml", "nobody.yaml", "builtin:nothing", "5",
                      "[base.yaml]", "portfolio.csv", "sources.yaml", "."))  # fmt: skip
    return Case(f"extends: {to[:20]}", REFUSE, {OVERLAY: f"schema: 1\nextends: {to}\n".encode()})


def wrong_source(draw: random.Random) -> Case:
    path, value = draw.choice(NUMBERS)
    return _set("source", REFUSE, path, f"{{value: {value}, source: nobody}}")


def wrong_sweep(draw: random.Random) -> Case:
    old, new = draw.choice((
        ("capacity.teams.count", "capacity.teems.count"), ("[2, 4]", "[2, 2]"),
        ("[2, 4]", "[2, x]"), ("[2, 4]", "[]"), ("[2, 4]", "[2, 10000000]"),
        ("base: base.yaml", "base: nobody.yaml"), ("kind: grid", "kind: gird"),
        ("replications: 2", "replications: 1000000000000"),
    ))  # fmt: skip
    text = FILES["sweep.yaml"].replace(old, new)
    return Case(f"sweep: {new}", REFUSE, {"sweep.yaml": text.encode()}, load="sweep.yaml")


KINDS = (
    wrong_type, wrong_type, wrong_text, unknown_key, remove_nothing, bad_id, no_state, too_large,
    twice, scaled, scaled, scaled, moved, removed, replaced, replaced, same_number, same_state,
    same_file, same_rows, wrong_cell, wrong_table, any_cell, damaged, damaged, damaged,
    wrong_extends, wrong_source, wrong_sweep,
)  # fmt: skip
