"""The simulation itself: SimPy processes, one module per activity. The only room with SimPy."""

from sim.engine.run import replicate, simulate

__all__ = ["replicate", "simulate"]
