"""Read what was run: summaries, comparisons, effects."""
