"""Facts that no run tells yet: which lever each waits for; and inputs, which are put in."""

# What each fact waits for. Where a lever is there but lacks something, its name comes first.
WAITS_FOR: dict[str, str] = {
    "I16": "tools and tests as levers with costs of their own",
}

# Inputs that are one setting, which a run could only give back.
PUT_IN: dict[str, str] = {
    "I09": "behaviour.rewards.points_value_ratio",
    "I10": "behaviour.choose.proof_effect",
    "I11": "operator.points.share_payable",
    "I15": "operator.operations.serving_private_ratio",
    "I17": "market.rival_brands",
}


def why_not(fact: str) -> tuple[str, str]:
    """Which lever a fact waits for (empty if none), and why no run tells it.

    Parameters
    ----------
    fact
        Its id.
    """
    if fact in PUT_IN:
        return "", f"put in, so that nothing is measured: it sets {PUT_IN[fact]}"
    if fact in WAITS_FOR:
        return WAITS_FOR[fact], f"waits for a lever: {WAITS_FOR[fact]}"
    return "", "nobody has said yet how to measure it"


__all__ = ["PUT_IN", "WAITS_FOR", "why_not"]
