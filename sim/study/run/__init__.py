"""Run it and keep it: parts, workers, folders."""
