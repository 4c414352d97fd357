"""A toy laboratory: two rules, two levers, a shock, three scenarios, runs that take milliseconds.

What the shell does must not depend on what the model is, so its tests bring their own. Run as a
program, it is `repurchase` on the toy: ``python -m tests.toy <folder> sweep ...``.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import omegaconf
import pandas as pd

import sim.config.composing
import sim.config.hydra_groups
import sim.config.loading
import sim.store.provenance
from sim.experiments.plan import PlannedRun
from sim.indicators.horizons import reads, suffix
from sim.operator.common import ShockParameters
from sim.parameters.quantity import quantity
from sim.parameters.schema import Simulation, schema_of
from sim.store.result import Result
from tests import ROOT


@dataclass
class Region:
    name: str = omegaconf.MISSING
    share: float = quantity("share", "of households", 0, 1)


@dataclass
class Population:
    name: str = omegaconf.MISSING
    households: int = quantity("households", "in the market", 1, 100_000_000)
    regions: list[Region] = omegaconf.MISSING


@dataclass
class Believe:
    bad_news_factor: float = quantity("ratio", "weight of bad news to good", 1, 5)


@dataclass
class Look:
    visits_per_day: float = quantity("visits a day", "of a fully engaged parent", 0, 5)


@dataclass
class Coupons:
    strength: float = quantity("share", "0 off, 1 full", 0, 1)
    depth_percent: float = quantity("per cent", "of the price", 0, 90)


@dataclass
class Reminders:
    strength: float = quantity("share", "0 off, 1 full", 0, 1)


@dataclass
class Storm(ShockParameters):
    lost_share: float = quantity("share", "of orders that are not made, at size 1", 0, 1, 0.5)


@dataclass
class Operations:
    price_ratio: float = quantity("ratio", "to the list price", 0.1, 3)


@dataclass
class Community:
    size_cap: int = quantity("members", "at most in a group", 1, 500)


@dataclass
class Market:
    rivals: int = quantity("rivals", "stores beside the operator", 0, 10)


FILES = {
    "population/town.yaml": """
        name: town
        households: 100
        regions: [{name: East, share: 0.6}, {name: South, share: 0.4}]""",
    "population/city.yaml": """
        defaults: [town, _self_]
        name: city
        households: 5000""",
    "behaviour/default.yaml": """
        believe: {bad_news_factor: 2.0}
        look: {visits_per_day: 0.5}""",
    "lever/coupons.yaml": "{strength: 0.0, depth_percent: 10}",
    "lever/reminders.yaml": "{strength: 0.0}",
    "operations/default.yaml": "{price_ratio: 1.0}",
    "community/default.yaml": "{size_cap: 200}",
    "market/default.yaml": "{rivals: 3}",
    "market_path/none.yaml": """
        # @package _global_
        {}""",
    "operator_age/average.yaml": """
        # @package _global_
        run: {warmup_days: 365}""",
}
SCENARIO = """# @package _global_
operator: {operator}
strategy:
  title: {title}
  what: It does {title}.
  why: To see.
  cost: Little.
  facts: [I07]
  budget_yuan_per_customer_month: 2.0
"""
STRATEGIES = {
    "baseline": "{coupons: {strength: 0.5}}",
    "koc_led": "{coupons: {strength: 0.1}}",
    "reminders": "{reminders: {strength: 1.0}}",
}


def scenario(title: str, operator: str = "{}") -> str:
    """Text of a scenario's file."""
    return SCENARIO.replace("{operator}", operator).replace("{title}", title)


def laid_out(text: str) -> str:
    """Text of one of `FILES` as it stands in its file."""
    return "\n".join(line.removeprefix(" " * 8) for line in text.splitlines()) + "\n"


def write(folder: Path) -> None:
    """Lay out `conf/` and `scenarios/` of the toy in a folder."""
    real = ROOT / "conf"
    kept = ("*.yaml", "executor/*.yaml", "report/*.yaml", "goal/*.yaml")
    for path in [path for pattern in kept for path in real.glob(pattern)]:
        target = folder / "conf" / path.relative_to(real)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
    for name, text in FILES.items():
        target = folder / "conf" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(laid_out(text))
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, operator in STRATEGIES.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(scenario(name, operator))


@cache
def schema() -> type[Simulation]:
    """The dataclass of the toy's whole configuration."""
    return schema_of(
        Population,
        {"believe": Believe, "look": Look},
        Community,
        {"operations": Operations, "coupons": Coupons, "reminders": Reminders},
        {"storm": Storm},
        Market,
    )


def install(folder: Path, put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Let the shell work on the toy; `put` is `setattr` or pytest's."""
    from sim.experiments import evaluation, executors, run
    from sim.strategy import meaning

    forget()
    put(sim.store.provenance, "code", lambda: "the toy's")  # the real source may change
    put(sim.config.loading, "schema", schema)
    put(sim.config.composing, "lever_names", lambda: ["coupons", "reminders"])
    put(sim.config.composing, "shock_names", lambda: ["storm"])
    put(meaning, "sentence", partial(_sentence, meaning.sentence))
    put(sim.config.composing, "CONF", folder / "conf")
    put(sim.config.composing, "SCENARIOS", folder / "scenarios")
    put(run, "check_affordable", lambda config: None)
    for check in ("check_affordable", "check_world"):
        put(evaluation, check, lambda config: None)
    put(executors, "simulate_planned", compute)


def _sentence(real: Callable[[Any, str], str], config: Any, name: str) -> str:
    return "Half of all orders are not made." if name == "storm" else real(config, name)


def forget() -> None:
    """What was composed from other files."""
    sim.config.hydra_groups.composed_by_hydra.cache_clear()


def compute(run: PlannedRun, on_day: Callable[[int], None]) -> Result:
    """A run whose result follows from configuration and seed, and that obeys its environment.

    ``TOY_LOG``: a file that gets a line per run begun. ``TOY_KILL``: a worker process kills itself
    when that many runs have begun. ``TOY_DEAF``: for ten minutes that run comes to no next day, as
    one that compiles. ``TOY_SECONDS``: how long a run takes. ``TOY_RECKONS``: seconds it reckons
    when all its days are lived, telling a second log so.
    """
    log = os.environ.get("TOY_LOG")
    if log:
        with Path(log).open("a") as file:
            file.write(f"{run.key}\n")
            file.flush()
            so_far = file.tell()  # and no further: another worker may have written since
        begun = len(Path(log).read_bytes()[:so_far].splitlines())
        if begun == int(os.environ.get("TOY_KILL", "0")):
            os.kill(os.getpid(), signal.SIGKILL)
        if begun == int(os.environ.get("TOY_DEAF", "0")):
            time.sleep(600)
    days = run.config["run"]["days"]
    for day in range(days):
        time.sleep(float(os.environ.get("TOY_SECONDS", "0")) / days)
        on_day(day)
    if "TOY_RECKONS" in os.environ:
        Path(f"{log}.lived").touch()
        time.sleep(float(os.environ["TOY_RECKONS"]))
    luck = np.random.default_rng(run.seed)
    coupons, fortune = run.config["operator"]["coupons"], luck.random()
    rate = 0.3 + 0.01 * coupons["strength"] + 0.01 * fortune
    shares = pd.DataFrame(
        {
            "indicator": ["repurchase_rate_365d", "repurchase_rate_365d", "churn_rate_365d"],
            "by": ["all", "region", "all"],
            "segment": ["all", "East", "all"],
            "numerator": [rate * 100, rate * 60, 100 - rate * 100],
            "denominator": [100.0, 60.0, 100.0],
            "value": [rate, rate, 1 - rate],
            "unit": "share",
        }
    )
    daily = pd.DataFrame({"day": np.arange(days), "orders": luck.poisson(5, days)})
    storm = run.config["shocks"]["storm"]
    stormy = (daily["day"] >= storm["from_day"]) & (daily["day"] < storm["until_day"])
    if storm["size"] > 0.0:
        daily["orders"] = daily["orders"] * (1.0 - storm["size"] * storm["lost_share"] * stormy)
    daily["revenue_yuan"] = daily["orders"] * 100.0
    depth = coupons["strength"] * coupons["depth_percent"]
    daily["contribution_yuan"] = (10.0 + fortune) * depth * (30.0 - depth)  # best at a half of 30
    fen = round(100 * daily["contribution_yuan"].sum())
    households = pd.DataFrame(
        {
            "household": np.arange(0, 100, 20, dtype=np.int32),  # a panel of the hundred
            "region": pd.Categorical(["East", "East", "South", "East", "South"]),
            "orders": luck.poisson(2, 5),
            "family": 0,
            "entered_day": np.nan,
            "left_day": np.nan,
            "first_order_day": -1.0,
            "established": True,
            "active": True,
            "orders_since_start": np.int32(1),
        }
    )
    households["repurchased"] = (households["orders"] > 2) | (
        np.arange(5) < 5 * coupons["strength"]
    )
    for name in ("repurchased", "active", "orders_since_start"):
        for day in reads(days)[:-1]:
            households[f"{name}{suffix(day, days)}"] = households[name]
    groups = pd.DataFrame({"group": [0], "members": [12]})
    monthly = pd.DataFrame({"month": [0, 1], "orders": [3, 4]})
    lives = pd.DataFrame({"entry_days": [0], "days": [90], "ended": [True], "customers": [3]})
    orders = daily.head(3) if run.keep_orders else None
    info = {"household_days": 1.0}
    neighbours = pd.DataFrame({"household": [0], "role": "neighbour"})
    lines = ["list", "contribution"]
    ladder = pd.DataFrame({"days": days, "line": lines, "lever": "", "fen": [300, fen]})
    accounts = pd.DataFrame({"days": [days], "by": ["all"], "segment": ["all"], "list_fen": [300]})
    reach = pd.DataFrame({"lever": ["coupons"], "step": ["eligible"], "households": [5.0]})
    own = (shares, daily, monthly, households, groups, orders, info, lives, neighbours, ladder)
    return Result(*own, accounts, reach)


if __name__ == "__main__":
    from tests import toy  # the importable twin: worker processes find its functions by name

    toy.install(Path(sys.argv.pop(1)))
    from sim.commands.program import main

    main()
