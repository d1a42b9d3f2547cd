"""The clocks and ends of CAMS, as data. Sources in README.md."""

from datetime import timedelta

from channels_cfg.wire import Limits, Status

_DAY = timedelta(hours=24)

LIMITS = Limits(
    ack_limit=timedelta(seconds=3),
    # "after 1 minute and again after 5 minutes"
    retry_after=(timedelta(minutes=1), timedelta(minutes=5)),
    media_life=timedelta(days=7),
    ceilings={
        "whatsapp": Status.READ,
        "viber": Status.READ,
        "messenger": Status.READ,
        "instagram": Status.READ,
        "line": Status.SENT,
    },
    service_window={"whatsapp": _DAY, "messenger": _DAY, "instagram": _DAY},
)
