"""What every Mesa window of the model is: a number, and a record seen through it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.parameters.quantity import in_words
from sim.text.outgoing import cited

if TYPE_CHECKING:
    from sim.agents.agents import Windows


class _Numbers:
    """Numbers of windows, kept by each model for itself.

    Mesa's own `Agent._ids` keeps every model that ever made an agent in memory for good.
    """

    def __getitem__(self, model: "Windows") -> Iterator[int]:
        return model.window_numbers


class Window(mesa.Agent):
    """A window on one record of the model.

    Parameters
    ----------
    model
        The model.
    index
        Which record.
    """

    _ids = _Numbers()

    def __init__(self, model: "Windows", index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def record(self) -> Any:
        """The record itself: an `np.record` that shares the model's memory."""
        raise NotImplementedError

    def bounds_of(self, name: str) -> tuple[float, float]:
        """Least and greatest value of a field: what its bytes hold, if nothing is declared."""
        kind = self.record.dtype[name].base
        if kind.kind == "f":
            return -np.inf, np.inf
        return int(np.iinfo(kind).min), int(np.iinfo(kind).max)

    if TYPE_CHECKING:  # the fields of the record, see `show_fields`

        def __getattr__(self, name: str) -> Any: ...


def show_fields(window: type[Window], names: Iterable[str], record: str = "record") -> None:
    """Give a kind of window an attribute for each of these fields of a record of its own.

    What is set is refused with a `ValueError` where it lies outside of the field's bounds.
    """
    for name in names:

        def get(self: Window, name: str = name) -> Any:
            value = getattr(self, record)[name]
            if not value.shape:
                return value.item()
            whole = value.view()
            whole.flags.writeable = False  # set one by one, members would pass by the bounds
            return whole

        def put(self: Window, value: Any, name: str = name) -> None:
            getattr(self, record)[name] = _possible(self, name, value, getattr(self, record))

        setattr(window, name, property(get, put))


def _possible(window: Window, name: str, value: Any, record: Any) -> Any:
    """The value, if a field can have it."""
    kind, (low, high) = record.dtype[name], window.bounds_of(name)
    whole = kind.base.kind != "f"
    try:
        numbers = np.asarray(value).astype(float)
    except (TypeError, ValueError):
        numbers = np.full((), np.nan)
    right = (low <= numbers) & (numbers <= high) & np.isfinite(numbers)
    if whole:
        right &= numbers == np.floor(numbers)
    if numbers.shape == kind.shape and right.all():
        return value
    what = "a whole number" if whole else "a number"
    if kind.shape:
        what = f"{kind.shape[0]} of them, each {what}"
    if np.isfinite(high):
        what += f" between {in_words(low)} and {in_words(high)}"
    elif np.isfinite(low):
        what += f" of at least {in_words(low)}"
    who = f"{type(window).__name__} {window.index}"
    raise ValueError(f"{name} = {cited(value)} is impossible for {who}: it must be {what}.")
