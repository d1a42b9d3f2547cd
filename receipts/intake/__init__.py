"""The door: callbacks are proven, kept and acknowledged; nothing is read here.

views      one POST: route, body, proof, keep, ack
routes     callback paths, from memory
snapshot   callback paths on disk, for a start while the database is away
body       a request's body, whole or refused
caller     who called, and which of its headers are kept
keeping    one callback into the database, else into the spool
breaker    whether the database is asked at all
tally      what is counted: refusals, last use of a path
acks       how long acknowledging took, by channel and hour
measuring  what is told of each push: counts for /metrics, a line in the log
limiter    strangers who knock too often
"""
