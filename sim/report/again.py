"""The command that gives the same results, and the table that says so."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.tables import Shown
from sim.report.words import Words


def again(
    names: Sequence[str],
    manifest: Mapping[str, Any],
    options: Mapping[str, str | Sequence[str]],
    settings: Mapping[str, object],
) -> str:
    """What to type for the same results.

    Parameters
    ----------
    names
        The lever, strategies or whatever else the command is asked for by name.
    manifest
        Of the results.
    options
        Beside the number of worlds and the seed; one of several words is given several times.
    settings
        Of the experiment, by what stands behind `experiment.`.
    """
    asked = ["repurchase", str(manifest["experiment"]), *names]
    for name, said in options.items():
        for word in [said] if isinstance(said, str) else said:
            asked += [f"--{name}", word]
    if "replications" in manifest:
        asked += ["-n", str(manifest["replications"])]
    asked += ["--seed", str(manifest["seed"])]
    asked += [f"experiment.{name}={value}" for name, value in settings.items()]
    return shlex.join([*asked, *map(str, manifest["overrides"])])


def asked_again(rows: list[list[str]], command: str, words: Words) -> Shown:
    """The table of what was asked and answered, above what to type for the same results."""
    head = [words(f"asked_again.{key}") for key in ("asked", "answered")]
    note = words("asked_again.note", command=command)
    return Shown("asked", words("asked_again.title"), note, head, rows, prose=True)


__all__ = ["again", "asked_again"]
