"""``make bench-large``: by hand, an hour, to ten million receipts, all peers."""

from collections.abc import Sequence

from bench import accept, campaign
from bench.cluster import folder


def main(_arguments: Sequence[str]) -> int:
    """Measure everything; data sets are reused while they are young."""
    print(f"This needs about 25 GiB in {folder()} (BENCH_DIR) and up to an hour.")
    plan = campaign.Plan(
        name="bench-large",
        sizes=(100_000, 1_000_000, 10_000_000),
        runs_of_query=20,
        accept=accept.Plan(rounds=3, seconds=4),
        drain_receipts=200_000,
        drain_rounds=3,
        end_to_end=100_000,
        backlog=200_000,
        is_large=True,
    )
    return campaign.run(plan)
