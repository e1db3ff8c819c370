"""The activities of `sim.engine` once more, in plain Python that Cython makes C of.

One module per activity, named as there. A ``.pxd`` file beside each gives fields, methods and
locals their C types. Without a compiler nothing here is used, though all of it would run.
"""

from sim.built import settle

settle(__path__[0])
