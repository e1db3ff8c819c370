"""What documents promise: references that resolve, commands that exist, code that runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sim.cli import cli
from sim.config import load
from sim.events.ledger_causes import BARS, GROUPS, LEDGER_CAUSES, LEDGER_GROUPS, LEDGER_ROWS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# How code, configs and documents cite a document: its path, then the heading in quotes.
CITATION = re.compile(r'(docs/[\w-]+\.md|README\.md), "([^"\n]+)"')
LINK = re.compile(r"\]\(([^)\s#]*)(#[\w-]*)?\)")
NUMBERED = re.compile(r"\bmodel(?:\.md)?,? section \d|[(\s]section \d+ of the model", re.IGNORECASE)

# Words of others for what has a word in docs/glossary.md.
OTHERS_WORDS = re.compile(
    r"\b(?:drawdown|experiment|iteration|kickoff|knob|kpi|trial)s?\b(?!\.md)", re.IGNORECASE
)
DECISION = re.compile(r"(?:\(decision|`?decisions\.md`?,) (\d+)\b")


def headings(path: Path) -> list[str]:
    outside = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    return [found.strip() for found in re.findall(r"(?m)^#+ (.+)$", outside)]


def anchor(heading: str) -> str:
    """As the sites that show Markdown make it."""
    return "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def citing_files() -> list[Path]:
    found = [
        path for room in ("sim", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")
    ]
    found += [*(ROOT / "configs").rglob("*.yaml"), *(ROOT / "sim").rglob("*.yaml")]
    return [path for path in sorted([*found, *DOCUMENTS]) if path != Path(__file__).resolve()]


def places(path: Path, pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    text = path.read_text(encoding="utf-8")
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield f"{path.relative_to(ROOT).as_posix()}:{line}", match


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"))


def commands() -> list[tuple[str, str]]:
    """Every ``sim ...`` line of a shell block, with the document it stands in."""
    found = []
    for path in DOCUMENTS:
        for block in blocks(path, "sh"):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words and words[0] in {"sim", ".venv/bin/sim"}:
                    found.append((path.name, shlex.join(words[1:])))
    return found


def test_every_citation_of_a_document_names_a_heading_that_is_there():
    wrong, seen = [], 0
    for path in citing_files():
        for place, match in places(path, CITATION):
            seen += 1
            if match[2] not in headings(ROOT / match[1]):
                wrong.append(f"{place}: {match[0]}")

    assert not wrong, "\n" + "\n".join(wrong)
    assert seen > 20


def test_nothing_cites_a_numbered_section_of_the_model():
    wrong = [f"{place}: {match[0]}" for path in citing_files()
             for place, match in places(path, NUMBERED)]  # fmt: skip

    assert not wrong, "\n" + "\n".join(wrong)


def test_code_says_the_words_of_the_glossary():
    wrong = [f"{place}: {match[0]}" for path in (ROOT / "sim").rglob("*.py")
             for place, match in places(path, OTHERS_WORDS)]  # fmt: skip

    assert not wrong, "\n" + "\n".join(wrong)


def test_what_days_and_dollars_are_charged_to_has_one_word_wherever_it_is_told():
    """In the glossary, at the head of each row of the ledger, in sentences, groups and limits."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    short = {name: row.short for name, row in BARS.items()}
    listed = next(line for line in glossary.splitlines() if line.startswith("| review, rounds"))

    assert sorted(listed.split("|")[1].strip().split(", ")) == sorted(short.values())
    assert {row.name: row.words.startswith(short[row.bar]) for row in LEDGER_ROWS} == dict.fromkeys(
        LEDGER_CAUSES, True
    )
    assert [name for name, row in BARS.items() if row.short not in row.words and
            name != "record"] == []  # fmt: skip
    for group, causes in LEDGER_GROUPS.items():
        own = {short[row.bar] for row in LEDGER_ROWS if row.name in causes}
        assert set(GROUPS[group].split(" and ")) <= own, group


def test_a_decision_has_a_number_of_its_own_and_who_cites_it_finds_it():
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    numbers = re.findall(r"(?m)^(\d+)\. ", text)
    twice = sorted({number for number in numbers if numbers.count(number) > 1}, key=int)
    cited = [
        (place, match[1])
        for path in [*citing_files(), ROOT / "CHANGELOG.md"]
        for place, match in places(path, DECISION)
    ]

    assert not twice, f"given to two decisions: {', '.join(twice)}"
    assert [place for place, number in cited if number not in numbers] == []
    assert cited


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path):
    wrong = []
    for place, match in places(path, LINK):
        target, to = match[1], match[2]
        if "://" in target:
            continue
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (to and to not in map(anchor, headings(file))):
            wrong.append(f"{place}: {match[0]}")

    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(("document", "line"), commands())
def test_every_command_in_a_document_is_one_the_program_takes(document: str, line: str):
    words = shlex.split(line)
    if words == ["--version"] or words == ["--help"]:
        return
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None, f"{document}: there is no sim {words[0]}"
    parser = command.make_parser(click.Context(command, info_name=words[0]))
    parser.parse_args(words[1:])  # refuses options the command does not have


def test_yaml_in_the_readme_is_a_valid_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    shown = [block for block in blocks(ROOT / "README.md", "yaml") if "schema: 1" in block]
    assert shown
    for number, block in enumerate(shown):
        path = tmp_path / f"shown_{number}.yaml"
        path.write_text(block, encoding="utf-8")
        load(path)


def test_code_shown_from_the_program_is_the_programs():
    """A block whose first line names a file of ours."""
    shown = [
        (path.name, *found.groups())
        for path in DOCUMENTS
        for block in blocks(path, "python")
        if (found := re.fullmatch(r"(?s)# (sim/[\w/]+\.py)\n(.*)\n", block))
    ]
    assert shown
    for document, file, code in shown:
        assert code in (ROOT / file).read_text(encoding="utf-8"), f"{document}: not as in {file}"


def test_python_in_the_readme_runs(tmp_path: Path):
    """As written but for the number of replications, which only costs time."""
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    shown = blocks(ROOT / "README.md", "python")
    whole = [block for block in shown if "import sim" in block]
    assert whole
    for number, block in enumerate(whole):
        script = tmp_path / f"shown_{number}.py"
        assert "replications=50" in block
        script.write_text(block.replace("replications=50", "replications=2"), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
