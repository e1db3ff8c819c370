"""The page itself: sections in order, one file, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.report.page import ground, parties, projects, sections, watch
from sim.report.page.parts import Maker
from sim.report.page.words import capital
from sim.study.design.words import plural
from sim.study.findings.dates import in_words
from sim.study.run.files import put_text

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

PAGE = "report.html"
SECTIONS: tuple[Maker, ...] = (
    sections.answer, ground.ninety, sections.money, sections.held, ground.worth,
    sections.completion, ground.readings, parties.returns, projects.projects, parties.causes,
    watch.watch, parties.worked, ground.rests, ground.made,
)  # fmt: skip
_HERE = Path(__file__).parent
_INTERVAL = re.compile(r"(\([^()]* to [^()]*\))")


def page_of(run: RunTables) -> str:
    """The page of a finished run, as HTML."""
    config, programme = run.config, run.config.programme
    courses = plural(run.manifest["replications"], "simulated course")
    return render(
        "report.html",
        script="report.js",
        title=f"Will the ${programme.envelope_usd_bn:,g} bn be selected, paid and built?",
        kicker=config.title or config.name,
        lead=f"Config “{config.name}”, {courses} of the programme, record to "
        f"{in_words(programme.as_of)}. A run is a course of events under the stated assumptions, "
        "no forecast by a bank.",
        sections=[make(run) for make in SECTIONS],
    )


def write_page(run: RunTables) -> Path:
    """Write `PAGE` into the run folder.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    path = run.folder / PAGE
    put_text(path, page_of(run))
    return path


def render(template: str, script: str, **shown: Any) -> str:
    """A page with our style and one script, and a policy that lets nothing else in."""
    style, code = _text("page.css"), _text(script)
    assert "</" not in style + code  # they stand in the page as they are
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(code)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    whole = (
        _environment()
        .get_template(template)
        .render(style=Markup(style), script=Markup(code), policy=policy, **shown)
    )
    return _slim(whole)


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"soft": soft, "capital": capital}
    return found


def soft(sentence: str) -> Markup:
    """A sentence whose intervals in brackets stand back behind its numbers.

    Examples
    --------
    >>> soft("Paid: 16 bn (15 to 17) <of> 550")
    Markup('Paid: 16 bn <small>(15 to 17)</small> &lt;of&gt; 550')
    """
    return Markup(_INTERVAL.sub(r"<small>\1</small>", str(escape(sentence))))


def _text(name: str) -> str:
    return _slim((_HERE / name).read_text(encoding="utf-8").strip())


def _slim(text: str) -> str:
    """Without blanks at the beginning of lines and without empty lines: a third of a page."""
    return re.sub(r"\n\s+", "\n", text)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
