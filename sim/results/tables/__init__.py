"""Tables of one replication, from its log and traces: numpy columns, then Arrow."""

from sim.built import settle

settle(__path__[0])
