"""`repurchase rule`. The rules of behaviour, and how one of them responds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import ConfigDir, ResultsDir, TrustRules, told_plainly
from sim.commands.output import say

if TYPE_CHECKING:
    from sim.responses.responding import Responses


def _names(incomplete: str) -> list[str]:
    from sim.rules.finding import rules

    return [name for name in rules() if name.startswith(incomplete)]


@told_plainly
def rule(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[RULE]",
            help="A rule, such as believe.trust_after; none: list them.",
            autocompletion=_names,
            show_default=False,
        ),
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE]...",
            help="Parameters, or a function of your own: rules.RULE=my_rules.py",
            show_default=False,
        ),
    ] = None,
    results: ResultsDir = Path("results"),
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Draw how a rule responds to each thing it is given, and to its parameters.

    Writes a figure (PNG, SVG) and a table (CSV, Parquet) of the response over the range of each
    input, the others at typical values. Where a function of your own replaces the rule, both are
    drawn. Without a name it lists the rules.

    Examples:

        repurchase rule

        repurchase rule believe.trust_after

        repurchase rule believe.trust_after rules.believe.trust_after=my_rules.py
    """
    from sim.commands.output import show
    from sim.responses.writing import summary, write
    from sim.text.incoming import typed

    if not name:
        _list()
        return
    responses = _responses(name, typed(settings), config_dir, trust_rules)
    folder = write(responses, results)
    show(f"{responses.name}: {responses.about}", summary(responses))
    say(f"Figure: {folder / 'figure.png'}")


def _responses(
    name: str, settings: list[str], config_dir: Path | None, trust_rules: bool
) -> "Responses":
    from sim.config.loading import BEFORE, load
    from sim.parameters.quantity import ConfigurationError
    from sim.responses.checking import check_rules
    from sim.responses.responding import Responses
    from sim.rules.reading import find_rule
    from sim.rules.replacing import live_by
    from sim.text.outgoing import cited

    wrong = [word for word in settings if "=" not in word]
    if wrong:
        raise ConfigurationError(f"One rule at a time: {cited(wrong[0])} is no setting KEY=VALUE.")
    found = find_rule(name)
    config = load(BEFORE, settings, config_dir, trust_rules=trust_rules)
    check_rules(config)
    live_by(config.rules)  # what it asks may be replaced too
    return Responses(found, config)


def _list() -> None:
    """Every rule under its question; in brackets those with no response to draw."""
    import importlib
    from itertools import groupby

    from sim.commands.output import paragraph
    from sim.responses.responding import is_drawable
    from sim.rules.finding import first_line, rules

    for file, names in groupby(rules(), lambda each: each.partition(".")[0]):
        module = importlib.import_module(f"sim.behaviour.{file}")
        say(f"\n{first_line(module)} (sim/behaviour/{file}.py)")
        for each in names:
            shown = each if is_drawable(each) else f"({each})"
            say(paragraph(first_line(rules()[each]), 37, f"  {shown}"))
    say("\nIn brackets: scenes of several rules; they change records or draw luck.")
