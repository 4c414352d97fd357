"""The scenarios that belong to the project; others in the folder are the user's own."""

from tests import ROOT

HOME = ROOT / "scenarios"

SHIPPED = (
    "after_sales_care",
    "baseline",
    "care_services",
    "data_hungry",
    "distribution",
    "expert_community",
    "fast_delivery",
    "group_buying",
    "halved_budget",
    "honours",
    "integrated",
    "koc_led",
    "leading_operator_2030",
    "life_cycle_membership",
    "live_and_checkin",
    "member_days",
    "membership",
    "milestones",
    "paid_membership",
    "persona_hosts",
    "phased_rollout",
    "promotion_blast",
    "predictive_coupons",
    "privacy_first",
    "quality_scandal",
    "recommendation",
    "referral",
    "regional",
    "referral_chain",
    "reminders",
    "service_first",
    "staged_private_domain",
    "transparency",
    "store_and_community",
    "welcome",
    "welfare_only_acquisition",
    "win_back",
)
FILES = tuple(HOME / f"{name}.yaml" for name in SHIPPED)

__all__ = ["FILES", "HOME", "SHIPPED"]
