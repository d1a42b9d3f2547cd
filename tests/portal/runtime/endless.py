"""The least that granian can serve, behind what settles requests and ends processes."""

import os
import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from portal.handlers import guarded

time.sleep(float(os.environ.get("STARTS_AFTER_S", "0")))


def _answer(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]


application = guarded(_answer)
