"""The laws every replication must obey, checked from its log and traces."""
