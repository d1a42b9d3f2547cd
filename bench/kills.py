"""Kill the worker and the sweep while a backlog drains; nothing may differ.

``python -m bench.kills [RECEIPTS]`` on an empty database of its own (DATABASE_URL,
REDIS_URL). Drains a backlog once undisturbed and once under kill -9 of worker and sweep,
ten times each between 10 and 90 %, and compares receipts, messages, conversations and
counts.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import connection  # noqa: E402

from channels_cfg.models import Channel  # noqa: E402
from receipts import nudge  # noqa: E402
from receipts.models import Callback  # noqa: E402
from receipts.processing.drain import drain  # noqa: E402
from tests.receipts.processing.orders import empty, outcome  # noqa: E402

PER_PUSH = 20
COMMANDS = {
    "worker": [sys.executable, "-m", "celery", "-A", "portal", "worker", "-c", "2"],
    "sweep": [sys.executable, "manage.py", "sweep"],
}
START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def backlog(channel: Channel, receipts: int) -> list[Callback]:
    """Return callbacks with life cycles of messages, shuffled, a tenth repeated."""
    chance = random.Random(7)
    items = [
        {
            "MessageId": f"kill{n:09}",
            "From": "8613100000008",
            "To": f"86138{n % 20_000:08}",
            "Status": word,
            "Timestamp": 1763632800000 + n,
            "TemplateCode": f"t{n % 10}",
        }
        for n in range(receipts // 3)
        for word in ("Sent", "Delivered", chance.choice(["Read", "Failed"]))
    ]
    items += items[:: PER_PUSH // 2]
    chance.shuffle(items)
    cut = range(0, len(items), PER_PUSH)
    return [
        Callback(
            id=uuid.uuid4(),
            received_at=START + timedelta(milliseconds=place),
            channel=channel,
            receipt_type="mt_status",
            mode="push",
            body=json.dumps(items[place : place + PER_PUSH]).encode(),
        )
        for place in cut
    ]


def pending() -> int:
    """Return how many callbacks wait to be read."""
    return Callback.objects.filter(state="pending").count()


def start(name: str) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, so that a kill takes its children."""
    return subprocess.Popen(
        COMMANDS[name],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def disturb(total: int, times: int = 10) -> dict[str, int]:
    """Drain with a worker and a sweep that are killed again and again."""
    chance = random.Random(11)
    moments = sorted(
        (chance.uniform(0.1, 0.9), name) for name in COMMANDS for _ in range(times)
    )
    running = {name: start(name) for name in COMMANDS}
    killed = dict.fromkeys(COMMANDS, 0)
    try:
        while left := pending():
            drained = 1 - left / total
            while moments and moments[0][0] <= drained:
                _, name = moments.pop(0)
                os.killpg(running[name].pid, signal.SIGKILL)
                running[name].wait()
                killed[name] += 1
                running[name] = start(name)
            nudge.send()
            time.sleep(0.05)
    finally:
        for process in running.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return killed


def main(arguments: Sequence[str]) -> int:
    """Run both drains and compare."""
    receipts = int(arguments[0]) if arguments else 200_000
    channel, _ = Channel.objects.get_or_create(
        key="kills", defaults={"name": "Kills", "provider": "cams", "type": "whatsapp"}
    )
    callbacks = backlog(channel, receipts)
    outcomes = []
    for way in ("undisturbed", "killed"):
        empty()
        Callback.objects.bulk_create(callbacks, batch_size=500)
        began = time.monotonic()
        if way == "undisturbed":
            drain(for_seconds=3600)
            told = ""
        else:
            told = f" kills {disturb(len(callbacks))}"
        outcomes.append(outcome())
        states = set(Callback.objects.values_list("state", flat=True))
        print(f"{way}: {time.monotonic() - began:.1f} s, states {states}{told}")
        connection.close()
    is_equal = outcomes[0] == outcomes[1]
    print(f"receipts {outcomes[0]['receipts']} and {outcomes[1]['receipts']}")
    print("equal" if is_equal else "DIFFERENT")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
