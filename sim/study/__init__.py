"""Studies: what to run, running and keeping it, and what was found.

A run is a study of one point that keeps every table; a sweep has many points and keeps outcomes.
Three folders, of which each may import those before it and no other:

`design`
    What to run: sweep files, factors, the points of a design, what a config is expected to be.
`run`
    Run it and keep it. `study` is the way from what was asked to a finished folder; `runs` and
    `sweeps` say what differs. `work` finds and computes missing parts, `pool` spreads them over
    processes, `worker` is what runs in each; `store`, `folder`, `files` know what is on the disk.
`findings`
    Read, summarise, compare: summary rows of a run, comparisons, effects of a sweep's factors.
    A run gets the function that makes its summary from its caller.
"""
