"""Figures that were drawn before, so that a command given a thousand times draws them once.

A command that meets a fault draws its figures itself; this is for the one that is given again.
"""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_drawn: dict[bytes, dict[str, bytes]] = {}  # the files of a figure, by what it is drawn from


@contextmanager
def drawn_once() -> Iterator[None]:
    """Draw no figure that was drawn so in this process, or in the one it was forked from."""
    from sim.report.slides import Slide

    draw = Slide.draw

    def drawn(self: Slide, exhibit: Any) -> Any:
        what = pickle.dumps((self.looks, self.reference, exhibit))
        return _known(_drawn[what]) if what in _drawn else _noted(draw(self, exhibit), what)

    Slide.draw = drawn  # type: ignore[method-assign]
    try:
        yield
    finally:
        Slide.draw = draw  # type: ignore[method-assign]


def _noted(figure: Any, what: bytes) -> Any:
    save = figure.savefig

    def saved(path: Path, format: str, **how: Any) -> None:
        save(path, format=format, **how)
        _drawn.setdefault(what, {})[format] = path.read_bytes()

    figure.savefig = saved
    return figure


def _known(files: dict[str, bytes]) -> Any:
    return SimpleNamespace(
        get_layout_engine=lambda: None,
        set_layout_engine=lambda _: None,
        savefig=lambda path, format, **_: path.write_bytes(files[format]),
    )
