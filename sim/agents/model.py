"""The model as Mesa users know it: `step` lives a day, and agents are windows on the engine."""

from typing import Any

from sim.agents.agents import Windows, live_by_windows
from sim.engine.model import Engine, RunOverError


class RepurchaseModel(Engine, Windows):
    """Households, their communities, the operator and its rivals, day by day.

    An ordinary Mesa model. The population is worked by the compiled engine; Mesa agents are windows
    on it, made when somebody first asks for them.

    Parameters
    ----------
    config, seed, threads, keep_events, panel
        As for `sim.engine.model.Engine`.

    Attributes
    ----------
    by_windows
        True where everybody lives through their window, in plain Python, to the same bits.
    """

    def __init__(
        self, config: Any, seed: int, threads: int = 1, keep_events: bool = True, panel: int = 1
    ) -> None:
        Windows.__init__(self, seed)
        Engine.__init__(self, config, seed, threads, keep_events, panel)
        self.by_windows = False

    def live(self) -> None:
        """Every household that wakes lives its day."""
        if self.by_windows:
            live_by_windows(self)
        else:
            super().live()

    def step(self) -> None:
        """Live one day; after the run's last, `running` is False.

        The steps of the day are called one after the other where everybody lives through their
        window, else in one breath, since the engine is compiled for that already.

        Raises
        ------
        RunOverError
            If the run's days are over.
        """
        if self.by_windows:
            Engine.step(self)
        else:
            Engine.live_until(self, self.day + 1)

    def live_until(self, until: int) -> None:
        """Live every day before `until`: the same days as one `step` here after the other.

        Raises
        ------
        RunOverError
            If the run ends before.
        """
        if not self.by_windows:
            super().live_until(until)
            return
        self._must_last_until(until)
        while self.day < until:
            Engine.step(self)


__all__ = ["RepurchaseModel", "RunOverError"]
