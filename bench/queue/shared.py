"""One queue of two channels, while everything is pushed to each of them as well."""

import json
import threading
from itertools import islice

import requests

from bench.queue import channels
from bench.queue.bodies import Told, statuses
from bench.queue.scene import Scene, Trial

_SENDERS = {"queue-first": "8613100000001", "queue-second": "8613100000002"}
_PER_PUSH = 20


def share(scene: Scene) -> None:
    """Pull and push the same receipts at the same time; each counts once."""
    told = {
        key: list(islice(statuses(key[6:], sender), scene.messages // 4))
        for key, sender in _SENDERS.items()
    }
    names = scene.fill("shared", [each for part in told.values() for each in part])
    pushing = [
        threading.Thread(target=_push, args=(scene, key, part))
        for key, part in told.items()
    ]
    for key, address in _SENDERS.items():
        channels.pull(key, scene.smq.url, names, address=address, is_pushed=True)
    for thread in pushing:
        thread.start()
    for thread in pushing:
        thread.join()
    scene.until("empty", lambda: not scene.left(names), within_s=120)
    scene.until_readable(told, sum(len(part) for part in told.values()))
    scene.until_all_is_read()
    for key, part in told.items():
        scene.compare(key, part, are_both=True)


def _push(scene: Scene, key: str, told: list[Told]) -> None:
    url = f"{scene.portal.url}/callbacks/{key}/status"
    with requests.Session() as session:
        for start in range(0, len(told), _PER_PUSH):
            items = [json.loads(each.body) for each in told[start:][:_PER_PUSH]]
            answer = session.post(url, json=items, timeout=10)
            scene.require(answer.status_code == 200, f"push: {answer.status_code}")


TRIALS = (
    Trial(name="shared", does="one queue of two channels, pushes as well", run=share),
)
