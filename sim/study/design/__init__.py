"""What to run: sweep files, factors, and the points of a design."""
