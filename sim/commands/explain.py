"""`repurchase explain`. What the model does on a day, and by which settings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import ConfigDir, TrustRules, Words, told_plainly
from sim.commands.output import say

if TYPE_CHECKING:
    from sim.strategy.explaining import Setting, Step


@told_plainly
def explain(
    words: Words = None,
    part: Annotated[
        str, typer.Option(help="Only settings below this key, such as behaviour.believe.")
    ] = "",
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Print the steps of a day, the questions parents answer, and every setting with its source.

    Examples:

        repurchase explain

        repurchase explain koc_led --part operator.koc

        repurchase explain behaviour.believe.kind=exponential rules.stay.reason_to_leave=my_rules.py
    """
    from sim.strategy.explaining import day_steps, questions, settings, steps
    from sim.text.incoming import typed

    names = [word for word in typed(words) if "=" not in word]
    changes = [word for word in typed(words) if "=" in word]
    scenario = _one(names)
    found = settings(scenario, changes, config_dir, trust_rules)
    if not part:
        _tell("A day, step by step", day_steps())
        _tell("In `live`, each household that wakes", steps())
        _tell("The questions, and the rules that answer them", questions())
    _show(scenario, part, found)


def _one(names: Sequence[str]) -> str:
    from sim.config.loading import BEFORE
    from sim.parameters.quantity import ConfigurationError
    from sim.text.outgoing import cited

    if len(names) > 1:
        raise ConfigurationError(f"One scenario at a time, not {cited(' and '.join(names))}.")
    return names[0] if names else BEFORE


def _tell(title: str, steps: "Sequence[Step]") -> None:
    from sim.commands.output import paragraph

    say(f"\n{title}")
    for number, step in enumerate(steps, 1):
        say(paragraph(step.what, 29, f"{number:3} {step.name}"))
        say(paragraph("; ".join([step.file, *filter(None, [", ".join(step.asks)])]), 29))


def _show(scenario: str, part: str, found: "Sequence[Setting]") -> None:
    from rich.table import Table

    from sim.commands.output import print_table
    from sim.config.composing import instead
    from sim.parameters.quantity import ConfigurationError
    from sim.text.outgoing import cited

    chosen = [each for each in found if not part or f"{each.key}.".startswith(f"{part}.")]
    if not chosen:
        known = {each.key.rpartition(".")[0] for each in found} | {each.key for each in found}
        raise ConfigurationError(f"There is no part {cited(part)}{instead(part, known)}")
    table = Table(title=f"Settings of {scenario}", title_justify="left")
    for heading in ("setting", "value", "unit", "source"):
        table.add_column(heading, no_wrap=heading == "setting", overflow="fold")
    for each in chosen:
        table.add_row(each.key, each.value, each.unit, each.source)
    print_table(table)
