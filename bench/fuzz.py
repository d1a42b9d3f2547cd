"""``python -m bench fuzz``: made-up requests at the door of a running portal.

Through the edge, then without one. No answer may be a 5xx, but for the 501 that HTTP
asks for when a transfer coding is unknown; no healthy push may be hurt.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.faults import ground, raw
from bench.faults.portal import Portal

if TYPE_CHECKING:
    from bench.faults.scene import Scene

_RATE, _SECONDS = 10.0, 40.0
_WRONG = {*range(500, 600)} - {501}

_methods = st.sampled_from(
    ["POST"] * 6 + ["GET", "HEAD", "PUT", "OPTIONS", "p\u00f6st"]
)
_names = st.sampled_from(
    [
        *(
            "Accept",
            "Authorization",
            "Connection",
            "Content-Encoding",
            "Content-Length",
        ),
        *(
            "Content-Type",
            "Cookie",
            "Expect",
            "Forwarded",
            "Host",
            "If-Match",
            "Origin",
        ),
        *("Range", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "X-Forwarded-For"),
        *("X-Forwarded-Proto", "X-Secret"),
    ]
)
_values = st.text(
    st.characters(min_codepoint=32, max_codepoint=255), max_size=40
) | st.sampled_from(
    ["", "0", "-1", "chunked", "gzip", "identity", "9" * 40, "100-continue", "close"]
)
_endings = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=12)
_paths = st.sampled_from(
    ["", "/", "//", "/../x", "%2e%2e/x", "%00", "%ff", "?a=b", ";x"]
)
_json = st.sampled_from(
    [b"[]", b"{}", b"[{}]", b"0", b"nul", b"[" * 999, b"[1e999]", b'[{"MessageId":1}]']
)
_bodies = st.binary(max_size=300) | _json


def main(words: Sequence[str]) -> int:
    """Run it; 0 if it went as it must."""
    asked = ground.arguments("fuzz", words, examples=1000)
    with ground.portal(keep=asked.keep) as portal:
        behind_edge = _measure(portal, "fuzz", examples=int(asked.examples))
        portal.stop()
        portal.start({"EDGE": "off"})
        alone = _measure(portal, "fuzz-edge-off", examples=int(asked.examples))
    return max(behind_edge, alone)


def _measure(portal: Portal, name: str, *, examples: int) -> int:
    answers: Counter[int] = Counter()
    before = portal.lines("Traceback")

    def knock(scene: "Scene") -> None:
        _knock(scene.door, answers, examples)

    result = ground.played(
        portal, name, knock, rate=_RATE, seconds=_SECONDS, until_s=60
    )
    told = ", ".join(f"{n} x {status}" for status, n in sorted(answers.items()))
    print(f"{name}: {told} (0: closed without an answer)")
    return ground.verdict(
        result,
        answers_5xx=sum(answers[status] for status in answers if status in _WRONG),
        tracebacks=portal.lines("Traceback") - before,
    )


def _knock(door: str, answers: Counter[int], examples: int) -> None:
    path = urlsplit(door).path

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        method=_methods,
        where=st.just(path) | _paths.map(path.__add__) | _endings.map(path.__add__),
        headers=st.lists(st.tuples(_names, _values), max_size=4),
        body=_bodies,
        length=st.sampled_from(["true"] * 6 + ["none", "more", "less", "chunks"]),
    )
    def knock(
        method: str,
        where: str,
        headers: list[tuple[str, str]],
        body: bytes,
        length: str,
    ) -> None:
        lines = [
            f"{method} {where} HTTP/1.1",
            "Host: 127.0.0.1",
            *_length(length, body),
        ]
        lines += [f"{name}: {value}" for name, value in headers]
        head = "\r\n".join((*lines, "", "")).encode("latin-1", "replace")
        data = raw.chunked(body) if length == "chunks" else body
        # Nothing more will come: who waits for it need not wait long.
        answer = raw.send(door, head + data, half_close=length == "more", timeout=1)
        answers[answer.status] += 1

    knock()


def _length(kind: str, body: bytes) -> list[str]:
    if kind == "chunks":
        return ["Transfer-Encoding: chunked"]
    told = {"true": len(body), "more": len(body) + 9, "less": max(0, len(body) - 9)}
    return [f"Content-Length: {told[kind]}"] if kind in told else []
