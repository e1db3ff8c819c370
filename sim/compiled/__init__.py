"""The activities of `sim.engine` once more, in plain Python that Cython makes C of.

One module per activity, named as there. A ``.pxd`` file beside each gives fields and methods their
C types; without a compiler nothing here is used, though all of it would run.
"""
