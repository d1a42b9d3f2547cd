"""The other road: queues of providers are pulled; nothing is read here.

wanted     which queues, as configured
consumer   the process: keeps one puller running for each place of each wanted queue
puller     one place of one queue, in a thread of its own
pull       one receive after the other: keep what came, then delete it
once       every queue until it is empty, then the end
leases     who pulls which place, over all hosts
noting     what is written down of it for ops staff
pauses     how long to keep away after an error or an early empty answer
stopping   loops that outlive what goes wrong in them, until they are told to stop
health     how each queue is doing
checking   the way to a queue, step by step
roads      receipts that came by one road only
"""
