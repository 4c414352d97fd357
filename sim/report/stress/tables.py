"""The tables of stressed strategies, as text in the reader's language."""

from sim.report.estimates import cell
from sim.report.reading import Estimate
from sim.report.stress.answer import shock_name
from sim.report.stress.reading import Stress
from sim.report.tables import Shown, shown_of
from sim.report.words import Words

SHARES = ("depth", "permanent", "total")


def resilience(stress: Stress, words: Words) -> Shown:
    """How deep, how long, what for good; by shock and strategy."""
    orders = {each: stress.measured("orders", each) for each in (*SHARES, "duration")}
    aims = [stress.outcome, stress.beside]
    rows = []
    for shock in stress.befell:
        for strategy in stress.asked:
            place = (strategy, shock)
            duration = _duration(words, orders["duration"][place])
            cells = [cell(orders[each][place], words, "share", signed=False) for each in SHARES]
            cells = [cells[0], duration, *cells[1:]]
            cells += [cell(stress.effect(aim)[place], words) for aim in aims]
            rows.append([shock_name(words, shock), words.strategy(strategy), *cells])
    keys = ("shock", "strategy", "depth", "duration", "permanent", "total")
    head = [words(f"stress.tables.{key}") for key in keys]
    head += [words(f"stress.changes.{aim}") for aim in aims]
    missing = words.number(stress.missing, "share")
    return shown_of(
        words, "stress", "resilience", head, rows, missing=missing, worlds=stress.worlds
    )


def _duration(words: Words, found: Estimate) -> str:
    """Days until orders are back, with their interval; or that they are not."""
    if found.mean != found.mean:
        return words("stress.not_back")
    if found.mean == 0.0:
        return words("stress.never_gone")
    days = words("stress.days", days=f"{found.mean:,.0f}")
    if not found.bounded or found.low == found.high:
        return days
    ends = (f"{max(end, 0.0):,.0f}" for end in (found.low, found.high))
    return f"{days}\n{words('range', **dict(zip(('low', 'high'), ends, strict=True)))}"


def compared(stress: Stress, words: Words) -> Shown:
    """How much more than the first strategy the others lose."""
    asked = {
        f"stress.tables.{measure}": ("orders", measure, "share") for measure in ("depth", "total")
    }
    asked[f"stress.losses.{stress.outcome}"] = (stress.outcome, "lost", "")
    rows = []
    for shock in stress.befell if stress.others else ():
        for strategy in stress.others:
            cells = [
                cell(stress.lost_more(*which)[strategy, shock], words, unit)
                for *which, unit in asked.values()
            ]
            rows.append([shock_name(words, shock), words.strategy(strategy), *cells])
    head = [words(key) for key in ("stress.tables.shock", "stress.tables.strategy", *asked)]
    return shown_of(
        words, "stress", "compared", head, rows, reference=words.strategy(stress.reference)
    )


def shocks(stress: Stress, words: Words) -> Shown:
    """What befell the strategies, and when."""
    rows = []
    for row in stress.shocks.to_dict("records"):
        dates = words("range", low=f"{row['from_day']:,.0f}", high=f"{row['until_day']:,.0f}")
        size = words.number(row["size"])
        rows.append([shock_name(words, str(row["shock"])), size, dates, str(row["what"])])
    head = [words(f"stress.tables.{key}") for key in ("shock", "size", "days", "what")]
    return shown_of(words, "stress", "shocks", head, rows, prose=True)


__all__ = ["compared", "resilience", "shocks"]
