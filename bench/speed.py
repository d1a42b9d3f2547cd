"""``make bench``: two cores, ten minutes, to a hundred thousand receipts."""

from collections.abc import Sequence

from bench import accept, campaign


def main(arguments: Sequence[str]) -> int:
    """Measure what a change may have made slower; ``--short`` only tries it out."""
    is_short = "--short" in arguments
    rounds = 1 if is_short else 3
    plan = campaign.Plan(
        name="bench",
        sizes=(20_000,) if is_short else (100_000,),
        runs_of_query=2 if is_short else 8,
        accept=accept.Plan(rounds=rounds, seconds=0.5 if is_short else 1.5),
        drain_receipts=4_000 if is_short else 50_000,
        drain_rounds=rounds,
        end_to_end=2_000 if is_short else 40_000,
        backlog=4_000 if is_short else 100_000,
        burst_pushes=50 if is_short else 1_000,
    )
    return campaign.run(plan)
