"""What is given: a sweep of the toy, the page of made-up runs, a comparison of the real model."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults.drawing import drawn_once
from tests.faults.preload import control
from tests.faults.serving import Bench, command, stop_the_clock

SMALL = ("population.households=200", "run.days=30", "run.warmup_days=2")
COMPARE = ("compare", "baseline", "koc_led", "-n", "2", "--executor", "serial", *SMALL)


def toy_run(place: Path) -> Bench:
    """One run that takes milliseconds."""
    _toy(place)
    return replace(_ready(place, ("run", "baseline", "run.days=5")), chances=24)


def toy_sweep(place: Path) -> Bench:
    """Two points, two worlds."""
    _toy(place)
    words = ("sweep", "operator.coupons.depth_percent=1,2", "-n", "2", "run.days=5")
    return _ready(place, (*words, "--executor", "serial"))


def _toy(place: Path) -> None:
    from tests import toy

    toy.write(place / "toy")
    toy.install(place / "toy")


def made_up_page(place: Path) -> Bench:
    """The page of a comparison of made-up runs, with one of its figures."""
    import sim.report.page
    from tests.stored_comparison import write_comparison

    all_exhibits: Any = sim.report.page.exhibits
    sim.report.page.exhibits = lambda *given: [
        each for each in all_exhibits(*given) if each.name == "precision" or each.name == "levels"
    ]
    start = place / "start"
    write_comparison(start / "results" / "compare" / "made-up", ["baseline", "membership"], [1, 2])
    return _ready(place, ("report",), start)


def real_run(place: Path) -> Bench:
    """One run from an empty folder, its world from an empty cache."""
    return _ready(place, ("run", "baseline", *SMALL))


def real_compare(place: Path) -> Bench:
    """Two strategies in two worlds; the worlds were lived through before."""
    before = _ready(place / "before", COMPARE)
    start = place / "start"
    shutil.copytree(before.home / "cache" / "worlds", start / "cache" / "worlds")
    return _ready(place, COMPARE, start)


def half_done(place: Path) -> Bench:
    """The comparison again, where two of its four runs are finished."""
    before = _ready(place / "before", COMPARE)
    runs = sorted((before.results / "runs").iterdir())
    for path in (*runs[:2], before.results / "compare"):
        shutil.rmtree(path)
    return _ready(place, COMPARE, before.home)


def real_report(place: Path) -> Bench:
    """The page and all figures of that comparison."""
    before = _ready(place / "before", COMPARE)
    return _ready(place, ("report",), before.home)


BENCHES = {
    "toy run": toy_run,
    "sweep": toy_sweep,
    "made-up page": made_up_page,
    "run": real_run,
    "compare": real_compare,
    "half done": half_done,
    "report": real_report,
}


def _ready(place: Path, words: tuple[str, ...], start: Path | None = None) -> Bench:
    """A bench whose command was given once in this very process: all is imported and compiled."""
    start = start or place / "start"
    start.mkdir(parents=True, exist_ok=True)
    from sim.store.cache import _private

    bench = Bench(words, place / "home", start)
    control().watch(bench.home)
    bench.lay_out()
    stop_the_clock()  # and read machine code from where it is, before the cache is a bench's own
    os.environ["REPURCHASE_CACHE"] = str(bench.home / "cache")
    os.environ["TMPDIR"] = str(place)
    if words[0] in ("compare", "report"):
        _bundle_once()
    before = Path.cwd()
    os.chdir(bench.home)
    with drawn_once():
        code = command(words)
    os.chdir(before)
    if code:
        sys.exit(f"{words} ended with {code}, undisturbed")
    _private.cache_clear()  # a command looks at its cache first of all
    return bench


def _bundle_once() -> None:
    """Let the page's script, which takes a second to bundle, be bundled once and kept each time."""
    import vl_convert

    from sim.report import embedding

    bundle = str(vl_convert.javascript_bundle())  # type: ignore[call-arg]
    vl_convert.javascript_bundle = lambda: bundle
    embedding.library = getattr(embedding.library, "__wrapped__", embedding.library)
