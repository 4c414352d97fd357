"""The rules told anew in plain Python, some of them answered by somebody else.

A rule calls other rules by name. `OverriddenRules` makes a twin of every rule in which each name
leads to another twin, or to whoever answers in a rule's place. The rules themselves stay
untouched, and so does everybody who lives by them.
"""

import sys
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

import sim.engine.blocks
from sim.rules.finding import rules

Rule = Callable[..., Any]

# By their own names, which no two of them share; as the package has them.
RULES: dict[str, FunctionType] = {name.partition(".")[2]: rule for name, rule in rules().items()}


class OverriddenRules:
    """Twins of all rules, and of the day that is composed of them.

    Where a rule is replaced by a function of one's own for the whole process, that function
    stands for it here too.

    Parameters
    ----------
    answered
        Names of the rules that somebody else answers for.

    Attributes
    ----------
    who
        Whoever answers for them today, by methods of the same names.
    rules
        The twin of every rule by its name: what it says itself, its own calls being answered.
    spend_day
        The twin of `sim.engine.blocks.spend_day`.
    """

    def __init__(self, answered: Iterable[str]) -> None:
        self.who: Any = None
        homes = dict.fromkeys(
            rule.__module__ for rule in (*RULES.values(), sim.engine.blocks.spend_day)
        )
        names: dict[str, dict[str, Any]] = {home: dict(vars(sys.modules[home])) for home in homes}
        twins: dict[Any, Rule] = {
            function: _twin(function, known)
            for home, known in names.items()
            for function in known.values()
            if isinstance(function, FunctionType) and function.__module__ == home
        }
        now = {name: names[rule.__module__][name] for name, rule in RULES.items()}
        self.rules = {name: twins.get(rule, rule) for name, rule in now.items()}
        heard = twins | {now[name]: self._ask(name) for name in answered}
        for known in names.values():
            functions = {n: value for n, value in known.items() if isinstance(value, FunctionType)}
            known.update({name: heard.get(value, value) for name, value in functions.items()})
        self.waking = names[RULES["waking"].__module__]["waking"]
        self.spend_day = heard[sim.engine.blocks.spend_day]

    def _ask(self, name: str) -> Rule:
        def ask(*arguments: Any) -> Any:
            return getattr(self.who, name)(*arguments)

        return ask


def _twin(rule: FunctionType, names: dict[str, Any]) -> Rule:
    return FunctionType(rule.__code__, names, rule.__name__, rule.__defaults__, rule.__closure__)


__all__ = ["RULES", "OverriddenRules", "Rule"]
