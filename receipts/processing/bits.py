"""The flags of receipts as plain numbers.

Joining two members of the enumeration makes a third, at ten times the cost of joining
two numbers; the drain does it for every receipt.
"""

from channels_cfg.wire import Flag

LATE = Flag.LATE.value
CONTRADICTION = Flag.CONTRADICTION.value
UNEXPECTED_TYPE = Flag.UNEXPECTED_TYPE.value
OTHER_ACCOUNT = Flag.OTHER_ACCOUNT.value
TIME_UNUSABLE = Flag.TIME_UNUSABLE.value
SANITISED = Flag.SANITISED.value
UNKNOWN_STATUS = Flag.UNKNOWN_STATUS.value
