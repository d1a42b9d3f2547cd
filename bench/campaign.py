"""The parts of a run, in order; ``speed`` and ``large`` say how much of each."""

import time
from collections.abc import Mapping, Sequence
from functools import partial

import msgspec

from bench import accept, datasets, draining, searching, stack, telling, whole
from bench.accept import Opener
from bench.cluster import Server, folder, running
from bench.load import Wish
from bench.report import Report

_SETTLES_S = 15  # what a start still does is no rest


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much to measure."""

    name: str
    sizes: Sequence[int]  # of the data sets
    runs_of_query: int
    accept: accept.Plan
    drain_receipts: int
    drain_rounds: int
    end_to_end: int  # receipts
    backlog: int
    burst_pushes: int = 1_000  # of 200 receipts each
    is_large: bool = False


def run(plan: Plan) -> int:
    """Measure everything that is planned; print the table and write the file."""
    report = Report.begin()
    print(", ".join(f"{name} {value}" for name, value in report.machine.items()))
    folder().mkdir(parents=True, exist_ok=True)
    with running() as server, stack.broker() as redis:
        env = stack.prepare(server.create("empty"), redis)
        peers = stack.make_peers_table(server)
        report.head("Accept: pushes a second, and CPU of the server for each")
        accepted = accept.measure(_openers(env, peers, redis, plan), plan.accept)
        telling.accepted(report, accepted)
        report.head("Drain: receipts a second")
        drained = draining.measure(env, plan.drain_receipts, plan.drain_rounds)
        telling.drained(report, drained)
        report.head("Searches, timelines and pages: milliseconds in the database")
        found = {
            size: searching.measure(datasets.ensure(server, size), plan.runs_of_query)
            for size in plan.sizes
        }
        telling.searched(report, found)
        if plan.is_large:
            _grow(report, plan, env, server, redis)
        rate = accept.rate_of(accepted, "edge", 1)
        other = _other_end_to_end(plan, peers)
    report.head("The whole portal")
    with whole.portal() as portal:
        _look_at_whole(report, plan, portal, rate=rate, other=other)
    report.finish(plan.name)
    return 0


def _openers(
    env: Mapping[str, str], peers: str, redis: str, plan: Plan
) -> dict[str, Opener]:
    openers: dict[str, Opener] = {
        "door": partial(stack.door, env),
        "edge": partial(stack.door_behind_edge, env),
    }
    for name in ("nothing", "plain"):
        peer = partial(stack.python_peer, name, peers, redis)
        openers[name] = peer
        openers[f"{name}, trimmed"] = partial(peer, settings="trimmed")
    if plan.is_large:
        openers["tasks"] = partial(stack.python_peer, "tasks", peers, redis)
        fastify = partial(stack.node_peer, "fastify", peers)
        openers["fastify"] = fastify
        openers["fastify, at once"] = partial(fastify, path="/at-once")
        openers["node-red"] = partial(stack.node_peer, "node-red", peers)
    return openers


def _grow(
    report: Report, plan: Plan, env: Mapping[str, str], server: Server, redis: str
) -> None:
    """Compare drain and door on the largest data set with those on an empty one."""
    full = stack.prepare(server.url(datasets.database(max(plan.sizes))), redis)
    report.head("Growth: the largest data set against an empty database")
    drained = draining.growth(env, full, plan.drain_receipts, plan.drain_rounds)
    doors = {"empty": partial(stack.door, env), "full": partial(stack.door, full)}
    few = accept.Plan(rounds=3, seconds=plan.accept.seconds, sizes=(1,))
    accepted = accept.measure(doors, few)
    draining.step(full, "clear")
    telling.grown(report, drained, accepted)


def _other_end_to_end(plan: Plan, peers: str) -> dict[str, float]:
    """Return how many receipts a second the hand-written receiver takes."""
    rates: dict[str, float] = {}
    for number, path in enumerate(("/push", "/at-once") if plan.is_large else ()):
        with stack.node_peer("fastify", peers, path=path) as web:
            start = 90_000_000_000 + number * 1_000_000_000
            pushes = plan.end_to_end // 20
            wish = Wish(items=20, pushes=pushes, start=start, is_told_on=True)
            rates[path] = 20 * web.push(wish).rate
    return rates


def _look_at_whole(
    report: Report,
    plan: Plan,
    portal: whole.Whole,
    *,
    rate: float,
    other: Mapping[str, float],
) -> None:
    time.sleep(_SETTLES_S)
    telling.at_rest(report, whole.footprint(portal, 30))
    rates = [whole.end_to_end(portal, plan.end_to_end) for _ in range(3)]
    telling.end_to_end(report, rates, other)
    telling.busy(report, whole.footprint(portal, 1))
    backlogs = [
        whole.under_backlog(portal, rate / 2, plan.backlog, 10) for _ in range(3)
    ]
    telling.backlog(report, backlogs)
    telling.burst(report, whole.burst(portal, plan.burst_pushes, 200))
