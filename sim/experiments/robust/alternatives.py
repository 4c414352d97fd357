"""Alternative assumptions, each in a file of `conf/alternative/` or of the user's own folder.

A file says what is assumed instead, why somebody believes it, and which settings say so. What lies
under `moved` are settings that bring the levels of the shipped behaviour back, so that comparing
the two is fair; `repurchase relevel` finds them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config import composing
from sim.config.yaml_files import read_settings
from sim.experiments.space import Point, Value
from sim.experiments.varied import told
from sim.parameters.quantity import ConfigurationError, listed
from sim.text.outgoing import cited
from sim.text.suggestions import instead

GROUP = "alternative"  # the folder
AS_IT_IS, PLAUSIBLE = "as_it_is", "plausible"  # what is shipped, and a sample of behaviours
TEXTS = ("title", "why", "source")
PARTS = (*TEXTS, "settings", "moved")
ABOUT = ("behaviour", "population", "community", "market", "rules")  # what an assumption is about
LEVELS = (*ABOUT, "operator")  # what may be moved to bring levels back
_MOVED = re.compile(r"^moved:.*\n?(?:^(?:[ \t].*)?\n?)*", re.MULTILINE)  # with what is indented
_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Alternative:
    """One alternative assumption.

    Attributes
    ----------
    name, title
        That of its file, and what a reader calls it.
    why, source
        Why somebody believes it, and who says so, or `assumed`.
    settings, moved
        By dotted key: what is assumed instead, and what was moved to bring levels back.
    file
        Where it stands.
    """

    name: str
    title: str
    why: str
    source: str
    settings: Point
    moved: Point
    file: Path

    @property
    def point(self) -> Point:
        """All that it sets."""
        return {**self.settings, **self.moved}


def alternatives(
    names: Sequence[str] = (), config_dir: Path | None = None, trust_rules: bool = False
) -> list[Alternative]:
    """Those of these names, in their order; without names all there are, in that of the alphabet.

    The user's own come before the package's.

    Raises
    ------
    ConfigurationError
        In one sentence: there is none of a name, or a file is none.
    """
    homes = [composing.CONF] if config_dir is None else [composing.CONF, config_dir]
    files = {path.stem: path for home in homes for path in sorted((home / GROUP).glob("*.yaml"))}
    for name in names:
        if name not in files:
            raise ConfigurationError(
                f"There is no alternative {cited(name)}{instead(name, sorted(files))}"
            )
    if not files:
        raise ConfigurationError(
            "There is no alternative assumption: write one, see robustness.md."
        )
    chosen = dict.fromkeys(names) or sorted(files)
    return [_read(name, files[name], trust_rules) for name in chosen]


def _read(name: str, file: Path, trust_rules: bool) -> Alternative:
    """An alternative, checked as far as its file alone can tell."""
    values = read_settings(file)
    if name in (AS_IT_IS, PLAUSIBLE):
        raise ConfigurationError(f"{file}: {name} is what others are held against: rename it.")
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{file}: its name must be of letters, digits and underscores, as habit_first: rename "
            "it."
        )
    if not isinstance(values, dict):
        raise ConfigurationError(f"{file} is no alternative: it needs {listed(PARTS[:4])}.")
    for key in values:
        if key not in PARTS:
            raise ConfigurationError(f"{file}: there is no {cited(key)}{instead(key, PARTS)}")
    texts = {part: values.get(part) for part in TEXTS}
    for part, text in texts.items():
        if not (isinstance(text, str) and text.strip()):
            raise ConfigurationError(f"{file} needs a {part}, in words.")
    settings = _point(file, "settings", values.get("settings"), ABOUT)
    if not settings:
        raise ConfigurationError(
            f"{file} assumes nothing: write what it sets, as `settings: {{behaviour.choose.kind: "
            "threshold}`."
        )
    if not trust_rules and any(_room(key) == "rules" for key in settings):
        raise ConfigurationError(
            f"{file} replaces a rule by code of its own, which is not run unasked: read it, and "
            "if you trust it, add --trust-rules."
        )
    moved = _point(file, "moved", values.get("moved"), LEVELS)
    if both := sorted(set(settings) & set(moved)):
        raise ConfigurationError(f"{file} sets {both[0]} twice: take it out of `moved`.")
    return Alternative(name, **texts, settings=settings, moved=moved, file=file)  # type: ignore[arg-type]


def _room(key: str) -> str:
    return key.partition(".")[0]


def _point(file: Path, part: str, values: Any, rooms: Sequence[str]) -> Point:
    """Settings by dotted key, each a number, a word or a switch."""
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise ConfigurationError(
            f"{file}: `{part}` is a list of settings, as behaviour.choose.kind: threshold."
        )
    for key, value in values.items():
        if _room(key) not in rooms or "." not in key:
            raise ConfigurationError(
                f"{file}: {cited(key)} in `{part}` is no setting of {listed(rooms)}: write its "
                "whole key, as behaviour.choose.kind."
            )
        if not isinstance(value, float | int | str):
            raise ConfigurationError(f"{file}: {cited(key)} must be a number, a word or a switch.")
    return dict(values)


def in_words(point: Point) -> str:
    """Settings as they are written behind a command, with commas between."""
    return ", ".join(f"{key}={told(value)}" for key, value in point.items())


def with_moved(text: str, moved: Mapping[str, Value], facts: Sequence[str]) -> str:
    """The text of a file with other settings under `moved`; all else stays as it is.

    Parameters
    ----------
    text
        Of the file as it was.
    moved
        By dotted key; none: nothing was moved.
    facts
        What they were moved for, told on their lines.
    """
    kept = _MOVED.sub("", text).rstrip("\n")
    lines = [
        f"  {key}: {told(value)}  # moved for {', '.join(facts)}" for key, value in moved.items()
    ]
    return "\n".join([kept, *(["moved:", *lines] if lines else []), ""])


__all__ = [
    "AS_IT_IS",
    "GROUP",
    "PLAUSIBLE",
    "Alternative",
    "alternatives",
    "in_words",
    "with_moved",
]
