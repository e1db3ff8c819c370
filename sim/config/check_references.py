"""Names that one section uses and another defines."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from sim.calendars.states import STATES
from sim.config.findings import (
    TOLERANCE,
    Check,
    Finding,
    adds_up,
    finding,
    keys_are,
    needs,
    unknown,
)
from sim.config.limits import names_of_capacities
from sim.config.schema import Config


@needs("sectors", "article_mix")
def article_groups(config: Config) -> Iterator[Finding]:
    """Every sector belongs to a group; the groups' bands can hold together."""
    for name, sector in config.sectors.items():
        if sector.article_group not in config.article_mix:
            where = f"sectors.{name}.article_group"
            yield unknown(where, "article group", sector.article_group, config.article_mix)
    for name, group in config.article_mix.items():
        if group.share_low > group.share_high:
            message = f"share_low {group.share_low:g} is above share_high {group.share_high:g}"
            yield finding(f"article_mix.{name}", message, "a band from low to high")
    low = sum(group.share_low for group in config.article_mix.values())
    if low > 1 + TOLERANCE:
        yield finding("article_mix", f"lower ends add up to {low:.10g}", "at most 1")


@needs("sectors", "report")
def named_sectors(config: Config) -> Iterator[Finding]:
    """What the report names together are sectors."""
    report = config.report
    for part in ("expected_to_gain", "makers"):
        for name, one in getattr(report, part).items():
            for sector in one.sectors:
                if sector not in config.sectors:
                    yield unknown(f"report.{part}.{name}.sectors", "sector", sector, config.sectors)


@needs("sectors", "capacity")
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


@needs("sectors", "capacity")
def agencies(config: Config) -> Iterator[Finding]:
    """A permit's agency exists."""
    for name, sector in config.sectors.items():
        agency = sector.permits.agency
        if agency is not None and agency not in config.capacity.agencies:
            where = f"sectors.{name}.permits.agency"
            yield unknown(where, "agency", agency, config.capacity.agencies)


@needs("sectors", "pipelines")
def pipelines(config: Config) -> Iterator[Finding]:
    """A pipeline's sector exists."""
    for name, pipeline in config.pipelines.items():
        if pipeline.sector not in config.sectors:
            where = f"pipelines.{name}.sector"
            yield unknown(where, "sector", pipeline.sector, config.sectors)


@needs("sectors", "portfolio")
def project_sectors(config: Config) -> Iterator[Finding]:
    """A project's sector exists."""
    for name, project in config.portfolio.projects.items():
        if project.sector not in config.sectors:
            where = f"portfolio.projects.{name}.sector"
            yield unknown(where, "sector", project.sector, config.sectors)


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
    "recommended_date", "selected_date", "first_paid_date",
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


@needs("nature", "capacity")
def lenders_desks(config: Config) -> Iterator[Finding]:
    """Every facility states how long its desks take."""
    for key in ("appraisal_days", "call_desk_days"):
        durations = getattr(config.nature, key)
        yield from keys_are(f"nature.{key}", "facility", durations, config.capacity.facilities)


@needs("capacity", "report")
def steps(config: Config) -> Iterator[Finding]:
    """A step is against a capacity that there can be."""
    for name, step in config.report.steps.items():
        known = names_of_capacities(config)
        if step.capacity not in known:
            yield unknown(f"report.steps.{name}.capacity", "capacity", step.capacity, known)


@needs("policy", "capacity")
def facility_shares(config: Config) -> Iterator[Finding]:
    """Calls divide completely over facilities that exist."""
    shares, where = config.policy.calls.facility_shares, "policy.calls.facility_shares"
    for name in shares:
        if name not in config.capacity.facilities:
            yield unknown(f"{where}.{name}", "facility", name, config.capacity.facilities)
    yield from adds_up(where, shares.values())


@needs("nature", "sectors")
def shocks(config: Config) -> Iterator[Finding]:
    """Shocks load on sectors that exist."""
    for name, shock in config.nature.shocks.items():
        for key in ("schedule_loadings", "cost_loadings", "hazard_loadings"):
            for sector in getattr(shock, key):
                if sector not in config.sectors:
                    where = f"nature.shocks.{name}.{key}.{sector}"
                    yield unknown(where, "sector", sector, config.sectors)


@needs("nature", "sectors")
def paths_by_name(config: Config) -> Iterator[Finding]:
    """Paths of costs are of sectors that exist, factors on permits of states."""
    for sector in config.nature.cost_year_ratio:
        if sector not in config.sectors:
            yield unknown(f"nature.cost_year_ratio.{sector}", "sector", sector, config.sectors)
    for state in config.nature.permits_by_state:
        if state not in STATES:
            where = f"nature.permits_by_state.{state}"
            yield finding(where, f"there is no state {state}", "two letters, such as OH")


@needs("policy", "sectors", "pipelines", "portfolio")
def preferences(config: Config) -> Iterator[Finding]:
    """Preferred sectors and regions exist somewhere."""
    selection = config.policy.selection
    for sector in selection.preferred_sectors:
        if sector not in config.sectors:
            where = "policy.selection.preferred_sectors"
            yield unknown(where, "sector", sector, config.sectors)
    texts = [row.region for row in config.portfolio.projects.values()]
    texts += [pipeline.region for pipeline in config.pipelines.values()]
    regions = {part.strip() for text in texts for part in text.split(";")} - {""}
    for region in selection.preferred_regions:
        if region not in regions:
            where = "policy.selection.preferred_regions"
            yield unknown(where, "project or pipeline in region", region, regions)


@needs("policy", "nature")
def tariff_classes(config: Config) -> Iterator[Finding]:
    """Routes raise rates that have a baseline, after a delay that is drawn."""
    enforcement, nature = config.policy.enforcement, config.nature.enforcement
    for route, its in enforcement.routes.items():
        for name in its.rates:
            if name not in enforcement.baseline:
                where = f"policy.enforcement.routes.{route}.rates.{name}"
                yield unknown(where, "tariff class", name, enforcement.baseline)
    where = "nature.enforcement.route_delay_days"
    yield from keys_are(where, "route", nature.route_delay_days, enforcement.routes)
    for route in nature.court_ends_route_days:
        if route not in enforcement.routes:
            where = f"nature.enforcement.court_ends_route_days.{route}"
            yield unknown(where, "route", route, enforcement.routes)


@needs("policy", "capacity", "programme")
def dated_events(config: Config) -> Iterator[Finding]:
    """Dated events name routes and yearly money that exist; they and reviews are observed."""
    policy, programme = config.policy, config.programme
    stocks = {f"{f}_{of}": 0 for f in config.capacity.facilities for of in ("commitments", "cash")}
    first = programme.as_of if programme.history == "recorded" else programme.start
    for name, event in policy.events.items():
        where = f"policy.events.{name}"
        for key in ("closes_routes", "opens_routes"):
            for route in getattr(event, key):
                if route not in policy.enforcement.routes:
                    yield unknown(f"{where}.{key}", "route", route, policy.enforcement.routes)
        for stock in event.caps_usd_bn:
            if stock not in stocks:
                yield unknown(f"{where}.caps_usd_bn.{stock}", "yearly money", stock, stocks)
        if not first < event.date <= programme.run_out:
            text = f"{event.date} is not within what is simulated"
            accepted = f"a date after {first}, up to {programme.run_out}"
            yield finding(f"{where}.date", text, accepted)
    for name, review in policy.enforcement.reviews.items():
        for day in review.held_on:
            if not programme.start <= day <= programme.run_out:
                text = f"{day} is not within the run"
                accepted = f"dates from {programme.start} to {programme.run_out}"
                yield finding(f"policy.enforcement.reviews.{name}", text, accepted)


@needs("policy")
def deterrence(config: Config) -> Iterator[Finding]:
    """Who weighs the tariff knows what is sold and what projects earn."""
    if config.policy.funding.response == "weighs_tariff":
        for name in ("trade", "finance"):
            if getattr(config, name) is None:
                text = f"weighs_tariff needs a {name} section"
                yield finding("policy.funding.response", text, "as_disposed, always_fund")


CHECKS: tuple[Check, ...] = (
    article_groups,
    named_sectors,
    crafts,
    agencies,
    pipelines,
    project_sectors,
    projects,
    sites,
    pipeline_ids,
    lenders_desks,
    steps,
    facility_shares,
    shocks,
    paths_by_name,
    preferences,
    tariff_classes,
    dated_events,
    deterrence,
)


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
