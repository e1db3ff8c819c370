"""A config compiled once per process: what any engine reads besides the world. No SimPy."""

from sim.plan.plan import Plan

__all__ = ["Plan"]
