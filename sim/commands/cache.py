"""`repurchase cache`. What is kept because it can be made again, and taking it away."""

import time
from typing import Annotated

import typer

from sim.commands.options import told_plainly
from sim.commands.output import say
from sim.store.cache_limit import ALL, KINDS, MIB


@told_plainly
def cache(
    clear: Annotated[
        str | None,
        typer.Option(
            help=f"Take away all of a kind: {', '.join(KINDS)}, or {ALL}.",
            autocompletion=lambda: [*KINDS, ALL],
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(help="Take away worlds used longest ago until these MiB are left.", min=0),
    ] = None,
) -> None:
    """Show what is kept because it can be made again: compiled code, warmed-up worlds.

    All of it may be taken away at any time, also while runs are under way; what is missing is
    made again. Worlds are taken away by themselves above `run.kept_worlds_mib`.

    Examples:

        repurchase cache

        repurchase cache --clear worlds

        repurchase cache --limit 500
    """
    import pandas as pd

    from sim.commands.output import show
    from sim.parameters.quantity import ConfigurationError
    from sim.store.cache import cache_home
    from sim.store.cache_limit import clear as clear_kind
    from sim.store.cache_limit import files_of, trim
    from sim.text.outgoing import cited
    from sim.text.suggestions import instead

    if clear is not None and clear not in (*KINDS, ALL):
        raise ConfigurationError(
            f"Nothing of the kind {cited(clear)} is kept{instead(clear, KINDS)}"
        )
    home = cache_home()
    for kind in KINDS if clear == ALL else filter(None, [clear]):
        say(f"{kind}: {clear_kind(home, kind):,} files taken away.")
    if limit is not None:
        say(f"worlds: {trim(home, 'worlds', limit * MIB):,} files taken away.")
    rows = []
    for kind, what in KINDS.items():
        files = files_of(home, kind)
        rows.append(
            {
                "kind": kind,
                "what": what,
                "files": len(files),
                "MiB": f"{sum(file.size for file in files) / MIB:,.1f}",
                "last used": _ago(files[-1].used_ns) if files else "",
            }
        )
    show(f"Kept in {home}", pd.DataFrame(rows))


def _ago(when_ns: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(when_ns / 1e9))
