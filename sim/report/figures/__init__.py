"""Figures: tables in, a matplotlib Figure out. The only folder with matplotlib.

How things look is said once: rows, notes, fills, bands and the frame of a figure in `style`, the
axis of time and its dates in `dates`, numbers in `numbers`. What is drawn is read by `frames`,
`resources` and `crafts`, of a sweep by `sweep_frames`. `figures` and `sweep_figures` know
every figure by its name and write the files.
"""
