"""Time per household and day as the population grows."""

from statistics import median

from tests.benchmarks.line import Line
from tests.benchmarks.worlds import live, living

SIZES = (100_000, 1_000_000, 10_000_000)
WARMUP_DAYS = 30


def measure(small: bool = False) -> list[Line]:
    """The sizes by turns, the same days of each; medians."""
    sizes = (20_000, 50_000) if small else SIZES
    rounds, days = (2, 3) if small else (15, 10)
    models = {size: living(size, WARMUP_DAYS, rounds * days) for size in sizes}
    nanoseconds: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size, model in models.items():
            nanoseconds[size].append(live(model, days) / days / size * 1e9)
    typical = {size: median(values) for size, values in nanoseconds.items()}
    told = ", ".join(f"{size:,}: {value:.1f} ns" for size, value in typical.items())
    return [
        Line(
            f"time per household-day, {sizes[0]:,} to {sizes[-1]:,}",
            max(typical.values()) / min(typical.values()),
            "ratio",
            1.2,
            note=f"dearest size over the cheapest, medians of {rounds} rounds by turns; {told}",
        )
    ]
