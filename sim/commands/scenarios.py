"""`repurchase scenarios`. The strategies there are."""

from sim.commands.options import ConfigDir, told_plainly
from sim.commands.output import say
from sim.text.outgoing import in_one_line


@told_plainly
def scenarios(config_dir: ConfigDir = None) -> None:
    """List the strategies there are, and what each changes against the baseline.

    Each is a file in scenarios/ to read and to copy; your own, in scenarios/ of the folder you
    work in or of --config-dir, are listed with them.

    Example:

        repurchase scenarios
    """
    from sim.commands.output import paragraph
    from sim.config.composing import scenarios as files
    from sim.strategy.changes import told

    for name in files(config_dir):
        title, changed = told(name, config_dir)
        say(in_one_line(f"{name:20} {title}"))
        say(paragraph(in_one_line(changed), indent=21))
