"""A scenario to begin with: every setting of every lever, with what it means, to be edited."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.config.composing import instead, own_scenarios, scenarios
from sim.config.loading import Simulation, read
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import Parameter, parameters, plain
from sim.text.incoming import same_letters
from sim.text.outgoing import cited

NAME, LONGEST_NAME = re.compile(r"\w[\w-]*"), 100  # a name; bytes of one: folders have it too
RESERVED = ("_self_",)  # means the file itself where a scenario says what it builds on
PLACEHOLDERS = {  # `check` asks for what is still as drafted
    "what": "Say here in one sentence what it does.",
    "why": "Say here why it should work.",
    "cost": "Say here what it costs, in words.",
}


def draft(name: str, base: str, config_dir: Path | None = None) -> Path:
    """Write a scenario that is as another one in everything, for its owner to change.

    Parameters
    ----------
    name
        Its name, and that of its file.
    base
        The scenario it begins from.
    config_dir
        The owner's folder; the working folder if there is none.

    Returns
    -------
    Path
        The file, in `scenarios/` of that folder.

    Raises
    ------
    ConfigurationError
        If the name cannot be one or is taken, or if there is no such base.
    """
    known, name, base = scenarios(config_dir), same_letters(name), same_letters(base)
    if not NAME.fullmatch(name) or name in RESERVED:
        raise ConfigurationError(
            f"{cited(repr(name))} cannot be the name of a scenario: use letters, digits, _ and -, "
            "as in gentle_coupons."
        )
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise ConfigurationError(
            f"{cited(name)} is too long for the name of a scenario: {LONGEST_NAME} letters (fewer "
            "in other alphabets) are the most."
        )
    taken = [other for other in known if other.casefold() == name.casefold()]
    if taken:
        raise ConfigurationError(
            f"There is already a scenario {taken[0]}, and it is not overwritten: choose another "
            "name, or edit that one."
        )
    if base not in known:
        raise ConfigurationError(f"There is no scenario {cited(base)}{instead(base, known)}")
    path = own_scenarios(config_dir) / f"{name}.yaml"
    _keep(path, text_of(name, base, read(base, (), config_dir)))
    return path


DATES = (
    "",
    "# Every lever may also have dates, such as `from_day: 120` and `until_day: 230`, and an",
    "# audience, such as `audience: {stages: [newborn, weaning], lot: 0.5}`. What changes on a day",
    "# goes here, for some days or, without `until_day`, for good:",
    "# schedule:",
    "#   - from_day: 90",
    "#     until_day: 120",
    "#     operator:",
    "#       coupons: {coupon_percent: 20}",
    "# An entry may also hold in some places alone, on all days or on some:",
    "#   - city_tiers: [fourth, fifth]    # or `regions`, by name",
    "#     operator:",
    "#       coupons: {coupon_percent: 20}",
)


def text_of(name: str, base: str, config: Simulation) -> str:
    """The scenario's text: levers in use first, the others as comments.

    It begins with `---` and ends with `...`, so that what is cut off is noticed.
    """
    lines = (*_head(name, base, config), *_levers(config), *DATES, "...")
    return "\n".join(lines) + "\n"


def _head(name: str, base: str, config: Simulation) -> Iterator[str]:
    about = config.strategy
    yield "---"
    yield f"# Begins as {base}. Change the values you want to change; the rest may go, and is then"
    yield f"# as in {base}. Behind each value: its unit and range, or what there is; its meaning."
    yield f"#   repurchase check {name}               what it means and spends, and what looks odd"
    yield f"#   repurchase compare baseline {name}    what it causes"
    yield "defaults:"
    yield f"  - {base}"
    yield "  - _self_"
    yield ""
    yield "strategy:"
    words = name.replace("_", " ")
    title = words[:1].upper() + words[1:]  # KOC stays KOC
    yield f"  title: {json.dumps(title, ensure_ascii=False)}"  # quoted: Null and 007 are words too
    for field, text in PLACEHOLDERS.items():
        yield f"  {field}: {text}"
    yield f"  facts: [{', '.join(about.facts)}]  # rows of conf/evidence/facts.csv it rests on"
    budget = next(each for each in parameters() if each.part == "strategy")
    yield _line(budget, about.budget_yuan_per_customer_month)
    yield ""
    yield "operator:"


def _levers(config: Simulation) -> Iterator[str]:
    levers: dict[str, list[Parameter]] = {}
    for each in parameters():
        inside = each.part.startswith("operator.") and each.part.count(".") == 1
        if inside and each.part != "operator.operations":
            levers.setdefault(each.part.removeprefix("operator."), []).append(each)
    off = [name for name in levers if getattr(config.operator, name).strength == 0.0]
    for name in (name for name in levers if name not in off):
        yield from _block(name, levers[name], config)
    if off:
        yield ""
        yield "  # Levers not in use. To use one, take the `# ` in front of its lines away and"
        yield "  # give it a strength above 0."
    for name in off:
        yield from (f"  # {line.removeprefix('  ')}" for line in _block(name, levers[name], config))


def _block(name: str, members: list[Parameter], config: Simulation) -> Iterator[str]:
    own = getattr(config.operator, name)
    yield f"  {name}:"
    for each in members:
        value = getattr(own, each.name)
        if each.file or value != each.default:  # the others need no line
            yield "  " + _line(each, value)


def _line(parameter: Parameter, value: Any) -> str:
    """A setting, its value, and what it means."""
    unit = parameter.unit
    known = unit == parameter.bounds or unit.startswith("0 ") or not parameter.is_number
    ranged = "" if known else f", {parameter.bounds}"
    shown = plain(value).replace(",", "")
    if isinstance(value, float) and "." not in shown:
        shown += ".0"
    return f"  {parameter.name}: {shown}  # {unit}{ranged}: {parameter.about}"


def _keep(path: Path, text: str) -> None:
    """The whole file or none, and never over another one."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        os.link(unfinished, path)
    except OSError as error:
        if path.exists():  # somebody else was quicker
            raise ConfigurationError(f"{path} exists already and is not overwritten.") from None
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror}): work in a folder of your own, or name "
            "one with --config-dir."
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


__all__ = ["PLACEHOLDERS", "draft", "text_of"]
