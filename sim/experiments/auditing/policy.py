"""For whom a lever pays: a readable tree, learnt in some worlds and checked in others.

What the lever brings in of each customer is known from both lives, so the tree learns from it and
not from an estimate. It sees what an analyst could act on: the history before the index day. What
it promises is worth what it holds in worlds that it has not seen.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments import statistics
from sim.experiments.statistics import Floats

DEPTH = 2  # questions that are asked of a customer
LEAST_SHARE = 0.05  # of the customers, in each leaf
FEWEST_WORLDS = 4  # half to learn from, half to check in
LEAVES = ("leaf", "rule", "addressed", "share", "learnt", "mean", "low", "high", "n")
POLICIES = ("policy", "share", "mean", "low", "high", "n", "over_mean", "over_low", "over_high")
RECENT = "orders in the last month"  # the rule that the tree has to beat


class Known(NamedTuple):
    """Customers of one world: their history, and what the lever brought in, yuan each."""

    history: pd.DataFrame
    gain: Floats


def policies(worlds: Sequence[Known]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A tree of depth `DEPTH`, and what following it would bring in unseen worlds.

    Parameters
    ----------
    worlds
        The first half is learnt from, the rest is not seen; fewer than `FEWEST_WORLDS` give
        nothing.

    Returns
    -------
    leaves, policies
        `LEAVES`: a row per leaf with what the lever brings a customer in it, learnt and unseen;
        `POLICIES`: yuan per customer in unseen worlds if everybody is addressed, those in leaves
        where the tree has learnt a gain, or who has ordered in the last month; and how much that
        is over everybody, in the same worlds.
    """
    half = len(worlds) // 2
    if len(worlds) < FEWEST_WORLDS or any(len(each.gain) == 0 for each in worlds):
        return pd.DataFrame(columns=list(LEAVES)), pd.DataFrame(columns=list(POLICIES))
    from sklearn.tree import DecisionTreeRegressor

    history = pd.concat([each.history for each in worlds[:half]])
    gain = np.concatenate([each.gain for each in worlds[:half]])
    names = [str(name) for name in history]
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=LEAST_SHARE, random_state=0)
    tree.fit(history.to_numpy(float), gain)
    learnt, rules = tree.tree_.value[:, 0, 0], _rules(tree.tree_, names)
    unseen = worlds[half:]
    inside = [np.asarray(tree.apply(each.history.to_numpy(float))) for each in unseen]
    rows = []
    for leaf, rule in rules.items():
        here = [each == leaf for each in inside]
        rows.append(
            {
                "leaf": leaf,
                "rule": rule,
                "addressed": bool(learnt[leaf] > 0.0),
                "share": float(np.mean([flags.mean() for flags in here])),
                "learnt": float(learnt[leaf]),
                **statistics.mean_interval(_gains(unseen, here, [flags.sum() for flags in here])),
            }
        )
    chosen = {
        "everybody": [np.ones(len(each.gain), bool) for each in unseen],
        "tree": [learnt[leaf] > 0.0 for leaf in inside],
        RECENT: [each.history.filter(like="orders_").iloc[:, 0].to_numpy() > 0 for each in unseen],
    }
    sizes = [len(each.gain) for each in unseen]
    everybody = _gains(unseen, chosen["everybody"], sizes)
    followed = []
    for name, flags in chosen.items():
        brought = _gains(unseen, flags, sizes)
        over = statistics.mean_interval(brought - everybody)
        followed.append(
            {
                "policy": name,
                "share": float(np.mean([own.mean() for own in flags])),
                **statistics.mean_interval(brought),
                **{f"over_{end}": over[end] for end in ("mean", "low", "high")},
            }
        )
    return pd.DataFrame(rows)[list(LEAVES)], pd.DataFrame(followed)[list(POLICIES)]


def _gains(
    worlds: Sequence[Known], chosen: Sequence[NDArray[np.bool_]], sizes: Sequence[int]
) -> Floats:
    """What the lever brings of those chosen, over so many customers; one number per world."""
    return np.array(
        [
            each.gain[own].sum() / max(size, 1)
            for each, own, size in zip(worlds, chosen, sizes, strict=True)
        ]
    )


def _rules(tree: Any, names: Sequence[str]) -> dict[int, str]:
    """What leads to each leaf, in words."""
    found: dict[int, str] = {}

    def walk(node: int, so_far: list[str]) -> None:
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:
            found[node] = " and ".join(so_far) or "everybody"
            return
        name, cut = names[int(tree.feature[node])], float(tree.threshold[node])
        walk(left, [*so_far, f"{name} <= {cut:.4g}"])
        walk(right, [*so_far, f"{name} > {cut:.4g}"])

    walk(0, [])
    return found


__all__ = ["FEWEST_WORLDS", "LEAVES", "POLICIES", "RECENT", "Known", "policies"]
