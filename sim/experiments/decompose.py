"""What each lever adds to a strategy's effect: alone, at last, and by its Shapley share.

Players and coalitions are those of `sim.experiments.coalitions`, shares those of
`sim.experiments.shapley`; all coalitions are lived through in the same worlds.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from itertools import permutations as ordered_pairs
from pathlib import Path

import numpy as np
import pandas as pd

from sim.config.loading import Simulation, load, resolved
from sim.console.progress import OnProgress
from sim.experiments import assumptions, shapley, statistics
from sim.experiments.coalitions import REST, Game, players_of
from sim.experiments.critical import negligible
from sim.experiments.effects import check_known
from sim.experiments.evaluation import Evaluation
from sim.experiments.executors import ExecutionSettings
from sim.experiments.goals import USUAL, Asked, check_readable, chosen, weights
from sim.experiments.lived import keep_lived
from sim.experiments.paired import at_once
from sim.experiments.plan import replication_seeds
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

OTHERS = "all others"  # but the one, as the second of a pair
MEASURES = ("add_one_in", "leave_one_out", "shapley")
PAIR = ("first", "second", "outcome", "unit", "first_alone", "second_alone", "together")
PURPOSE = ("player", "meant_for", "beside", "unit", "alone", "together")
AT_ONCE = ("mean", "low", "high", "n", "critical", "method")


def decompose(
    strategy: str,
    settings: ExecutionSettings,
    *,
    reference: str,
    goal: Asked = USUAL,
    replications: int,
    seed: int = 1,
    permutations: int,
    exact_players: int,
    overrides: Sequence[str] = (),
    purposes: Mapping[str, str] | None = None,
    on_progress: OnProgress | None = None,
) -> Path:
    """Take a strategy's effect apart, lever by lever.

    Parameters
    ----------
    strategy, reference
        Names of scenarios: what is taken apart, and what it is compared with.
    settings
        Where results go and how runs are done.
    goal
        What is told first, see `sim.experiments.goals.weights`; households, orders, contribution
        and churn are measured beside it.
    replications, seed
        How many worlds, and where their seeds come from.
    permutations
        Orders in which players join, an even number, drawn for each world by itself, so that
        intervals over worlds hold the error of the draw too.
    exact_players
        Up to so many, all coalitions are lived through instead.
    overrides
        What is the same in every run.
    purposes
        By lever, what it is for: a column of the daily table or an indicator; so that a pair
        that acts together can be told what the one does to what the other is for.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/decompose/<strategy>-<hash>`` with

        - `shares`: a row per player, measure and outcome: what it adds to the reference alone,
          what the strategy lacks without it, and its Shapley share;
        - `interactions`: a row per pair and outcome, what both add alone and together; and for
          each player with all others;
        - `purposes`: a row per player and other player: how far it moves what it is for, alone
          and beside the other;
        - `total`: the strategy's effect, which the Shapley shares add up to in every world;
        - `players`: what each is, setting by setting;
        - `runs`: a row per run with its coalition, seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    weights(goal)
    if permutations % 2:
        raise ConfigurationError(
            f"permutations = {permutations} is impossible: they come in pairs, an order and its "
            f"reverse; give it {permutations + 1}."
        )
    lives = Evaluation(
        [strategy, reference], overrides, replication_seeds(seed, replications), settings,
        on_progress,
    )  # fmt: skip
    trust = settings.trust_rules
    whole, base = (
        load(name, overrides, settings.config_dir, trust_rules=trust)
        for name in (strategy, reference)
    )
    players = players_of(whole, base)
    if not players:
        raise ConfigurationError(
            f"{cited(strategy)} does what {cited(reference)} does: there is nothing to take apart."
        )
    check_readable(goal, whole.run.days)
    few = len(players) <= exact_players
    drawn = [] if few else [
        shapley.antithetic_orders(len(players), permutations, each) for each in lives.seeds
    ]  # fmt: skip
    meant = {name: (purposes or {})[name] for name in players if name in (purposes or {})}
    check_known(meant.values())
    game = Game(lives, players, whole, base, goal, meant)
    game.live(drawn)
    found = {
        "shares": _shares(game, drawn),
        "interactions": _interactions(game),
        "purposes": _purposes(game),
        "total": game.effects.against(game.trials[game.everybody], game.trials[0]),
        "players": _players(players, whole, base),
        "runs": pd.DataFrame(
            {"coalition": game.told(coalition), "seed": run.seed, "key": run.key}
            for coalition, trial in game.trials.items()
            for run in trial.runs
        ),
    }
    asked = {
        "configuration": resolved(whole),
        "against": resolved(base),
        "reference": reference,
        "goal": chosen(goal),
        "goals": weights(goal),
        "players": players,
        "seeds": lives.seeds,
        "for": meant,
        "permutations": 0 if few else permutations,
    }
    return keep_lived("decompose", lives, found, asked, seed)


def _shares(game: Game, drawn: Sequence[Sequence[shapley.Order]]) -> pd.DataFrame:
    """What each player adds by each measure, with intervals over worlds."""
    count, worlds = len(game.players), range(len(game.lives.seeds))
    nobody, everybody = game.everywhere(0), game.everywhere(game.everybody)
    ones = [1 << place for place in range(count)]
    alone = [game.everywhere(one) - nobody for one in ones]
    last = [everybody - game.everywhere(game.everybody ^ one) for one in ones]
    error = np.zeros((count, len(game.effects.outcomes)))
    if drawn:
        own = [shapley.sampled(game.in_world(world), drawn[world]) for world in worlds]
        shares = np.array([each.shares for each in own])
        squares = np.array([each.error for each in own]) ** 2
        error = np.sqrt(squares.sum(axis=0)) / len(worlds)
    else:
        shares = np.array([shapley.exact(game.in_world(world), count) for world in worlds])
    found: dict[str, Sequence[statistics.Floats]] = dict(
        zip(MEASURES, (alone, last, [*shares.swapaxes(0, 1)]), strict=True)
    )
    rows = []
    for place, name in enumerate(game.players):
        for measure, values in found.items():
            got = statistics.mean_intervals(values[place])
            for i, outcome in enumerate(game.effects.outcomes):
                rows.append(
                    {
                        "player": name,
                        "measure": measure,
                        "outcome": outcome.name,
                        "unit": outcome.unit,
                        "mean": got.mean[i],
                        "low": got.low[i],
                        "high": got.high[i],
                        "n": int(got.n[i]),
                        "error": error[place, i] if measure == "shapley" else 0.0,
                    }
                )
    return pd.DataFrame(rows)


def _interactions(game: Game) -> pd.DataFrame:
    """By how much two add more together than the sum of what each adds alone.

    The two are any pair of players; or one player and all others, what it adds at last less what
    it adds alone. Intervals hold for all pairs, or all players, of an outcome at once.
    """
    ones = {1 << place: name for place, name in enumerate(game.players)}
    pairs = list(combinations(ones, 2))
    apart = [(one, game.everybody ^ one) for one in ones] if len(ones) > 2 else []
    names = {**{game.everybody ^ one: OTHERS for one, _ in apart}, **ones}
    parts = [
        _beyond_the_sum(game, family, names, i) for i in range(len(game.effects.outcomes))
        for family in (pairs, apart) if family
    ]  # fmt: skip
    if not parts:  # a lever by itself has nobody to act together with
        return pd.DataFrame(columns=[*PAIR, *AT_ONCE])
    return pd.concat(parts, ignore_index=True)


def _beyond_the_sum(
    game: Game, family: Sequence[tuple[int, int]], names: Mapping[int, str], outcome: int
) -> pd.DataFrame:
    """Rows of some pairs of coalitions, by one outcome."""
    nobody = game.everywhere(0)

    def added(coalitions: Iterable[int]) -> statistics.Floats:
        return np.array([(game.everywhere(each) - nobody)[:, outcome] for each in coalitions]).T

    first, second = (added(pair[which] for pair in family) for which in (0, 1))
    together = added(one | other for one, other in family)
    whose = {
        "first": [names[one] for one, _ in family],
        "second": [names[other] for _, other in family],
        "outcome": game.effects.outcomes[outcome].name,
        "unit": game.effects.outcomes[outcome].unit,
        "first_alone": first.mean(axis=0),
        "second_alone": second.mean(axis=0),
        "together": together.mean(axis=0),
    }
    beyond = together - first - second
    beyond[np.abs(beyond) <= negligible(together)] = 0.0  # what is no more is rounding
    return pd.concat([pd.DataFrame(whose), at_once(beyond)], axis=1)


def _purposes(game: Game) -> pd.DataFrame:
    """By how much more a player moves what it is for when another one is there."""
    rows = []
    for (i, player), (j, other) in ordered_pairs(enumerate(game.players), 2):
        if player not in game.purposes:
            continue
        alone = game.purpose(player, 1 << i) - game.purpose(player, 0)
        beside = game.purpose(player, 1 << i | 1 << j) - game.purpose(player, 1 << j)
        name = game.purposes[player]
        rows.append(
            {
                "player": player,
                "meant_for": name,
                "beside": other,
                "unit": game.effects.unit(name),
                "alone": alone.mean(),
                "together": beside.mean(),
                **statistics.mean_interval(beside - alone),
            }
        )
    return pd.DataFrame(rows, columns=[*PURPOSE, *AT_ONCE[:4]])


def _players(players: Sequence[str], whole: Simulation, base: Simulation) -> pd.DataFrame:
    """The settings that each player brings along."""
    changed = assumptions.changes({"": whole, "base": base}, "base")
    told: dict[str, list[str]] = {name: [] for name in players}
    for row in changed[changed["strategy"] == ""].to_dict("records"):
        key = str(row["key"])
        part, lever, setting = [*key.split(".", 2), "", ""][:3]
        of_lever = part == "operator" and lever in players
        change = f"{setting if of_lever else key} {row['reference']} → {row['value']}"
        told[lever if of_lever else REST].append(change)
    if whole.schedule != base.schedule:
        told[REST].append("schedule")
    return pd.DataFrame({"player": players, "what": ["; ".join(told[each]) for each in players]})


__all__ = ["MEASURES", "decompose"]
