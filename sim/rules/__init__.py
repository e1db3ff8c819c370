"""Policy as pure functions: frozen views in, indices or small codes out."""

from sim.built import settle

settle(__path__[0])
