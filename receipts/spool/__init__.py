"""The spool: the local file that takes callbacks while the database is away.

folder     where its files lie: one lock, names that are never used twice, markers
file       one SQLite file: rows in the order they came, each with a checksum
records    a delivery as bytes and back
writing    the one thread of a process that writes: what waits shares one sync
loading    into the database when it is back, in order and once
rescuing   what can still be read of a damaged file
canary     a row an hour, so that the way is known to be open
health     whether it can be written, what is in it
"""

from receipts.spool.folder import Damaged, Full, SpoolError, Unwritable

__all__ = ["Damaged", "Full", "SpoolError", "Unwritable"]
