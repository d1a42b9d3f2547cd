"""From kept callbacks to receipts, messages, conversations and counts.

drain      claims pending callbacks, batch after batch
claiming   who may read which callbacks, fenced by lease tokens
reading    callbacks to facts, with the providers' adapters
keeping    one transaction that writes what a batch told
once       what makes a receipt once
people     which conversation a fact belongs to
fold       what facts make of a message; pure
messages   the fold against the stored rows
rebuild    messages that are folded anew from their receipts
"""
