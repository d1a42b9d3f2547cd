"""One campaign from end to end, on a portal that runs."""

from argparse import Namespace
from collections.abc import Sequence
from random import Random

from django.db import connection

from bench.faults import (
    audit,
    broker,
    clocks,
    database,
    disks,
    http,
    migrating,
    readers,
    starting,
    table,
    web,
)
from bench.faults.load import Load, Result
from bench.faults.portal import Portal
from bench.faults.scene import Fault, NotHere, Row, Scene
from channels_cfg.wire import ReceiptType
from portal.simulator.access import make_channel
from portal.simulator.target import target

FAULTS: Sequence[Fault] = (
    *web.FAULTS,
    *readers.FAULTS,
    *broker.FAULTS,
    *database.FAULTS,
    *migrating.FAULTS,
    *http.FAULTS,
    *disks.FAULTS,
    *starting.FAULTS,
    *clocks.FAULTS,
    starting.REFUSED,
    *readers.POISONS,
)


class Run:
    """The faults that were asked for, one after the other, each with a channel of its own."""

    def __init__(self, portal: Portal, asked: Namespace) -> None:
        self._portal = portal
        self._seed: str = asked.seed
        self._is_short: bool = asked.short
        self._faults = _chosen(asked.only, is_short=asked.short)
        self._receipts_a_second = asked.receipts / sum(
            fault.length(is_short=self._is_short) for fault in self._faults
        )
        self._rows: list[Row] = []
        self._scenes: list[Scene] = []
        self._shown: dict[str, int] = {}

    def all(self) -> bool:
        """Run all, print the table as it grows, and say whether all is well."""
        for fault in self._faults:
            make_channel(_key(fault), provider="cams", channel_type="whatsapp")
        connection.close()
        print(table.head(), flush=True)
        for fault in self._faults:
            row = self._one(fault)
            self._rows.append(row)
            print("\n".join(table.line(row)), flush=True)
        connection.close()  # the last fault may have restarted the database
        complaints = [*audit.complaints(self._portal.url, self._shown)]
        complaints += [
            why for scene in self._scenes for ask in scene.later if (why := ask())
        ]
        connection.close()
        print("\n".join(table.total(self._rows, complaints)), flush=True)
        return not complaints and all(row.is_good for row in self._rows)

    def _one(self, fault: Fault) -> Row:
        if fault is starting.REFUSED:
            return self._without_pushes(fault)
        if fault.stage is None:
            return self._played(fault)
        self._portal.stop()
        try:
            with fault.stage(self._portal) as environment:
                self._portal.start(environment)
                try:
                    return self._played(fault)
                finally:
                    self._portal.stop()
        except NotHere as exc:
            return Row(fault=fault, skipped=str(exc))
        finally:
            self._portal.start()

    def _played(self, fault: Fault) -> Row:
        connection.close()  # to a database that may have been restarted since
        scene = self._scene(fault)
        self._scenes.append(scene)
        load = Load(
            target(scene.channel, self._portal.url),
            f"{self._seed}-{fault.name}",
            receipts=round(self._receipts_a_second * scene.seconds),
            seconds=scene.seconds,
        )

        def play() -> None:
            try:
                fault.run(scene)
            except Exception as exc:  # a fault that cannot be played is a problem, too
                scene.problems.append(f"{type(exc).__name__}: {exc}")

        ledger = self._portal.folder / f"{fault.name}.jsonl"
        result = load.run(play, ledger=ledger, until_s=fault.catch_up_s)
        self._shown[scene.channel] = len(result.seen.receipts)
        return judged(fault, scene, result)

    def _without_pushes(self, fault: Fault) -> Row:
        connection.close()
        scene = self._scene(fault)
        fault.run(scene)
        return Row(fault=fault, problems=scene.problems, notes=scene.notes)

    def _scene(self, fault: Fault) -> Scene:
        key = _key(fault)
        door = target(key, self._portal.url).door(ReceiptType.MT_STATUS)
        return Scene(
            portal=self._portal,
            random=Random(f"{self._seed}-{fault.name}"),
            is_short=self._is_short,
            channel=key,
            door=door.url,
            seconds=fault.length(is_short=self._is_short),
        )


def judged(fault: Fault, scene: Scene, result: Result) -> Row:
    """Return the row of a fault, with all that is not as it must be."""
    difference, tally = result.difference, result.ledger.tally()
    times = sorted(result.ledger.ack_ms) or [0.0]
    ended = max(result.ledger.last_ack_at or result.since, result.since)
    row = Row(
        fault=fault,
        acked=tally.acknowledged,
        pushes=tally.pushes,
        refusals=result.refusals,
        lost=len(difference.missing),
        doubled=len(difference.doubled) + len(difference.untold),
        wrong=len(difference.wrong_messages) + len(difference.missing_messages),
        given_up=tally.given_up,
        slowest_ms=times[-1],
        p99_ms=times[int(len(times) * 0.99)],
        slowest_lag_s=result.slowest_lag_s(),
        catch_up_s=max(0.0, (result.last_stored_at() - ended).total_seconds()),
        problems=[*scene.problems],
        notes=[*scene.notes],
    )
    row.problems += _problems(row, result)
    return row


def _problems(row: Row, result: Result) -> list[str]:
    fault = row.fault
    late = [each for each in result.outcomes if each.ms > fault.late_ms]
    wrong = {
        f"{row.lost} lost": row.lost,
        f"{row.doubled} doubled": row.doubled,
        f"{row.wrong} messages not as told": row.wrong,
        f"{len(late)} answers after more than {fault.late_ms / 1000:.0f} s": late
        and not fault.may_be_late,
        f"{sum(row.refusals.values())} refused": row.refusals and not fault.may_refuse,
        f"{row.given_up} never acknowledged": row.given_up,
        f"readable after {row.slowest_lag_s:.0f} s": fault.lag_s is not None
        and row.slowest_lag_s > fault.lag_s,
    }
    return [text for text, is_so in wrong.items() if is_so]


def _chosen(only: str, *, is_short: bool) -> list[Fault]:
    names = [name.strip().upper() for name in only.split(",") if name.strip()]
    unknown = set(names) - {fault.name for fault in FAULTS}
    if unknown:
        raise SystemExit(f"No such fault: {', '.join(sorted(unknown))}.")
    return [
        fault
        for fault in FAULTS
        if (fault.name in names if names else fault.in_short or not is_short)
    ]


def _key(fault: Fault) -> str:
    return f"fault-{fault.name.lower()}"
