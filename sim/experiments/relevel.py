"""Alternative assumptions brought back to the levels of the shipped behaviour.

An assumption that is merely switched moves every level with it, and a strategy then differs since
there are more customers, not since they behave otherwise. So a few level settings are moved until
a few facts marked fit are each met as nearly as the shipped behaviour meets it, in the same worlds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import fingerprint
from sim.console.progress import OnProgress, Standing
from sim.evidence.measure import BASELINE
from sim.experiments.assumptions import value_at
from sim.experiments.calibrate import space_of
from sim.experiments.calibrating.targets import Aim
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings
from sim.experiments.keeping import keep
from sim.experiments.robust.alternatives import GROUP, Alternative, with_moved
from sim.experiments.robust.yardstick import (
    Floats,
    Levels,
    Yardstick,
    deviations,
    farther,
    means,
    off,
    rows_of,
)
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.damped import Damped
from sim.experiments.samplers.emulated import Target
from sim.experiments.space import Range, Space
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters as known_parameters
from sim.store.folders import whole_file
from sim.text.incoming import read_text

AT_AN_END = 1e-3  # of a range: a setting so near an end would go farther


@dataclass(frozen=True)
class Search:
    """What may be moved, how often it is tried, and what is near enough.

    Attributes
    ----------
    settings
        Level settings, as a sweep says them: each a range.
    rounds
        Times at most that slopes and steps are lived, for each alternative.
    near
        Standard deviations by which facts may lie farther off than under the shipped behaviour;
        see `sim.experiments.robust.yardstick.farther`.
    """

    settings: Sequence[str]
    rounds: int = 4
    near: float = 0.1

    def __post_init__(self) -> None:
        if self.rounds < 0:
            raise ConfigurationError("experiment.rounds must be 0 at least.")
        if not self.near >= 0:
            raise ConfigurationError("experiment.near must be 0 at least.")


def relevel(
    alternatives: Sequence[Alternative],
    yardstick: Yardstick,
    search: Search,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
) -> Path:
    """Move level settings of alternatives until facts are met as the shipped behaviour meets them.

    Parameters
    ----------
    alternatives
        What is assumed instead; each begins where its own file left it.
    yardstick
        The facts, and the worlds in which they are measured.
    search
        What may be moved, and for how long.
    overrides
        Hold in every world.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/relevel/<scenario>-<hash>`` with the tables

        - `alternatives`: how far off each was and is, beside the shipped behaviour;
        - `levels`: the facts, under the shipped behaviour, under its file as it was, and now;
        - `moved`: every level setting, as it was and as it is;
        - `points`: every point that was lived;
        - and ``conf/alternative/``: their files, for ``--config-dir``.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence. Finished runs are kept: the same command goes on.
    """
    levels = Levels(yardstick, overrides, settings)
    usual = levels.lives.config_at(BASELINE, {})
    space = space_of(search.settings, overrides, usual, settings)
    starts = {each.name: _begun(each, space, usual, levels) for each in alternatives}
    shipped = levels.at([{}], _at_stage(on_progress, "the shipped behaviour: "))[0]
    far = np.abs(deviations(shipped, levels.aims)).tolist()
    allowed = {aim.fact.id: own for aim, own in zip(levels.aims, far, strict=True)}
    found = []
    for each in alternatives:
        own_space, start = starts[each.name]
        sampler = Damped(own_space, _targets(levels), start, search.near, search.rounds, allowed)
        found.append(_searched(each, own_space, sampler, levels, on_progress))
    asked = {
        "configuration": usual,
        "alternatives": {each.name: dict(each.point) for each in alternatives},
        "yardstick": levels.told,
        "search": {**vars(search), "settings": list(search.settings)},
    }
    about = {
        "experiment": "relevel",
        "scenario": yardstick.scenario,
        "replications": yardstick.worlds,
        "seed": yardstick.seed,
        "overrides": list(overrides),
        **asked,
    }
    tables = _tables(found, shipped, search.near, usual, levels, settings.config_dir)
    folder = settings.results / "relevel" / f"{yardstick.scenario}-{fingerprint(asked)[:8]}"
    keep(folder, {name: settled(table) for name, table in tables.items()}, about)
    for own in found:
        _write(folder / "conf" / GROUP, own, [aim.fact.id for aim in levels.aims])
    return folder


@dataclass(frozen=True)
class _Found:
    """What came of one alternative."""

    alternative: Alternative
    space: Space
    sampler: Damped
    figures: Floats  # of every point: points, worlds, facts

    @property
    def ends(self) -> dict[str, Floats]:
        """Figures of the facts where it began and at the best point: worlds, facts."""
        return {"switched": self.figures[0], "relevelled": self.figures[self.sampler.best]}

    @property
    def moved(self) -> dict[str, Any]:
        """What is to be written down: what the file has, with what the best point has otherwise."""
        first, best = (self.sampler.places[k] for k in (0, self.sampler.best))
        now = self.space.at(best.tolist())
        other = {key: now[key] for key, moved in zip(now, first != best, strict=True) if moved}
        return {**self.alternative.moved, **other}


def _begun(
    each: Alternative, space: Space, usual: Mapping[str, Any], levels: Levels
) -> tuple[Space, list[float]]:
    """What may be moved of an alternative, and where it begins.

    What it sets itself stays; every world that it needs is composed, so that what cannot be is
    refused before anything is lived through.
    """
    own = Space({k: s for k, s in space.settings.items() if k not in each.settings})
    if not own.settings:
        raise ConfigurationError(
            f"The alternative {each.name} sets every one of experiment.settings itself: name "
            "others."
        )
    try:
        for world in sorted({world for aim in levels.aims for world in aim.worlds}):
            levels.lives.config_at(world, each.point)
    except ConfigurationError as error:
        raise ConfigurationError(f"{each.file}: {error}") from None
    start = []
    for key, setting in own.settings.items():
        assert isinstance(setting, Range)  # as all are
        value = float(each.moved.get(key, value_at(usual, key)))
        if not setting.low <= value <= setting.high:
            raise ConfigurationError(
                f"{key} is {value:g} and is looked for from {setting.low:g} to {setting.high:g}: "
                "let its interval in experiment.settings hold it."
            )
        start.append(setting.place_of(value))
    return own, start


def _targets(levels: Levels) -> dict[str, Target]:
    return {aim.fact.id: Target(aim.fact.value, aim.deviation) for aim in levels.aims}


def _searched(
    each: Alternative,
    space: Space,
    sampler: Damped,
    levels: Levels,
    on_progress: OnProgress | None,
) -> _Found:
    """Live what the sampler asks for until it is done."""
    names = [aim.fact.id for aim in levels.aims]
    kept: list[Floats] = []
    while points := sampler.ask():
        stage = f"{each.name}, from point {len(sampler.places) + 1}: "
        # The first is the alternative as it stands, to the last digit.
        lived = [{**each.point, **point} if kept else each.point for point in points]
        figures = levels.at(lived, _at_stage(on_progress, stage))
        kept.append(figures)
        sampler.tell(
            [
                Evaluated(point, dict(zip(names, means(own).tolist(), strict=True)))
                for point, own in zip(points, figures, strict=True)
            ]
        )
    return _Found(each, space, sampler, np.concatenate(kept))


def _at_stage(on_progress: OnProgress | None, stage: str) -> OnProgress | None:
    """Progress that says which part of the whole it is of."""
    if on_progress is None:
        return None
    tell = on_progress

    def show(now: Standing) -> None:
        tell(replace(now, stage=stage))

    return show


def _tables(
    found: Sequence[_Found],
    shipped: Floats,
    near: float,
    usual: Mapping[str, Any],
    levels: Levels,
    config_dir: Path | None,
) -> dict[str, pd.DataFrame]:
    return {
        "alternatives": pd.DataFrame(_summary(each, shipped, near, levels.aims) for each in found),
        "levels": pd.DataFrame(row for each in found for row in _facts(each, shipped, levels.aims)),
        "moved": pd.DataFrame(row for each in found for row in _moved(each, usual, config_dir)),
        "points": pd.DataFrame(row for each in found for row in _points(each)),
    }


def _summary(each: _Found, shipped: Floats, near: float, aims: Sequence[Aim]) -> dict[str, Any]:
    """How far off an alternative was and is."""
    far = {end: off(figures, aims) for end, figures in each.ends.items()}
    more = {f"{end}_farther": farther(own, shipped, aims) for end, own in each.ends.items()}
    return {
        "alternative": each.alternative.name,
        "title": each.alternative.title,
        "shipped": off(shipped, aims),
        **far,
        **more,
        "near": bool(more["relevelled_farther"] <= near),
        "points": len(each.sampler.places),
    }


def _facts(each: _Found, shipped: Floats, aims: Sequence[Aim]) -> Iterator[dict[str, Any]]:
    """A row per fact, at both ends of an alternative's way."""
    by_end = {end: rows_of(figures, aims) for end, figures in each.ends.items()}
    told = ("id", "kpi", "unit", "reported", "reported_low", "reported_high")
    for k, row in enumerate(rows_of(shipped, aims)):
        about = {"alternative": each.alternative.name, **{name: row[name] for name in told}}
        ends = {end: rows[k]["mean"] for end, rows in by_end.items()}
        yield {**about, "shipped": row["mean"], **ends}


def _points(each: _Found) -> Iterator[dict[str, Any]]:
    """Every point that was lived, a row per setting."""
    ways = zip(each.sampler.places, each.sampler.off.tolist(), strict=True)
    for number, (place, far) in enumerate(ways, 1):
        for key, value in each.space.at(place.tolist()).items():
            about = {"alternative": each.alternative.name, "point": number, "setting": key}
            yield {**about, "value": float(value), "off": far}


def _moved(each: _Found, usual: Mapping[str, Any], config_dir: Path | None) -> list[dict[str, Any]]:
    """A row per level setting of an alternative."""
    known = {own.key: own for own in known_parameters(config_dir)}
    place = each.sampler.places[each.sampler.best]
    rows = []
    for k, (key, setting) in enumerate(each.space.settings.items()):
        assert isinstance(setting, Range)  # as all are
        now = float(value_at(usual, key))
        rows.append(
            {
                "alternative": each.alternative.name,
                "setting": key,
                "what": known[key].about,
                "unit": known[key].unit,
                "shipped": now,
                "lowest": setting.low,
                "highest": setting.high,
                "value": float(each.moved.get(key, now)),
                "at_an_end": bool(min(place[k], 1.0 - place[k]) < AT_AN_END),
            }
        )
    return rows


def _write(home: Path, each: _Found, facts: Sequence[str]) -> None:
    """An alternative's file, with what was moved."""
    home.mkdir(parents=True, exist_ok=True)
    with whole_file(home / f"{each.alternative.name}.yaml") as partial:
        text = with_moved(read_text(each.alternative.file), each.moved, facts)
        partial.write_text(text, encoding="utf-8")


__all__ = ["Search", "relevel"]
