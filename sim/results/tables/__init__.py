"""Tables of one replication, from its log and traces: numpy columns, then Arrow."""
