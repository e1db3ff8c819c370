"""Names that one section uses and another defines."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.calendars.states import STATES
from sim.config.findings import (
    TOLERANCE,
    Finding,
    adds_up,
    finding,
    keys_are,
    needs,
    unknown,
)
from sim.config.limits import names_of_capacities
from sim.config.schema import Config

_POOLS = "capacity.specialists.pools"


@dataclass(frozen=True)
class Names:
    """Names that stand at one place of a config and are keys of another.

    ``*`` is any key; at the end the keys themselves are the names, else a text or a list of them.
    With ``each`` every key there must have its own here, too.
    """

    used: str
    what: str
    known: str
    each: bool = False

    def __call__(self, config: Config) -> Iterator[Finding]:
        """Names that nobody defines."""
        ((_, defined),) = _found(config, self.known.split("."))
        for where, names in _found(config, self.used.removesuffix(".*").split(".")):
            if self.each and names is not None:
                yield from keys_are(where, self.what, names, defined)
                continue
            for name in [names] if isinstance(names, str) else names or ():
                if name not in (defined or ()):
                    at = f"{where}.{name}" if self.used.endswith(".*") else where
                    yield unknown(at, self.what, name, defined or ())


def _found(value: Any, keys: Sequence[str], path: str = "") -> Iterator[tuple[str, Any]]:
    """What stands at the places of a pattern; None below a section that is not there."""
    if value is None or not keys:
        yield path.removeprefix("."), value
    elif keys[0] == "*":
        for key, below in value.items():
            yield from _found(below, keys[1:], f"{path}.{key}")
    else:
        yield from _found(getattr(value, keys[0]), keys[1:], f"{path}.{keys[0]}")


NAMES = (
    Names("sectors.*.article_group", "article group", "article_mix"),
    Names("sectors.*.permits.agency", "agency", "capacity.agencies"),
    Names("sectors.*.equipment.*", "equipment of capacity", "capacity.equipment"),
    Names("portfolio.projects.*.sector", "sector", "sectors"),
    Names("pipelines.*.sector", "sector", "sectors"),
    Names("nature.appraisal_days.*", "facility", "capacity.facilities", each=True),
    Names("nature.call_desk_days.*", "facility", "capacity.facilities", each=True),
    Names("nature.shocks.*.schedule_loadings.*", "sector", "sectors"),
    Names("nature.shocks.*.cost_loadings.*", "sector", "sectors"),
    Names("nature.shocks.*.hazard_loadings.*", "sector", "sectors"),
    Names("nature.cost_year_ratio.*", "sector", "sectors"),
    Names("nature.regime.loadings.*", "sector", "sectors"),
    Names("nature.enforcement.route_delay_days.*", "route", "policy.enforcement.routes", each=True),
    Names("nature.enforcement.court_ends_route_days.*", "route", "policy.enforcement.routes"),
    Names("policy.selection.preferred_sectors", "sector", "sectors"),
    Names("policy.calls.facility_shares.*", "facility", "capacity.facilities"),
    Names("policy.enforcement.routes.*.rates.*", "tariff class", "policy.enforcement.baseline"),
    Names("policy.events.*.closes_routes", "route", "policy.enforcement.routes"),
    Names("policy.events.*.opens_routes", "route", "policy.enforcement.routes"),
    Names("capacity.equipment.*.reserved.*", "project", "portfolio.projects"),
    Names("capacity.claims.*.slots.*", "equipment of capacity", "capacity.equipment"),
    Names("capacity.claims.*.megawatts.*", "region", "capacity.power.regions"),
    Names("capacity.power.elsewhere", "region", "capacity.power.regions"),
    Names("capacity.specialists.measures.*.intake_per_month.*", "pool", _POOLS),
    Names("capacity.specialists.measures.*.finishers_per_month.*", "pool", _POOLS),
    Names("finance.sectors.*", "sector", "sectors", each=True),
    Names("report.expected_to_gain.*.sectors", "sector", "sectors"),
    Names("report.makers.*.sectors", "sector", "sectors"),
)
for _row in NAMES:
    needs(_row.used.partition(".*")[0], _row.known)(_row)


@needs("article_mix")
def article_groups(config: Config) -> Iterator[Finding]:
    """The groups' bands can hold together."""
    for name, group in config.article_mix.items():
        if group.share_low > group.share_high:
            message = f"share_low {group.share_low:g} is above share_high {group.share_high:g}"
            yield finding(f"article_mix.{name}", message, "a band from low to high")
    low = sum(group.share_low for group in config.article_mix.values())
    if low > 1 + TOLERANCE:
        yield finding("article_mix", f"lower ends add up to {low:.10g}", "at most 1")


@needs("sectors", "capacity.specialists.pools")
def crafts(config: Config) -> Iterator[Finding]:
    """A sector's crafts are pools, and its labour is shared out completely."""
    pools = {pool.craft or name for name, pool in config.capacity.specialists.pools.items()}
    for name, sector in config.sectors.items():
        labour, where = sector.labour, f"sectors.{name}.labour.crafts"
        for craft in labour.crafts:
            if craft not in pools:
                yield unknown(f"{where}.{craft}", "pool of specialists", craft, pools)
        if labour.labour_years_per_usd_bn > 0 and labour.specialist_share > 0:
            yield from adds_up(where, labour.crafts.values())


@needs("portfolio")
def projects(config: Config) -> Iterator[Finding]:
    """Ids agree with keys; ``counted_in`` names another project, and no chain."""
    rows = config.portfolio.projects
    for name, project in rows.items():
        where = f"portfolio.projects.{name}"
        if project.id != name:
            yield finding(f"{where}.id", f"{project.id!r} is not the key of its entry", name)
        target = project.counted_in
        if not target:
            continue
        if target not in rows:
            yield unknown(f"{where}.counted_in", "project", target, rows)
        elif target == name:
            yield finding(f"{where}.counted_in", "counts in itself", "the id of another project")
        elif rows[target].counted_in:
            message = f"{target} itself counts in {rows[target].counted_in}"
            yield finding(f"{where}.counted_in", message, "a project that counts in no other")


_OF_ALL_SITES = (
    "sector", "kind", "entry_probability", "japanese_content_share", "proposed_date",
    "recommended_date", "selected_date", "first_paid_date", "offtake_share",
)  # fmt: skip


@needs("portfolio")
def sites(config: Config) -> Iterator[Finding]:
    """A further site names its project, and has in common with it what is decided of both."""
    rows = config.portfolio.projects
    for name, site in rows.items():
        where, target = f"portfolio.projects.{name}.site_of", site.site_of
        if not target:
            continue
        if target not in rows:
            yield unknown(where, "project", target, rows)
            continue
        first = rows[target]
        if target == name or first.site_of or first.counted_in or site.counted_in:
            message = f"{target} is no project with sites of its own"
            yield finding(where, message, "a project that is no site and counts in no other")
        for key in _OF_ALL_SITES:
            if getattr(site, key) != getattr(first, key):
                message = f"{key} is {getattr(site, key)}, and {getattr(first, key)} of {target}"
                yield finding(where, message, f"the same {key} for all sites of a project")


@needs("pipelines", "portfolio")
def pipeline_ids(config: Config) -> Iterator[Finding]:
    """No named project can be taken for a generated one (``PIPELINE-001``)."""
    for name in config.portfolio.projects:
        head, _, number = name.rpartition("-")
        if head in config.pipelines and number.isdigit():
            message = f"looks like the generated projects of pipeline {head}"
            yield finding(f"portfolio.projects.{name}", message, "another id")


@needs("capacity.facilities", "capacity.agencies", "capacity.equipment", "report")
def steps(config: Config) -> Iterator[Finding]:
    """A step is against a capacity that there can be."""
    for name, step in config.report.steps.items():
        known = names_of_capacities(config)
        if step.capacity not in known:
            yield unknown(f"report.steps.{name}.capacity", "capacity", step.capacity, known)


@needs("policy")
def facility_shares(config: Config) -> Iterator[Finding]:
    """Calls divide completely over the facilities."""
    shares = config.policy.calls.facility_shares
    yield from adds_up("policy.calls.facility_shares", shares.values())


@needs("nature")
def states_of_permits(config: Config) -> Iterator[Finding]:
    """Factors on permits are of states."""
    for state in config.nature.permits_by_state:
        if state not in STATES:
            where = f"nature.permits_by_state.{state}"
            yield finding(where, f"there is no state {state}", "two letters, such as OH")


@needs("policy.selection.preferred_regions", "pipelines", "portfolio")
def preferred_regions(config: Config) -> Iterator[Finding]:
    """Something may lie in a preferred region."""
    texts = [row.region for row in config.portfolio.projects.values()]
    texts += [pipeline.region for pipeline in config.pipelines.values()]
    regions = {part.strip() for text in texts for part in text.split(";")} - {""}
    for region in config.policy.selection.preferred_regions:
        if region not in regions:
            where = "policy.selection.preferred_regions"
            yield unknown(where, "project or pipeline in region", region, regions)


@needs("policy", "capacity", "programme")
def dated_events(config: Config) -> Iterator[Finding]:
    """Dated events name yearly money that exists; they and reviews are observed."""
    policy, programme = config.policy, config.programme
    stocks = {f"{f}_{of}": 0 for f in config.capacity.facilities for of in ("commitments", "cash")}
    first = programme.as_of if programme.history == "recorded" else programme.start
    for name, event in policy.events.items():
        where = f"policy.events.{name}"
        for stock in event.caps_usd_bn:
            if stock not in stocks:
                yield unknown(f"{where}.caps_usd_bn.{stock}", "yearly money", stock, stocks)
        if not first < event.date <= programme.run_out:
            text = f"{event.date} is not within what is simulated"
            accepted = f"a date after {first}, up to {programme.run_out}"
            yield finding(f"{where}.date", text, accepted)
    for name, review in policy.enforcement.reviews.items():
        where, still_held = f"policy.enforcement.reviews.{name}", 0
        for day in review.held_on:
            still_held += day > first
            if day > programme.run_out or (review.dates and day <= first):
                text = f"{day} is not within what is simulated"
                yield finding(where, text, f"dates after {first}, up to {programme.run_out}")
        if not review.dates and still_held < 2:  # a rhythm skips what lies before
            text = f"is held {('never', 'once')[still_held]} after {first}"
            yield finding(where, text, "two dates at least: the last one ends what failed before")


@needs("policy")
def deterrence(config: Config) -> Iterator[Finding]:
    """Who weighs the tariff knows what is sold and what projects earn."""
    if config.policy.funding.response == "weighs_tariff":
        for name in ("trade", "finance"):
            if getattr(config, name) is None:
                text = f"weighs_tariff needs a {name} section"
                yield finding("policy.funding.response", text, "as_disposed, always_fund")


def unsound_rows(tree: object, sound: Container[str]) -> Iterator[Finding]:
    """Sectors that rows name and nobody defines, of sections in which something else is wrong."""
    if not isinstance(tree, Mapping):
        return
    sectors, portfolio = tree.get("sectors"), tree.get("portfolio")
    projects = portfolio.get("projects") if isinstance(portfolio, Mapping) else None
    parts = {("portfolio", "projects"): projects, ("pipelines",): tree.get("pipelines")}
    for path, rows in parts.items():
        if path[0] in sound or not isinstance(rows, Mapping) or not isinstance(sectors, Mapping):
            continue
        for key, row in rows.items():
            sector = row.get("sector") if isinstance(row, Mapping) else None
            if isinstance(sector, str) and sector not in sectors:
                yield replace(unknown("", "sector", sector, sectors), path=(*path, key, "sector"))
