"""The command that gives the same results."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any


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
    asked += ["-n", str(manifest["replications"]), "--seed", str(manifest["seed"])]
    asked += [f"experiment.{name}={value}" for name, value in settings.items()]
    return shlex.join([*asked, *map(str, manifest["overrides"])])


__all__ = ["again"]
