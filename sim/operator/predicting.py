"""What an operator learns from its own records: who will order again soon.

Boosted trees (scikit-learn's histogram gradient boosting) see what the records said of every
customer on an earlier day, and learn who has ordered since. Half of the customers teach the trees
that score the other half, so that nobody is scored by trees that have seen what became of them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_TAUGHT = 100_000  # customers of a half that teach: more would not change what is learnt
LEAST_OF_A_KIND = 10  # who ordered, and who did not, in each half: with fewer nothing is learnt
FIFTHS = 5  # of a mark in recency, frequency and money, as the trade gives them
TREES: dict[str, object] = {
    "max_iter": 60,
    "learning_rate": 0.1,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "early_stopping": False,
    "random_state": 0,
}


class Learnt(NamedTuple):
    """What was learnt on a day.

    Attributes
    ----------
    scores
        Of every customer, the chance to order within as many days as have passed; shape (n,).
    auc, auc_rfm, auc_recency
        Chance that of two customers, one of whom has ordered since, that one was ranked first: by
        trees that knew neither of them, by marks in recency, frequency and money (RFM), and by the
        day of the last order alone.
    brier
        Mean squared error of the trees' chances, of customers unknown to them.
    accuracy
        Share told rightly of as many of them who ordered as who did not; of such a sample a chance
        above the share who ordered says yes, and whoever guesses is right in half of the cases.
    """

    scores: Floats
    auc: float
    auc_rfm: float
    auc_recency: float
    brier: float
    accuracy: float


def learn(then: Floats, ordered: Flags, now: Floats, half: Flags) -> Learnt | None:
    """Learn from what was known then and has come of it; score what is known now.

    Parameters
    ----------
    then, now
        What the records said of each customer on the earlier day and say today, shape
        (n, columns): days since the last order, orders, yuan spent, then whatever else; NaN is not
        known. Who was no customer then has NaN days since the last order.
    ordered
        Who has ordered since, shape (n,).
    half
        Which half of the customers somebody belongs to, shape (n,).

    Returns
    -------
    Learnt or None
        None while there are too few to learn from.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import balanced_accuracy_score, brier_score_loss, roc_auc_score
    from threadpoolctl import threadpool_limits

    known = ~np.isnan(then[:, 0])
    for taught in (known & half, known & ~half):
        if min(ordered[taught].sum(), (~ordered[taught]).sum()) < LEAST_OF_A_KIND:
            return None
    scores, unseen = np.empty(len(now)), np.empty(len(then))
    with threadpool_limits(1):  # the same sums, whatever the machine has
        for side in (half, ~half):
            teaching = np.flatnonzero(known & ~side)
            teaching = teaching[:: -(-len(teaching) // MOST_TAUGHT)]
            trees = HistGradientBoostingClassifier(**TREES).fit(then[teaching], ordered[teaching])
            scores[side] = trees.predict_proba(now[side])[:, 1] if side.any() else 0.0
            asked = known & side
            unseen[asked] = trees.predict_proba(then[asked])[:, 1]
    came, before = ordered[known], then[known]
    return Learnt(
        scores,
        auc=float(roc_auc_score(came, unseen[known])),
        auc_rfm=float(roc_auc_score(came, rfm(before))),
        auc_recency=float(roc_auc_score(came, -before[:, 0])),
        brier=float(brier_score_loss(came, unseen[known])),
        accuracy=float(balanced_accuracy_score(came, unseen[known] > came.mean())),
    )


def rfm(known: Floats) -> Floats:
    """Sum of marks, 1 to 5 each, in recency, frequency and money spent: fifths of the customers."""
    marks = np.zeros(len(known))
    for column, sign in ((0, -1.0), (1, 1.0), (2, 1.0)):
        values = sign * known[:, column]
        bounds = np.quantile(values, np.arange(1, FIFTHS) / FIFTHS)
        marks += 1.0 + np.searchsorted(bounds, values, side="left")
    return marks


__all__ = ["Learnt", "learn", "rfm"]
