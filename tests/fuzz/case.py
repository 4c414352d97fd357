"""One case: what lies in the folder, and what is typed there."""

import base64
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER, FIFO, LINK = "folder", "fifo", "link"


@dataclass(frozen=True)
class Special:
    """What lies in a folder and is no ordinary file."""

    kind: str
    target: str = ""


Content = bytes | Special


@dataclass(frozen=True)
class Case:
    """A command line and the files it meets.

    Attributes
    ----------
    kind
        Which of `kinds.KINDS` it is of.
    words
        What is typed; ``{here}`` stands for the folder's absolute path. The first word
        ``@load`` opens results from Python, ``@records`` reads purchase records.
    files
        What lies in the working folder, by relative path.
    meant
        Settings that the configuration must have if the command line is accepted.
    file_meant
        A scenario's file whose every setting must be in the configuration if it is accepted.
    must
        ``refuse``, ``accept``, or ``tell``: a word on stderr at least.
    """

    kind: str
    words: tuple[str, ...]
    files: dict[str, Content] = field(default_factory=dict)
    meant: dict[str, Any] = field(default_factory=dict)
    file_meant: str = ""
    must: str = ""

    def lay(self, folder: Path) -> None:
        """Put the files into the folder."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif content.kind == FOLDER:
                path.mkdir(exist_ok=True)
            elif content.kind == FIFO:
                os.mkfifo(path)
            else:
                path.symlink_to(content.target)

    def as_json(self) -> str:
        """The case as text, to be tried again."""
        told = asdict(self)
        told["files"] = {name: _plain(content) for name, content in self.files.items()}
        return json.dumps(told, indent=1)


def from_json(text: str) -> Case:
    """The case that `as_json` wrote down."""
    told = json.loads(text)
    told["files"] = {name: _content(value) for name, value in told["files"].items()}
    return Case(**{**told, "words": tuple(told["words"])})


def _plain(content: Content) -> Any:
    if isinstance(content, Special):
        return asdict(content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _content(value: Any) -> Content:
    if isinstance(value, str):
        return value.encode()
    if "base64" in value:
        return base64.b64decode(value["base64"])
    return Special(**value)
