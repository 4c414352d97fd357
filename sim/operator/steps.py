"""The steps by which a lever reaches a household, and their bits."""

STEPS = ("eligible", "reached", "seen", "acted", "ordered")
ELIGIBLE, REACHED, SEEN, ACTED, ORDERED = (1 << step for step in range(5))

__all__ = ["ACTED", "ELIGIBLE", "ORDERED", "REACHED", "SEEN", "STEPS"]
