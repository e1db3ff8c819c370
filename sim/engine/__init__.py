"""The simulation itself: SimPy processes, one module per activity. The only room with SimPy."""

from sim.engine.model import Model
from sim.engine.run import replicate, simulate

__all__ = ["Model", "replicate", "simulate"]
