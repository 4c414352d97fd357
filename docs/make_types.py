"""Write anew which rules and levers a type checker knows: sim/world/protocols/parameters.py.

    python docs/make_types.py

Rules and levers are found by whoever runs them. A type checker finds nothing by itself and wants an
import and a line for each; these stand between `# begin: name` and `# end: name`, and a test holds
them to what this script writes.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from sim.parameters.schema import parameters_of

ROOT = Path(__file__).parents[1]
FILE = ROOT / "sim" / "world" / "protocols" / "parameters.py"
PACKAGES = {"rules": "sim.behaviour", "levers": "sim.operator.levers"}


def typed(text: str) -> str:
    """The file's text with the lines of every rule and every lever there is."""
    for kind, package in PACKAGES.items():
        names = {name: name.title().replace("_", "") for name in parameters_of(package)}
        imports = [f"from {package}.{n} import Parameters as {known}" for n, known in names.items()]
        text = _between(text, f"types of {kind}", [*imports, ""])
        text = _between(text, kind, [f'{name}: "{known}"' for name, known in names.items()])
    return text


def _between(text: str, name: str, lines: Iterable[str]) -> str:
    place = re.compile(rf"(    # begin: {name}\n).*?(    # end: {name}\n)", re.DOTALL)
    told = "".join(f"    {line}\n" if line else "\n" for line in lines)
    text, found = place.subn(lambda match: match[1] + told + match[2], text)
    if found != 1:
        raise ValueError(f"{FILE.name} has {found} places for {name}, not one.")
    return text


if __name__ == "__main__":
    FILE.write_text(typed(FILE.read_text(encoding="utf-8")), encoding="utf-8")
