"""All randomness: keyed uniforms, inverse distributions, and the World they make."""

from sim.world.ahead import Worlds
from sim.world.draw import draw_world, draw_worlds
from sim.world.history import pin_histories, pin_history
from sim.world.model import World
from sim.world.nature import Nature

__all__ = ["Nature", "World", "Worlds", "draw_world", "draw_worlds", "pin_histories", "pin_history"]
