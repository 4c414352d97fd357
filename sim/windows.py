"""What every Mesa window of the model is: a number, and a record seen through it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from sim.agents import Windows


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

    if TYPE_CHECKING:  # the fields of the record, see `show_fields`

        def __getattr__(self, name: str) -> Any: ...


def show_fields(window: type[Window], names: Any) -> None:
    """Give a kind of window an attribute for each of these fields of its record."""
    for name in names:

        def get(self: Window, name: str = name) -> Any:
            value = self.record[name]
            return value if value.shape else value.item()

        def put(self: Window, value: Any, name: str = name) -> None:
            self.record[name] = value

        setattr(window, name, property(get, put))
