"""The delay ledger: what each day of a project is charged to."""

from sim.built import settle

settle(__path__[0])
