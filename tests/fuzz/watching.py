"""What a command does to the world around it, overheard from the interpreter's own events."""

import builtins
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

MARK = "code_found_in_a_file_was_run"  # what rule files of cases leave behind
MARKING = f"import builtins\nbuiltins.{MARK} = True\n"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {  # which arguments name what is changed
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.link": (1,),
    "os.chmod": (0,),
    "os.truncate": (0,),
}
HARMLESS = ("/dev/", "/proc/self/")
NET = ("socket.connect", "socket.bind", "socket.sendto")

_watching: "Watch | None" = None
_hooked = False


class Watch:
    """While it lasts, notes what is changed outside a folder, and who is called up.

    Attributes
    ----------
    outside
        Files changed elsewhere.
    ran_code
        Whether code that a file of the case holds was run.
    """

    def __init__(self, room: Path = Path("/")) -> None:
        self.room = f"{room}/"
        self.outside: list[str] = []
        self.ran_code = False

    def __enter__(self) -> Self:
        global _watching, _hooked
        if not _hooked:
            sys.addaudithook(_hear)  # for good: the interpreter has no way to take it back
            _hooked = True
        if hasattr(builtins, MARK):
            delattr(builtins, MARK)
        _watching = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        global _watching
        _watching = None
        self.ran_code = hasattr(builtins, MARK)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """One event of the interpreter."""
        if event == "open":
            path, mode, flags = arguments
            writes = set(mode) & set("wax+") if isinstance(mode, str) else (flags or 0) & WRITING
            if writes:
                self._changed(path)
        elif event in CHANGING:
            for place in CHANGING[event]:
                self._changed(arguments[place])
        elif event in NET:
            self.outside.append(f"{event} {arguments[1:]}")

    def _changed(self, path: Any) -> None:
        if isinstance(path, int):  # an open file; its opening was noted
            return
        full = os.path.abspath(os.fsdecode(path))
        compiled = "__pycache__" in full
        if not (f"{full}/".startswith(self.room) or full.startswith(HARMLESS) or compiled):
            self.outside.append(full)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching is not None and (event == "open" or event in CHANGING or event in NET):
        _watching.note(event, arguments)
