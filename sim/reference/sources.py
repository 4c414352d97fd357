"""Where a number comes from: the comment on its line in a file of settings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.config.yaml_files import read_settings
from sim.text.incoming import read_text


@dataclass(frozen=True)
class Line:
    """Where a value stands, and the comment behind it."""

    file: Path
    number: int
    comment: str


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, seven times as fast

Sources = dict[str, Line]  # by dotted key; a member of a list is `key[0]`

COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")


def sources_in(path: Path) -> Sources:
    """The line of every value of a YAML file, files of the same folder it lies over included."""
    return _sources_in(path, ())


def _sources_in(path: Path, above: tuple[Path, ...]) -> Sources:
    read_settings(path)  # refuses what would not be safe to compose
    text = read_text(path)
    lines, root = [*text.splitlines(), ""], yaml.compose(text, _LOADER)  # whose lines end alike
    found: Sources = {}
    if root is None:
        return found
    for base in _bases(root):
        beside = path.parent / f"{base}.yaml"
        if beside.is_file() and beside not in above:
            found |= _sources_in(beside, (*above, path))
    for key, line in _values(root, ""):
        comment = COMMENT.search(lines[line])
        found[key] = Line(path, line + 1, comment[1].strip() if comment else "")
    return found


def _bases(root: yaml.Node) -> Iterator[str]:
    """Names of the files of the same folder that a file lies over."""
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        if key.value == "defaults" and isinstance(value, yaml.SequenceNode):
            for each in value.value:
                if isinstance(each, yaml.ScalarNode) and each.value != "_self_":
                    yield each.value


def _values(node: yaml.Node, key: str) -> Iterator[tuple[str, int]]:
    """Key and line of every value at or below a node, and of every list that is in one line."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _values(value, f"{key}.{name.value}" if key else name.value)
        return
    if isinstance(node, yaml.ScalarNode) or node.end_mark.line == node.start_mark.line:
        yield key, node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        for i, member in enumerate(node.value):
            yield from _values(member, f"{key}[{i}]")


__all__ = ["Line", "Sources", "sources_in"]
