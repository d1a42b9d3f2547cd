"""Queue mode on trial: a portal of its own, the stand-in for the provider's queue.

campaign    the command: starts the portal, runs the trials, prints what was seen
trials      which trials there are
scene       what a trial may use
bodies      what a provider would put into its queues
channels    channels that pull them
shown       what the REST API shows in the end, compared with what was told
speed       how fast queues are emptied; how soon a change is in force
cpu         what each part used of the processors
shared      one queue of two channels, with pushes beside it
kills       the consumer is killed again and again, the service is in trouble
away        PostgreSQL is stopped while queues are pulled
"""
