"""Figures: tables in, a matplotlib Figure out. The only folder with matplotlib."""
