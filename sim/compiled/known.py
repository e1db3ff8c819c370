"""What depends on the plan alone, in the types its activities want: read once, for many worlds."""

from __future__ import annotations

from array import array

import numpy as np

LAST = [None]  # of the plan simulated last; dropped when another comes


class Additions:
    """Megawatts that flow in evenly over stretches of a region's time."""

    def __init__(self, stretches):
        begins, ends, amounts = zip(*stretches, strict=True) if stretches else ((), (), ())
        self.begins, self.ends = array("q", begins), array("q", ends)
        self.amounts = array("q", amounts)


class Known:
    """The plan, and what is read of it."""

    def __init__(self, plan):
        self.plan = plan
        self.additions = [Additions(region.additions) for region in plan.supply.regions]
        self.recorded = plan.recorded.tolist()  # by named entity
        shares = plan.calls.facility_shares
        self.lending = [facility for facility, share in enumerate(shares) if share > 0]
        first = plan.nature.first_site
        self.first_site = first.tolist()  # by entity
        self.shared = (np.bincount(first)[first] > 1).tolist()  # whether it is one of several sites
        selection = plan.selection
        self.preferred_sectors = selection.preferred_sectors.tolist()
        self.preferred_sites = selection.preferred_sites.tolist()
        self.preferred_states = selection.preferred_states.tolist()
        self.years = {}  # by sector and years of shock

    def years_of(self, sector, shocked):
        """The factor of every calendar year's hazard; of many worlds the same years are shocked."""
        found = self.years.get((sector, shocked))
        if found is None:
            found = self.years[sector, shocked] = self.plan.hazards.years(sector, shocked)
        return found


def known_of(plan):
    """What is known of a plan, read at its first world."""
    known = LAST[0]
    if known is None or known.plan is not plan:
        known = LAST[0] = Known(plan)
    return known
