"""Facts that no run tells yet: which lever each waits for; and inputs, which are put in."""

REFERRAL = "referral: customers who came by a friend kept apart from comparable others"
PREDICTION = "repurchase prediction with a coupon to those it names"
RECOMMENDATION = "personalised recommendation"
TRANSPARENCY = "transparency: what customers believe before it and after, kept in the run"
BEST_PRACTICE = f"{RECOMMENDATION}; {PREDICTION}; {TRANSPARENCY}"

# What each fact waits for. Where a lever is there but lacks something, its name comes first.
WAITS_FOR: dict[str, str] = {
    "I16": "tools and tests as levers with costs of their own",
    "C03": "koc and acquisition: exposures kept with the orders they lead to",
    "C04": RECOMMENDATION,
    "C06": PREDICTION,
    "C14": "content: professionalism that differs from chat to chat",
    "C17": TRANSPARENCY,
    "C19": PREDICTION,
    "C20": "consent_design: members who left or fell silent over privacy, kept in the run",
    "C21": REFERRAL,
    "C22": TRANSPARENCY,
    "C24": BEST_PRACTICE,
    "C25": BEST_PRACTICE,
    "C26": BEST_PRACTICE,
    "C27": BEST_PRACTICE,
    "C28": BEST_PRACTICE,
    "X03": "coupons: for what lies in a cart, drawn by lot",
    "X06": REFERRAL,
    "X07": REFERRAL,
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
