"""`repurchase check`. What a scenario means, what it will spend, what looks odd."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Request,
    ResultsDir,
    Seed,
    TrustRules,
    Words,
    Workers,
    told_plainly,
)
from sim.commands.output import say

if TYPE_CHECKING:
    from sim.config.loading import Simulation
    from sim.strategy.spending import Estimate


@told_plainly
def check(
    words: Words = None,
    attempt: Annotated[
        bool, typer.Option("--try", help="Let one world live through it, and count the money.")
    ] = False,
    seed: Seed = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Say in plain words what a scenario means, what it will spend, and what looks odd.

    Examples:

        repurchase check koc_led

        repurchase check koc_led --try

        repurchase check promotion_blast operator.coupons.coupon_percent=45
    """
    from sim.config.consistency import check_world
    from sim.config.loading import BEFORE, read
    from sim.responses.checking import check_rules_asked_for
    from sim.strategy.lint import doubts

    asked = Request("run", words, results, config_dir, executor, workers, trust_rules, seed=seed)
    config = read(asked.scenario, asked.overrides, config_dir)
    check_world(config)
    tried = check_rules_asked_for(config, asked.overrides, trust_rules)
    common = [each for each in asked.overrides if not each.startswith(("operator.", "strategy."))]
    reference = read(BEFORE, common, config_dir)
    _say_what(config, reference, config_dir)
    _say_rules(config, tried)
    _say_spending(config, reference)
    if attempt:
        _say_estimate(*_tried(asked))
    _heading("What looks odd")
    for sentence in doubts(config, reference, config_dir) or ["Nothing."]:
        _say(sentence)
    names = dict.fromkeys((BEFORE, asked.scenario))
    own = f" --config-dir {quote(str(config_dir))}" if config_dir else ""
    own += " --trust-rules" if trust_rules else ""
    _heading("Next")
    _say(f"repurchase compare {' '.join([*names, *common])}{own}")


def _say_what(config: "Simulation", reference: "Simulation", config_dir: Path | None) -> None:
    from sim.reference.parameters import plain
    from sim.strategy.changes import changes, in_words, phases_in_words, places_in_words
    from sim.strategy.meaning import facts_of, levers_on, sentence, shocks_of

    about, on = config.strategy, levers_on(config)
    say(f"{about.name}: {about.title}")
    for name in ("what", "why", "cost"):
        _say(getattr(about, name), name)
    for fact in facts_of(config, config_dir)[0]:
        _say(f"{fact.kpi}, {fact.who}: {plain(fact.value)} {fact.unit}", f"fact {fact.id}")
    _heading("What it does")
    for lever in on:
        strength = getattr(config.operator, lever).strength
        part = "" if strength == 1.0 else f"At strength {plain(strength)} of 1: "
        _say(part + sentence(config, lever), lever)
    off = [name for name in vars(config.operator) if name not in (*on, "operations")]
    _say(", ".join(off), "not used")
    if befalling := shocks_of(config):
        _heading("What befalls it")
    for shock in befalling:
        size = getattr(config.shocks, shock).size
        part = "" if size == 1.0 else f"At size {plain(size)} instead of 1: "
        _say(part + sentence(config, shock), shock)
    if later := phases_in_words(config):
        _heading("When it changes")
    for day, phrases in later:
        _say("; ".join(phrases) + ".", f"day {day:,}")
    if places := places_in_words(config):
        _heading("Where it differs, elsewhere → there")
    for where, phrases in places:
        _say(f"{where}: {'; '.join(phrases)}.")
    if about.name != reference.strategy.name:
        _heading(f"What it changes against {reference.strategy.name}")
        for phrase in in_words(changes(config, reference)) or ["Nothing."]:
            _say(phrase)


def _say_rules(config: "Simulation", tried: list[str]) -> None:
    if config.rules:
        _heading("Whose code it lives by")
    for name, own in config.rules.items():
        there = f"{own.function} in {own.file} replaces it; "
        done = "tried" if name in tried else "not run: read the file, and --trust-rules tries it"
        _say(f"{there}{done}.", name)


def _say_spending(config: "Simulation", reference: "Simulation") -> None:
    from sim.operator.schedule import phases
    from sim.strategy.spending import by_what_parents_do, by_what_runs, fixed_yuan

    running = ", ".join(by_what_runs(config)) or "nothing"
    doing = ", ".join(by_what_parents_do(config)) or "nothing"
    _heading("What it will spend")
    before: dict[str, float] | None = None
    for phase in phases(config):
        fixed = fixed_yuan(phase.operator)
        if fixed == before:
            continue
        before = fixed
        told = ", ".join(f"{lever} {cost:.2f}" for lever, cost in fixed.items()) or "nothing"
        days = f"From day {phase.first_day:,} on: " if phase.first_day else ""
        total = f"{sum(fixed.values()):.2f} yuan per customer and month in all."
        _say(f"{days}{told}; {total}", "fixed")
    _say(f"{running}: for every chat, KOC or message there is.", "running")
    _say(
        f"{doing}: on what parents do, price cuts included. Nobody can say before it is lived; "
        "`--try` lets one world live it.",
        "depends",
    )
    budgets = dict.fromkeys(each.budget_yuan_per_customer_month for each in phases(config))
    told = ", then ".join(f"{budget:.2f}" for budget in budgets)
    _say(
        f"{told} yuan per customer and month, for all of this. When a month's money runs short, "
        "every lever is slowed down.",
        "budget",
    )
    for lever, yuan in config.strategy.fund.items():
        _say(
            f"{yuan:,.0f} yuan for {lever} in a world of {config.population.households:,} "
            f"households over {config.run.days:,} days. At which strength it spends that is found "
            "by living through it: `--try` does, and so do `run` and `compare`.",
            "fund",
        )


def _tried(asked: Request) -> "list[Estimate]":
    from sim.config.loading import BEFORE, load
    from sim.console.progress import bar
    from sim.experiments.asked_budget import OWN
    from sim.experiments.budgets import spending
    from sim.experiments.plan import replication_seeds
    from sim.operator.budget import check_affordable
    from sim.operator.scaling import changed
    from sim.report.terminal import fund_lines
    from sim.strategy.spending import estimates

    names = dict.fromkeys((asked.scenario, BEFORE))
    trust = asked.trust_rules
    shared = [text for text in asked.overrides if not text.startswith("strategy.fund")]
    said = {BEFORE: shared, asked.scenario: asked.overrides}
    given = {n: load(n, said[n], asked.config_dir, trust_rules=trust) for n in names}
    seed, own = asked.values["seed"], given[asked.scenario]
    with bar("one world") as on_progress:
        world = replication_seeds(seed, 1)
        configs, budgets = spending(given, world, BEFORE, OWN, asked.settings, on_progress)
        check_affordable(configs[asked.scenario])
        found = estimates(list(configs.values()), seed, asked.settings, on_progress)
    for sentence in fund_lines(budgets[budgets["strategy"] == asked.scenario]):
        _say(sentence, "fund")
    if settings := changed(own, configs[asked.scenario]):
        _say(" ".join(settings), "lived with")
    return found


def _say_estimate(found: "Estimate", reference: "Estimate | None" = None) -> None:
    from sim.commands.output import show

    _heading("An estimate")
    _say(
        f"From one world of {found.households:,} households over {found.days} days; other worlds "
        "give somewhat other numbers. Yuan per customer and month:"
    )
    table = found.levers.round(2).rename(columns={"paid": "paid out", "given_up": "price cuts"})
    show("", table.rename_axis("lever").reset_index())
    against = f" (the baseline: {reference.total:.2f})" if reference else ""
    bound = (
        f"The budget slows the levers down on {found.held_back_days} of {found.days} days, to "
        f"{100 * found.least_pace:.0f}% of their strength at worst."
        if found.held_back_days
        else "The budget never slows the levers down."
    )
    _say(f"In all {found.total:.2f} yuan per customer and month{against}. {bound}")


def _heading(text: str) -> None:
    say(f"\n{text}")


def _say(text: str, about: str = "") -> None:
    from sim.commands.output import paragraph

    say(paragraph(text, indent=15 if about else 2, first=f"  {about}" if about else ""))
