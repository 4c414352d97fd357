"""What is not known about people: how often a choice is right, what to know and to try first."""

from sim.report.outcomes import either_way, goal_name
from sim.report.reading import Comparison
from sim.report.turning import named_setting
from sim.report.words import Words, whole

MOST = 3  # settings that are named
NEARLY = 0.9  # of the most that any pilot is worth: the smallest that is worth that is named


def told(comparison: Comparison, words: Words) -> str:
    """In how many plausible worlds each strategy is best, and what a wrong choice costs.

    Empty where all worlds have the same settings.
    """
    table = comparison.plausible
    if table.empty:
        return ""
    first, *others = table.to_dict("records")
    unit = str(first["unit"])
    said = words(
        "plausible.best",
        sample=str(comparison.manifest.get("sample", "")),
        goal=goal_name(comparison, words, comparison.goal),
        strategy=words.strategy(str(first["strategy"])),
        share=words.number(float(first["best_share"]), "share"),
        worlds=whole(float(first["worlds"])),
        regret=either_way(words, float(first["regret"]), unit).replace("±", ""),
        high=either_way(words, float(first["regret_high"]), unit).replace("±", ""),
    )
    rest = [
        words(
            "plausible.other",
            strategy=words.strategy(str(row["strategy"])),
            share=words.number(float(row["best_share"]), "share"),
        )
        for row in others
        if row["best_share"] > 0
    ]
    if rest:
        said = words.joined(said, words("plausible.others", others=words("semicolon").join(rest)))
    return words.joined(said, _worth(comparison, words), _to_try(comparison, words))


def _worth(comparison: Comparison, words: Words) -> str:
    """Which settings it would pay most to know exactly."""
    table = comparison.worth_knowing
    if table.empty:
        return words("plausible.too_few")
    table = table[table["worth"] > 0].head(MOST)
    if table.empty:
        return words("plausible.nothing")
    cases = [
        words(
            "plausible.setting",
            setting=named_setting(comparison, words, str(row["setting"])),
            worth=either_way(words, float(row["worth"]), str(row["unit"])).replace("±", ""),
        )
        for row in table.to_dict("records")
    ]
    return words("plausible.worth", settings=words("semicolon").join(cases))


def _to_try(comparison: Comparison, words: Words) -> str:
    """Which pilot would help the choice most, no larger than it need be."""
    table = comparison.worth_trying
    if table.empty:
        return ""
    most = float(table["worth"].max())
    if most <= 0:
        return words("plausible.no_pilot")
    enough = table[table["worth"] >= NEARLY * most]
    row = enough.sort_values("per_arm", kind="stable").iloc[0]
    return words(
        "plausible.pilot",
        strategy=words.strategy(str(row["strategy"])),
        reference=words.strategy(comparison.reference),
        arm=whole(float(row["per_arm"])),
        months=whole(float(row["months"])),
        outcome=words(f"outcomes.{row['outcome']}"),
        share=words.number(float(row["changes"]), "share"),
        worth=either_way(words, float(row["worth"]), str(row["unit"])).replace("±", ""),
    )
