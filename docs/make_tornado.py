"""Find which assumption turns the choice: `make tornado` writes conf/evidence/turning.csv.

    python docs/make_tornado.py [RESULTS]

Every assumed setting is moved alone to both ends of its range, under the strategies that the goals
of a default comparison choose, over 36 months. All ends are looked at in one small world, which
has the same luck at each; those that come near to turning a choice there, and those that move a
difference most, then live in several worlds of the usual size. Finished runs are found again: the
same command goes on where it stopped.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import __version__
from sim.config.loading import Simulation, Varied, load
from sim.evidence.facts import facts_file
from sim.experiments import statistics
from sim.experiments.effects import Effects, outcomes_by
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import replication_seeds
from sim.experiments.ranges import Assumption, ranged, settable
from sim.experiments.space import Point
from sim.experiments.tornado import USUAL, Lived, Place
from sim.experiments.turning import COLUMNS, FIRST, MEASURED, TURNS, settings_of
from sim.store.tables import write_csv

STRATEGIES, REFERENCE = ("integrated", "reminders"), "baseline"
PARTS = ("behaviour", "operator", "community", "market", "population")
NO_ASSUMPTION = ("population.households", "until_day")  # how many are simulated, for how long
DAYS = 1095
AT_ONCE = 16  # points whose warmed-up worlds are kept until all strategies have begun from them
NEAR = 0.5  # of the lead that the choice has as it is, which may be left at an end
WIDEST = 5  # assumptions that move the choice's difference most, by each goal


class Size(NamedTuple):
    """How many households live in how many worlds."""

    households: int
    worlds: int


LOOK, FULL = Size(5_000, 1), Size(20_000, 5)
Found = Mapping[str, Lived]  # by goal


def assumed(configs: Mapping[str, Simulation]) -> list[Assumption]:
    """What is assumed of parents, market and costs; nothing of levers that are off everywhere."""
    parts = [ranged(configs, None, only=part, everything=False, factor=2.0)[0] for part in PARTS]
    return [
        each
        for each in (each for part in parts for each in part)
        if not each.key.endswith(NO_ASSUMPTION)
        and any(is_read(each.key, config) for config in configs.values())
    ]


def is_read(key: str, config: Simulation) -> bool:
    """Whether a strategy can be moved by a setting: not by one of a lever that is off."""
    part, name, *_ = key.split(".")
    return part != "operator" or getattr(getattr(config.operator, name), "strength", 1.0) != 0.0


def ends_of(moved: Sequence[Assumption]) -> dict[Place, float]:
    """Both ends of every range, but for one that is as it is."""
    return {
        (each.key, point): value
        for each in moved
        for point, value in (("low", each.low), ("high", each.high))
        if value != each.value
    }


def overrides(size: Size) -> list[str]:
    """What is the same in every run of a size."""
    return [f"run.days={DAYS}", f"population.households={size.households}"]


def lives_of(size: Size, results: Path) -> Evaluation:
    """The strategies in as many worlds as a size says."""
    seeds = replication_seeds(1, size.worlds)
    settings = ExecutionSettings(results, "threads")
    return Evaluation((*STRATEGIES, REFERENCE), overrides(size), seeds, settings)


def live(size: Size, places: Mapping[Place, float], results: Path) -> Found:
    """Live through the usual place and others, and read what the goals are measured by."""
    lives = lives_of(size, results)
    varied = {name: Varied(name, overrides(size)) for name in lives.strategies}
    configs = lives.as_they_are()
    effects = {goal: Effects(lives, goal=goal) for goal in MEASURED}
    levels: dict[str, dict[Place, dict[str, Any]]] = {goal: {} for goal in MEASURED}
    every = [(USUAL, 0.0), *places.items()]
    for start in range(0, len(every), AT_ONCE):
        trials: dict[tuple[str, Place], Trial] = {}
        for name, own in varied.items():  # one strategy after the other: they share warm-ups
            for number, (place, value) in enumerate(every[start : start + AT_ONCE], start):
                key = place[0]
                point: Point = {key: value} if key and is_read(key, configs[name]) else {}
                trials[name, place] = lives.planned(number, point, name, own.at(point))
        lives.live(list(trials.values()))
        for goal, effect in effects.items():
            for (name, place), trial in trials.items():
                values = effect.measured(trial)[goal].to_numpy(float)
                levels[goal].setdefault(place, {})[name] = values
        sys.stderr.write(f"{start + len(trials) // len(lives.strategies)} of {len(every)} points\n")
    return {
        goal: Lived(outcomes_by(goal)[0], STRATEGIES, REFERENCE, own)
        for goal, own in levels.items()
    }


def lead(lived: Lived, place: Place) -> float:
    """By how much whoever is chosen as it is leads the next best at a place, on average."""
    chosen, better = lived.first(USUAL), lived.outcome.better
    others = {*lived.strategies, lived.reference} - {chosen}
    return min(float(better * lived.ahead(place, chosen, other).mean()) for other in others)


def width(lived: Lived, key: str) -> float:
    """How far the chosen strategy's difference to the reference goes between all of its points."""
    chosen = lived.first(USUAL)
    chosen = chosen if chosen != lived.reference else lived.strategies[0]
    places = [USUAL, *(place for place in lived.levels if place[0] == key)]
    means = [lived.ahead(place, chosen, lived.reference).mean() for place in places]
    return float(max(means) - min(means))


def narrowed(seen: Found, usual: Found) -> list[Place]:
    """Places that come near to turning a choice, and both ends of what moves a difference most.

    Near is where the lead that the choice has in `usual` would lose more than all but `NEAR` of it,
    if it lost as much as it does in what was seen, which has the same luck at all places.
    """
    found: list[Place] = []
    for goal, lived in seen.items():
        now, most = lead(lived, USUAL), (1.0 - NEAR) * lead(usual[goal], USUAL)
        found += [place for place in lived.levels if now - lead(lived, place) > most]
        keys = dict.fromkeys(key for key, _ in lived.levels if key)
        widest = sorted(keys, key=lambda key: -width(lived, key))[:WIDEST]
        found += [place for place in lived.levels if place[0] in widest]
    return list(dict.fromkeys(found))


def rows_of(
    size: Size, found: Found, moved: Mapping[str, Assumption], made_of: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """What is kept of each place and strategy."""
    places = next(iter(found.values())).levels
    for place in places:
        key, point = place
        each = moved.get(key)
        at = {"low": each.low, "high": each.high} if each else {}
        about = {
            "assumption": key,
            "point": point,
            "value": at.get(point),
            "usual": each.value if each else None,
            "version": __version__,
            "days": DAYS,
            **size._asdict(),
        }
        for name in (*STRATEGIES, *([] if key else [REFERENCE])):
            told: dict[str, Any] = {"strategy": name, "settings": made_of[name]}
            for goal, lived in found.items():
                there, now = (lived.ahead(each, name, REFERENCE) for each in (place, USUAL))
                got = statistics.mean_interval(there)
                told |= {goal: got["mean"], f"{goal}_low": got["low"], f"{goal}_high": got["high"]}
                told[f"{goal}_change"] = float((there - now).mean())
                first = lived.first(place)
                told[goal + FIRST] = first
                told[goal + TURNS] = lived.turns(place, first, lived.first(USUAL))
            yield about | told


def table_of(
    looks: Mapping[Size, Found], moved: Sequence[Assumption], made_of: Mapping[str, str]
) -> pd.DataFrame:
    """What is kept: each place as it was looked at last."""
    by_key = {each.key: each for each in moved}
    rows = [row for size, found in looks.items() for row in rows_of(size, found, by_key, made_of)]
    table = pd.DataFrame(rows).drop_duplicates(["assumption", "point", "strategy"], keep="last")
    order = ["", *by_key]
    place = table["assumption"].map(order.index)
    return table.iloc[np.argsort(place, kind="stable")][list(COLUMNS)]


def keep(table: pd.DataFrame) -> None:
    """Write the table to where comparisons find it."""
    with facts_file().with_name("turning.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv(table, file, float_format="%.7g")


def main(results: Path) -> None:
    """Look at all ends, measure those that matter, and keep what came of it."""
    configs = {name: load(name, overrides(FULL)) for name in (*STRATEGIES, REFERENCE)}
    moved = settable(assumed(configs), lives_of(FULL, results).possible)
    places, usual = ends_of(moved), live(FULL, {}, results)
    seen = live(LOOK, places, results)
    measured = live(FULL, {place: places[place] for place in narrowed(seen, usual)}, results)
    looks = {LOOK: seen, FULL: measured}
    keep(table_of(looks, moved, {name: settings_of(config) for name, config in configs.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results"))
