"""The fault campaign: a portal of its own, pushes that are counted, and real faults.

campaign     the command line and the run from end to end
portal       the portal under test: start, stop, its processes
scene        a fault, and what it may use
load         pushes during a fault, and the comparison with the API afterwards
web, broker, readers, database, starting, http    the faults
audit        what must hold over all tables at the end
planted      defects put in on purpose, which the campaign has to see
hooks        how planted defects and poison get into the portal's processes
"""
