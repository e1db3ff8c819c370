"""Money of a finished replication: operation, waterfall, loans, returns, and the ledger of it all.

Pure functions on arrays; nothing here is a process. Money is whole cents (int64), a row of an
array is a project, a column a period: a quarter in a run, a year in some tests.
"""
