"""A config compiled once per process: what any engine reads besides the world. No SimPy."""

from sim.built import settle

settle(__path__[0])

from sim.plan.plan import Plan  # noqa: E402

__all__ = ["Plan"]
