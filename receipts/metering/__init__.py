"""What processes count for ``/metrics``: in memory, kept in a small file each.

Not the library's own multiprocess mode: it writes to mapped files, and a process that
touches a new page of one on a full disk is killed by SIGBUS (tried). A push must not
hang on a count: see docs/decisions/0050-metrics.md.

catalogue  every metric that is counted here
meter      the counts of this process
files      the counts of all processes of this host, also of those that are gone
keeping    the thread that writes ours, and the functions to count with
"""

from receipts.metering.keeping import add, level, observe

__all__ = ["add", "level", "observe"]
