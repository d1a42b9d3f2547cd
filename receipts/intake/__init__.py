"""The door: callbacks are proven, kept and acknowledged; nothing is read here.

views      one POST: route, body, proof, keep, ack
routes     callback paths, from memory
body       a request's body, whole or refused
caller     who called, and which of its headers are kept
keeping    one callback into the database
tally      what is counted: refusals, last use of a path
limiter    strangers who knock too often
"""
