"""Pure functions on arrays: intervals, summary rows, bands."""
