"""The dated story of one project, and what held it up, in words."""
