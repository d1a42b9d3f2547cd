"""When the door could answer, and what was lost while it could not.

watch    asks our own door every two seconds, as an outsider does; runs in the sweep
record   what it saw, in a small file: there while the database is away
edge     what the edge had to turn away, from its log
gaps     when no host's door answered, from the table of all hosts
windows  arithmetic of spans of time; pure
deadlines  acknowledgements against the limit, from hourly counts
losses   what a provider's retries still bring after gaps, and what is lost; pure
usual    how much usually arrives in such an hour
telling  the statement of the loss clock
"""
