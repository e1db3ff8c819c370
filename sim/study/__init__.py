"""Runs and studies: replications on many processes, parts on the disk, and finished folders.

The modules are imported one by one: `runs` makes a run folder, `preview` says what one would be,
`folder` and `store` know what is on the disk, `worker` is what runs in every process.
"""
