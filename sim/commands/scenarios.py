"""`repurchase scenarios`. The strategies there are."""

import typer

from sim.commands.asking import ConfigDir, told_plainly


@told_plainly
def scenarios(config_dir: ConfigDir = None) -> None:
    """List the strategies there are; each is a file in scenarios/ to read and to copy."""
    from sim.config import strategy_titles

    for name, title in strategy_titles(config_dir).items():
        typer.echo(f"{name:20} {title}")
