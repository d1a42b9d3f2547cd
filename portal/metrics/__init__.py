"""``/metrics`` for Prometheus: what this host's processes counted, and what tables know.

counted    counts of processes, from their files: there while the database is away
tables     backlog, quarantine, queues: read from indexes when asked, within a second
host       spool, disks, Redis, which processes live
access     who may read it
views      the page
"""
