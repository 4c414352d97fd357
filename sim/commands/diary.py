"""`repurchase diary`. One household's life, day by day, in words."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    Request,
    Seed,
    TrustRules,
    Words,
    scenario_names,
    told_plainly,
)
from sim.commands.output import say


@told_plainly
def diary(
    words: Words = None,
    household: Annotated[
        int | None, typer.Option(help="Which household, from 0 to the population less one.")
    ] = None,
    who: Annotated[
        str | None,
        typer.Option(
            help="The first household of a kind instead: customer, repurchaser, churned; with "
            "--against also won or lost (repurchases under this strategy alone, or that one alone)."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="Another strategy: the day on which the two lives part, and what then.",
            autocompletion=scenario_names,
        ),
    ] = None,
    from_day: Annotated[int, typer.Option(help="First day to tell of.")] = 0,
    days: Annotated[
        int | None, typer.Option(help="How many days to tell of; all if left out.", min=1)
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Tell every changed field of the record too.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Everything as JSON, every rule that was asked too.")
    ] = False,
    seed: Seed = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Tell one household's life day by day: what it needed, saw, believed, chose and judged.

    The whole population is lived with; one household is overheard.

    Examples:

        repurchase diary --household 129

        repurchase diary integrated --who repurchaser --from-day 30 --days 60 --record

        repurchase diary integrated --against baseline --who won population.households=2000
    """
    from sim.diary import as_plain, comparison, pages
    from sim.diary.finding import diaries_asked_for

    asked = Request("run", words, Path("results"), config_dir, None, None, seed=seed)
    scenarios = [asked.scenario, *([against] if against else [])]
    kept = diaries_asked_for(
        scenarios,
        asked.overrides,
        asked.config_dir,
        asked.values["seed"],
        household,
        who,
        from_day,
        days,
        trust_rules,
    )
    if as_json:
        import json

        say(json.dumps([as_plain(each) for each in kept], indent=1))
        return
    told = comparison(*kept) if against else pages(kept[0], record)
    for paragraph in told:
        say(f"{paragraph}\n")
