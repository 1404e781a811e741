"""How fast Octavo is and how much it takes: each figure beside its limit, or beside a named peer of the same run.

`python -m bench` runs every bench, `python -m bench pages search` those, `python -m bench --quick` smaller versions.
Absolute seconds belong to a machine and an hour; so each table also says how fast this machine was just then, and how
much of it others used meanwhile.
"""
