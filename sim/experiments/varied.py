"""What varies, as it is said behind a command: read once, numbers and words from then on."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sim.config.composing import understood_all
from sim.config.overrides import key_of
from sim.experiments.space import Choice, Constraint, Range, Scale, Value
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import number_meant, unknown

_INTERVAL = re.compile(r"interval\(\s*([^,\s]+)\s*,\s*([^,\s]+)\s*(,\s*log\s*)?\)")
_RELATION = re.compile(r"\s*([\w.]+)\s*(<=|>=)\s*([-+\w.]+)\s*")
_CALL = re.compile(r"(interval|range|choice|glob)\(.*\)")  # Hydra has such words; here one is known


def searched(
    asked: Sequence[str], overrides: Sequence[str], known: Collection[str]
) -> dict[str, Range]:
    """What `experiment.settings` looks for: a range for each setting.

    Parameters
    ----------
    asked
        As a sweep says it, such as ``behaviour.need.cover_days=interval(7,120,log)``.
    overrides
        What is the same everywhere.
    known
        Settings that there are.

    Raises
    ------
    ConfigurationError
        Where something is no range, not known, or given, too.
    """
    found, rest = parsed(asked)
    if rest or not found:
        odd = cited(rest[0]) if rest else "experiment.settings"
        raise ConfigurationError(f"{odd} varies nothing: write KEY=interval(LOWEST,HIGHEST).")
    said = {key_of(text) for text in overrides}
    ranges: dict[str, Range] = {}
    for key, setting in found.items():
        if not isinstance(setting, Range):
            raise ConfigurationError(
                f"{cited(key)} in experiment.settings must be a range: write "
                f"{cited(key)}=interval(1,3)."
            )
        if key not in known:
            raise ConfigurationError(unknown(key, known))
        if key in said:
            raise ConfigurationError(
                f"{cited(key)} is looked for and cannot be given, too: leave it out, or name in "
                "experiment.settings what is looked for."
            )
        ranges[key] = setting
    return ranges


def parsed(words: Sequence[str]) -> tuple[dict[str, Range | Choice], list[str]]:
    """Tell what is varied from what is the same at every point.

    Parameters
    ----------
    words
        Such as ``operator.coupons.coupon_percent=5,10,15``,
        ``behaviour.believe.bad_news_factor=interval(1.5,2.5)``, ``...=interval(1,100,log)`` or
        ``population.households=2000``.

    Returns
    -------
    settings, overrides
        Those with several values, and the others as they are.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    settings: dict[str, Range | Choice] = {}
    same = []
    for text in words:
        key, _, value = text.partition("=")
        key = key.lstrip("+")
        interval = _INTERVAL.fullmatch(value.strip())
        if interval:
            settings[key] = _range(
                text, interval[1], interval[2], "log" if interval[3] else "linear"
            )
        elif _CALL.fullmatch(value.strip()):
            raise ConfigurationError(
                f"{cited(text)} cannot be read: write {cited(key)}=1,2,3, or "
                f"'{cited(key)}=interval(1,3)' with --lhs."
            )
        elif "," in value and not value.strip().startswith(("[", "{", "'", '"')):
            _check_commas(text, key, value)
            settings[key] = Choice(tuple(_value(key, part.strip()) for part in value.split(",")))
        else:
            same.append(text)
    return settings, same


def _check_commas(text: str, key: str, value: str) -> None:
    """Refuse a comma inside a number: none of several values begins with needless zeros."""
    meant = number_meant(value)
    if meant and re.search(r",0\d", value):
        raise ConfigurationError(
            f"{cited(text)} gives several values, and a number is written without a comma; did "
            f"you mean {cited(f'{key}={meant}')}?"
        )


def _range(text: str, low: str, high: str, scale: Scale) -> Range:
    try:
        ends = float(low), float(high)
    except ValueError as error:
        raise ConfigurationError(f"{cited(text)}: an interval has two numbers.") from error
    try:
        return Range(*ends, scale)
    except ConfigurationError as error:
        said = str(error)
        raise ConfigurationError(f"{cited(text)}: {said[0].lower()}{said[1:]}") from None


def _value(key: str, text: str) -> Value:
    """One of the values of a setting, as the same text would be read for a single run."""
    (read,) = understood_all([f"{key}={text}"])
    value = read.value
    if not isinstance(value, float | int | str):
        raise ConfigurationError(
            f"{cited(f'{key}={text}')} is no value to vary: it must be a number, a word, true or "
            "false."
        )
    return value


def fitting(
    settings: Mapping[str, Range | Choice], now: Mapping[str, Any]
) -> dict[str, Range | Choice]:
    """The settings as the configuration takes them: an interval of whole numbers has these alone.

    Parameters
    ----------
    now
        A resolved configuration, whose values tell the kind of each setting.

    Raises
    ------
    ConfigurationError
        For an interval of what is true or false.
    """
    return {key: _fitting(key, setting, _value_at(now, key)) for key, setting in settings.items()}


def _fitting(key: str, setting: Range | Choice, now: Any) -> Range | Choice:
    if isinstance(setting, Choice) or not isinstance(now, int):
        return setting
    if isinstance(now, bool):
        raise ConfigurationError(
            f"{key} takes true or false only, and an interval has every number between: write a "
            f"list, as in {key}=true,false."
        )
    low, high = math.ceil(setting.low), math.floor(setting.high)
    if not low < high:
        raise ConfigurationError(
            f"{key} takes whole numbers only, and this interval has no two of them: write a list, "
            f"as in {key}={low},{low + 1}."
        )
    return Range(low, high, setting.scale, whole=True)


def constraint(text: str) -> Constraint:
    """What must hold, such as ``a.b<=c.d`` or ``a.b>=2``.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    found = _RELATION.fullmatch(text)
    if not found:
        raise ConfigurationError(
            f"{cited(text)} cannot be read: write --where 'KEY<=KEY' or --where 'KEY>=2'."
        )
    key, relation, other = found.groups()
    try:
        bound, weights = float(other), {key: 1.0}
    except ValueError:
        bound, weights = 0.0, {key: 1.0, other: -1.0}
    return Constraint(weights, high=bound) if relation == "<=" else Constraint(weights, low=bound)


def _value_at(values: Any, key: str) -> Any:
    """What stands under a dotted key; None where nothing does."""
    for part in key.split("."):
        if isinstance(values, list) and part.isdecimal() and len(part) < 10:
            values = dict(enumerate(values)).get(int(part))
        else:
            values = values.get(part) if isinstance(values, Mapping) else None
    return values


def told(value: Value) -> str:
    """A value as it is written behind a command."""
    return str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["constraint", "fitting", "parsed", "searched", "told"]
