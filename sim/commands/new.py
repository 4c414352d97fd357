"""`repurchase new`. A scenario of one's own to begin with."""

from shlex import quote
from typing import Annotated

import typer

from sim.commands.options import ConfigDir, TrustRules, scenario_names, told_plainly
from sim.commands.output import say


@told_plainly
def new(
    name: Annotated[str, typer.Argument(help="Its name: letters, digits, _ and -.")],
    base: Annotated[
        str,
        typer.Option("--from", help="The scenario it begins from.", autocompletion=scenario_names),
    ] = "baseline",
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Write a scenario to edit: every setting of every lever, with what it means.

    It lies in scenarios/ of the folder you work in (or of --config-dir), where every command
    given in that folder finds it. No file is ever overwritten.

    Examples:

        repurchase new gentle

        repurchase new gentle_koc --from koc_led
    """
    from sim.strategy.draft import draft

    path = draft(name, base, config_dir)
    own = f" --config-dir {quote(str(config_dir))}" if config_dir else ""
    say(f"Scenario: {path}")
    say(f"Edit it, then: repurchase check {name}{own}")
