"""Numbers and names as a reader wants them."""

import math

LABELS = {
    "repurchase_rate_365d": "repurchase rate, 365 days",
    "repurchase_rate_30d": "repurchase rate, 30 days",
    "churn_rate_365d": "churn rate, 365 days",
    "churn_rate_90d": "churn rate, 90 days",
    "orders_per_customer": "orders per customer",
    "contribution_per_customer_month_yuan": "contribution per customer and month",
    "community_active_share": "active share of community members",
    "contribution_yuan": "contribution",
    "koc_led": "KOC-led",
    "live_and_checkin": "live and check-in",
}


def label(name: str) -> str:
    """An indicator's or strategy's name in words."""
    return LABELS.get(name, name.replace("_", " "))


def number(value: float, unit: str = "", signed: bool = False) -> str:
    """A value with as many digits as mean something; shares in per cent.

    A signed share is a difference and told in percentage points.
    """
    if value is None or not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    if unit == "share":
        return minus(f"{100 * value:{sign}.1f}" + (" points" if signed else "%"))
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2
    return minus(f"{value:{sign},.{digits}f}")


def interval(low: float, high: float, unit: str = "", signed: bool = False) -> str:
    """An interval, its unit told once."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    if unit != "share":
        return f"{number(low, unit, signed)} to {number(high, unit, signed)}"
    sign = "+" if signed else ""
    ends = f"{100 * low:{sign}.1f} to {100 * high:{sign}.1f}"
    return minus(ends + ("" if signed else "%"))


def whole(value: float) -> str:
    """A count, rounded, with thousands apart."""
    return minus(f"{value:,.0f}") if math.isfinite(value) else "–"


def probability(value: float) -> str:
    """A probability in per cent that never claims certainty."""
    if not math.isfinite(value):
        return "–"
    if value > 0.99:
        return "over 99%"
    return "under 1%" if value < 0.01 else f"{100 * value:.0f}%"


def listed(words: list[str]) -> str:
    """Words joined with commas and a last `and`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def minus(text: str) -> str:
    """A hyphen before a digit is a minus sign."""
    return text.replace("-", "−")


__all__ = ["interval", "label", "listed", "minus", "number", "probability", "whole"]
