"""Whose code may run: that which the user named, or said to be trusted.

Scenarios, configurations and results that others wrote may name code, and reading them runs none
of it. A file's text may run in this process once somebody who asked for it has said so: by giving
the rule itself, on the command line or from Python, or by trusting the rules of scenarios.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sim.parameters.quantity import ConfigurationError
from sim.rules.reading import place_of
from sim.text.incoming import UnreadableError, read_text
from sim.text.outgoing import cited, in_one_line

if TYPE_CHECKING:
    from sim.parameters.schema import ReplacedRule

_may_run: set[str] = set()  # checksums of the texts that may run in this process

HOW = "if you trust it, add --trust-rules (from Python: trust_rules=True)"


class UntrustedRuleError(ConfigurationError):
    """Code of others would run, and nobody has said that it may."""


def trust(replaced: Iterable["ReplacedRule"]) -> None:
    """Let the files of these rules run in this process."""
    _may_run.update(_checksum(own.source) for own in replaced)


def trusted() -> frozenset[str]:
    """What may run in this process, for another one to go by."""
    return frozenset(_may_run)


def trust_as(told: frozenset[str]) -> None:
    """Trust what the process trusts that started this one."""
    _may_run.update(told)


def check_may_run(file: str, source: str) -> None:
    """Refuse a text that nobody has said may run."""
    if _checksum(source) not in _may_run:
        raise UntrustedRuleError(
            f"The code of {cited(file)} is not run unasked: read it, and {HOW}."
        )


def _checksum(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def check_trusted(
    unasked: Mapping[str, "ReplacedRule"], files: Sequence[Path], folders: Sequence[Path]
) -> None:
    """Refuse code that a scenario or a file of settings names and nobody has vouched for.

    Parameters
    ----------
    unasked
        What would replace rules, by name of the rule.
    files
        Where it may have been named, the scenario first.
    folders
        Where files of rules are looked for.
    """
    for rule, own in unasked.items():
        line = next(filter(None, (_line(rule, own, file) for file in files)), str(files[0]))
        path = place_of(own.file, folders)
        raise UntrustedRuleError(
            f"{in_one_line(line)} replaces {rule} by code that is not run unasked: read "
            f"{in_one_line(str(path.resolve() if path else own.file))}, and {HOW}."
        )


def _line(rule: str, own: "ReplacedRule", file: Path) -> str:
    """File and line in which a rule is given this function, if it is there."""
    wanted, key = (own.file, f"{own.file}:{own.function}"), ""
    with suppress(OSError, UnreadableError, yaml.YAMLError):
        for token in yaml.scan(read_text(file)):
            if not isinstance(token, yaml.ScalarToken):
                continue
            if token.value in wanted and key and f"rules.{rule}".endswith(key):
                return f"{file}, line {token.start_mark.line + 1},"
            key = token.value
    return ""


__all__ = [
    "UntrustedRuleError",
    "check_may_run",
    "check_trusted",
    "trust",
    "trust_as",
    "trusted",
]
