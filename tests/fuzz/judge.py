"""What was wrong with how a case was answered."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.fuzz.case import Case
from tests.fuzz.sandbox import Outcome, signature

SLOW_SECONDS = 20.0  # assumptions, a warm-up for each point, take eight on a busy machine
READING = ("check", "explain", "scenarios")  # commands that never run the code a scenario names
LINES, LETTERS = 3, 400  # of a refusal
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")  # all but tab and the end of a line
# Of PyYAML's two the one that lets a line of tabs alone be empty, as YAML has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CODES, STOPPED = (0, 2), 130


def faults(case: Case, outcome: Outcome) -> Iterator[str]:
    """What is wrong, each in words that are the same for the same fault."""
    command = case.words[0] if case.words else "no command"
    if outcome.raised:
        yield outcome.raised
        return
    if outcome.seconds > SLOW_SECONDS:
        yield f"{case.kind}: more than {SLOW_SECONDS:g} seconds"
    stopped = outcome.code == STOPPED and outcome.watch.ran_code  # by code that was asked for
    if outcome.code not in CODES and not stopped:
        yield f"{case.kind}: exit code {outcome.code}"
    if outcome.code:
        yield from _of_a_refusal(case, outcome)
    yield from _of_promises(case, outcome, command)
    for name, text in (("stdout", outcome.out), ("stderr", outcome.err)):
        if "Traceback" in text:
            yield f"{case.kind}: a traceback on {name}"
        if CONTROL.search(text):
            yield f"{case.kind}: control characters on {name} ({command})"
    if outcome.watch.outside:
        yield f"{case.kind}: changed something outside its folder"
    if outcome.watch.ran_code and not any(word.startswith("rules.") for word in case.words):
        yield f"{case.kind}: ran code of a file that was only to be read ({command})"


def _of_promises(case: Case, outcome: Outcome, command: str) -> Iterator[str]:
    if outcome.code == 0 and case.must == "refuse":
        yield f"{case.kind}: accepted though it must be refused ({command})"
    if case.must == "tell" and not outcome.err.strip():
        yield f"{case.kind}: what was changed is used without a word ({command})"
    if outcome.code and case.must == "accept":
        yield f"{case.kind}: refused though nothing is wrong ({command})"


def _of_a_refusal(case: Case, outcome: Outcome) -> Iterator[str]:
    said = outcome.err.strip()
    if not said and not outcome.out.strip():
        yield f"{case.kind}: refused without a word"
    if len(said.splitlines()) > LINES:
        yield f"{case.kind}: a refusal of more than {LINES} lines"
    elif len(said) > LETTERS:
        yield f"{case.kind}: a refusal of more than {LETTERS} letters"


def nonsense(case: Case, outcome: Outcome) -> Iterator[str]:
    """Whether what was accepted is what was meant; to be asked in the folder of the case."""
    if outcome.code != 0 or not (case.meant or case.file_meant):
        return
    from sim.config.loading import load, read, resolved

    own = Path("mine") if "--config-dir" in case.words else None
    understand = read if case.words[0] in READING else load
    try:
        config = understand(case.words[1], [word for word in case.words[2:] if "=" in word], own)
    except Exception as error:
        yield f"accepted by {case.words[0]}, refused by load: {signature(error)}"
        return
    values = resolved(config)
    for key, meant in case.meant.items():
        found = _at(values, key)
        if not _equal(found, meant):
            yield f"silent nonsense: {key.rpartition('.')[0] or key} is not what was given"
    if case.file_meant:
        yield from _of_a_file(values, Path(case.file_meant).read_bytes())
    for key in out_of_range(config):
        yield f"silent nonsense: {key} out of its range"


def _of_a_file(values: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """Every setting in a scenario's file must be in the configuration."""
    try:
        told = yaml.load(content.decode("utf-8").lstrip("\ufeff"), LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        yield "silent nonsense: a scenario was accepted that is no YAML"
        return
    for key, meant in _leaves(told):
        # A rule is kept as file and function, and its tests are those of `test_trusted_rules`.
        if key.partition(".")[0] in ("defaults", "rules") or key == "strategy.name":
            continue
        if not _equal(_at(values, key), meant):
            part = key.partition(".")[0]
            yield f"silent nonsense: a setting under {part} is not what a file says"


def out_of_range(part: Any, path: str = "") -> Iterator[str]:
    """Settings outside the range that they declare."""
    for item in fields(part):
        value, key = getattr(part, item.name), f"{path}.{item.name}".lstrip(".")
        if value not in item.metadata.get("words", [value]):
            yield key
        for each in value if isinstance(value, list) else [value]:
            if is_dataclass(each):
                yield from out_of_range(each, key)
            elif isinstance(each, int | float) and "low" in item.metadata:
                whole = math.isfinite(each)
                if not (whole and item.metadata["low"] <= each <= item.metadata["high"]):
                    yield key


def _at(values: Any, key: str) -> Any:
    for part in key.split("."):
        if isinstance(values, list) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        elif isinstance(values, Mapping) and part in values:
            values = values[part]
        else:
            return None
    return values


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, Mapping) and tree:
        for name, value in tree.items():
            yield from _leaves(value, f"{path}.{name}".lstrip("."))
    elif isinstance(tree, list) and any(isinstance(each, Mapping) for each in tree):
        for place, value in enumerate(tree):
            yield from _leaves(value, f"{path}.{place}")
    elif not isinstance(tree, Mapping):
        yield path, tree


def _equal(found: Any, meant: Any) -> bool:
    if isinstance(found, list) and isinstance(meant, list):
        return len(found) == len(meant) and all(map(_equal, found, meant))
    if isinstance(meant, float) and math.isnan(meant):
        return isinstance(found, float) and math.isnan(found)
    if isinstance(found, str):
        return isinstance(meant, str | int | float) and not isinstance(meant, bool) and (
            found == str(meant) or (not isinstance(meant, str) and _as_number(found) == meant)
        )  # fmt: skip
    return bool(found == meant) and isinstance(found, bool) == isinstance(meant, bool)


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
