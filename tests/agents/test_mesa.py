"""Parents as a researcher's own Mesa agents: in a plain model, in collectors, in a browser."""

import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from sim.agents.agents import BOUNDS, KOC, Parent
from sim.agents.plain import PlainModel
from sim.agents.rule_overrides import RULES
from sim.parameters.quantity import ConfigurationError
from sim.world.ties import MOST_FRIENDS, friends_of
from tests import ROOT
from tests.system import missing, program
from tests.whole_worlds import differences

SHORT = ["run.warmup_days=120", "run.days=20"]


class Loner(Parent):
    """Believes nobody but its own orders."""

    def believe_members(self, parent: Any, group: Any, days: float, p: Any) -> None:
        return None

    def believe_experts(self, parent: Any, expert: float, promotion: float, p: Any) -> None:
        return None

    def credible_posts(self, world: Any, place: int) -> float:
        return 0.0


class Grudging(Parent):
    """Never trusts more than before; notes how often it was asked."""

    def __init__(self, *place: Any) -> None:
        super().__init__(*place)
        self.heard = 0

    def trust_after(
        self, trust: float, weight: float, evidence: float, evidence_weight: float, p: Any
    ) -> float:
        self.heard += 1
        itself: float = super().trust_after(trust, weight, evidence, evidence_weight, p)
        return min(trust, itself)


def lived(days: int, parent: type[Parent] = Parent, **options: Any) -> PlainModel:
    options = {"seed": 1, **options}
    model = PlainModel("integrated", SHORT, households=200, parent=parent, **options)
    for _ in range(days):
        model.step()
    return model


def test_a_plain_model_is_the_engines_world() -> None:
    plain, engine = lived(0), lived(0)
    engine.by_windows = False
    for _ in range(12):
        plain.step()
        engine.step()
    assert differences(plain, engine) == []
    assert plain.steps == engine.steps == plain.day == 12


def test_a_subclass_that_answers_as_the_rules_do_changes_nothing() -> None:
    def echo(name: str) -> Any:
        return lambda self, *given: getattr(Parent, name)(self, *given)

    echoing = type("Echo", (Parent,), {name: echo(name) for name in RULES})
    assert differences(lived(10), lived(10, echoing)) == []


def test_a_rule_answered_otherwise_changes_lives() -> None:
    usual, grudging, loners = lived(20), lived(20, Grudging), lived(20, Loner)
    assert sum(parent.heard for parent in grudging.parents) > 5
    before = lived(0).households["trust"]
    assert (grudging.households["trust"] <= before + 1e-6).all()
    assert (usual.households["trust"] > before + 1e-3).any()
    heard = usual.households["trust"] != loners.households["trust"]
    assert heard.any()
    assert (usual.households["in_private_domain"][heard] > 0).any()


def test_nobody_else_lives_by_a_subclass() -> None:
    untouched = lived(0)
    lived(10, Grudging)
    again = lived(20)
    for _ in range(20):
        untouched.step()
    assert differences(untouched, again) == []
    assert RULES["trust_after"](0.5, 2.0, 1.0, 1.0, untouched.behaviour.believe) > 0.5


def test_rules_are_methods_with_their_own_words() -> None:
    model = lived(0)
    parent, believe = model.parents[3], model.behaviour.believe
    assert parent.trust_after(0.5, 2.0, 1.0, 1.0, believe) == RULES["trust_after"](
        0.5, 2.0, 1.0, 1.0, believe
    )
    assert Parent.trust_after.__doc__ == RULES["trust_after"].__doc__
    assert not set(RULES) & {name for name in dir(mesa.Agent) if not name.startswith("__")}


def test_agent_sets_and_collectors_know_the_subclass() -> None:
    model = lived(0, Grudging)
    collector = mesa.DataCollector(
        model_reporters={"trust": lambda each: each.parents.agg("trust", np.mean)},
        agenttype_reporters={Grudging: {"trust": "trust", "heard": "heard", "stage": "stage"}},
    )
    for _ in range(5):
        model.step()
        collector.collect(model)
    rows = collector.get_agenttype_vars_dataframe(Grudging)
    kocs = model.kocs
    assert len(rows) == 5 * (200 - len(kocs))
    assert len(collector.get_model_vars_dataframe()) == 5
    assert all(isinstance(koc, KOC) and isinstance(koc, Grudging) for koc in kocs)
    members = model.parents.select(lambda parent: parent.group >= 0)
    assert len(members) == (model.households["group"] >= 0).sum()
    assert model.parents.select(lambda parent: parent.heard > 0).agg("heard", sum) > 0


def test_a_run_ends() -> None:
    model = lived(20)
    assert not model.running
    model.step()
    assert model.day == 20


def test_an_unknown_strategy_is_one_sentence() -> None:
    with pytest.raises(ConfigurationError, match="did you mean koc_led"):
        PlainModel("koc_lead", SHORT, households=200)


class Collecting(PlainModel):
    """What `mesa.batch_run` asks of a model."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__("integrated", SHORT, seed=seed, households=100)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "seed": "seed_of_luck",
                "taste": lambda one: one.households["operator_taste"],
            }
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_households_live_once_a_day_and_only_within_the_models_day() -> None:
    model, usual = lived(0), lived(0)
    with pytest.raises(RuntimeError, match=r"^Household \d+ lives once a day.*`model.step\(\)`"):
        model.parents.shuffle_do("step")
    for each in (model, usual):
        each.step()
    assert differences(model, usual) == []
    with pytest.raises(RuntimeError, match=r"^Household 7 lives once a day"):
        model.parents[7].step()

    class Twice(Parent):
        def step(self) -> None:
            super().step()
            super().step()

    with pytest.raises(RuntimeError, match="lives once a day"):
        lived(1, Twice)
    assert not model.yet_to_live


def test_runs_of_a_batch_differ_unless_they_share_a_seed() -> None:
    runs = mesa.batch_run(Collecting, {}, iterations=2, max_steps=1, display_progress=False)
    assert len({run["seed"] for run in runs}) == 2
    assert not np.array_equal(runs[0]["taste"], runs[1]["taste"])
    same = mesa.batch_run(
        Collecting, {"seed": [3]}, iterations=2, max_steps=1, display_progress=False
    )
    assert np.array_equal(same[0]["taste"], same[1]["taste"])


@pytest.mark.parametrize(
    ("name", "value", "bounds"),
    [
        ("trust", 17, "a number between 0 and 1"),
        ("trust", float("nan"), "a number between 0 and 1"),
        ("satisfaction", "high", "a number between 0 and 1"),
        ("persona", 3, "a whole number between 0 and 2"),
        ("city_tier", 0, "a whole number between 1 and 5"),
        ("subscribed", 2, "a whole number between 0 and 1"),
        ("orders", 2.5, "a whole number between 0 and 65,535"),
        ("income", -1.0, "a number of at least 0"),
        ("operator_taste", float("inf"), "a number"),
        ("group", 100_000, "a whole number between -1 and"),
        ("region", 99, "a whole number between 0 and"),
        ("habit", [0.2, 0.3], "5 of them, each a number between 0 and 1"),
        ("habit", [0.2, 0.3, 0.1, 0.1, 7], "5 of them, each a number between 0 and 1"),
        ("credibility", 1.5, "a number between 0 and 1"),
    ],
)
def test_what_no_parent_can_be_is_refused_in_one_sentence(
    name: str, value: Any, bounds: str
) -> None:
    koc = lived(0).kocs[0]
    before = np.copy(getattr(koc, name))
    with pytest.raises(
        ValueError, match=f"^{name} = .* is impossible for KOC \\d+: it must be {bounds}"
    ):
        setattr(koc, name, value)
    assert np.array_equal(getattr(koc, name), before)


def test_what_a_parent_can_be_is_set_and_every_field_bears_what_it_holds() -> None:
    model = lived(3)
    parent = model.parents[5]
    parent.trust, parent.orders, parent.habit = 0.25, np.int64(7), [0.5, 0, 0, 0.5, 0]
    assert (parent.trust, parent.orders, parent.habit[0]) == (0.25, 7, 0.5)
    with pytest.raises(ValueError, match="read-only"):
        parent.habit[0] = 17
    for parent in model.parents:
        for name in BOUNDS:
            setattr(parent, name, getattr(parent, name))


def test_a_misspelt_rule_is_refused_with_what_was_meant() -> None:
    with pytest.raises(
        TypeError, match=r"Own.trust_afer answers no rule.*did you mean trust_after\?"
    ):
        type("Own", (Parent,), {"trust_afer": lambda self, *given: 0.5})
    mixin = type("Mixin", (), {"believe_member": lambda self, *given: None})
    with pytest.raises(TypeError, match=r"did you mean believe_members\?"):
        type("Own", (mixin, Parent), {})
    type("Own", (Parent,), {"_trust_afer": lambda self: 0.5, "buys_for": lambda self: 1})


def test_friends_and_credibility_can_be_asked() -> None:
    model = lived(0)
    places = np.zeros(MOST_FRIENDS, np.int64)
    for parent in (model.parents[0], model.parents[199], model.kocs[0]):
        count = friends_of(parent.index, model.world.ties, places)
        assert [friend.index for friend in parent.friends] == places[:count].tolist()
        assert all(parent in friend.friends for friend in parent.friends)
    koc = model.kocs[0]
    assert koc.credibility == model.world.kocs["credibility"][0]
    assert koc.followers == model.world.kocs["followers"][0]
    koc.credibility = 0.9
    assert model.world.kocs["credibility"][0] == 0.9


# -- in a browser ---------------------------------------------------------------------------


@pytest.fixture
def chromium() -> Iterator[Any]:
    path = program("chromium", "chromium")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[str]:
    """The example app on a port of its own."""
    for library in ("solara", "networkx"):
        if importlib.util.find_spec(library) is None:
            missing(f"{library} is not installed, which Mesa's pages need")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "solara", "run", "notebooks/app.py", "--no-open"]
    where = ["--production", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen([*command, *where], cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for(port, server, tmp_path / "log")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(20)


def wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(900):
        assert server.poll() is None, log.read_text()
        with socket.socket() as probing:
            if probing.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the app does not start")


def test_the_example_app_steps_and_plays_in_a_browser(
    app: str, chromium: Any, tmp_path: Path
) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    errors: list[str] = []
    lacking: list[str] = []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.on("requestfailed", lambda request: lacking.append(request.url))
    page.goto(app)
    try:
        page.get_by_role("button", name="Step").wait_for(timeout=240_000)  # it may compile
    except Exception:
        if any("/cdn/" in url for url in lacking):
            missing("Solara's scripts need a network or the package solara-assets")
        raise
    page.get_by_text("Step: 0").wait_for()
    page.locator("img, svg.marks").first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Step").click()
    page.get_by_text("Step: 1").wait_for(timeout=60_000)
    page.get_by_role("button", name="▶").click()
    page.wait_for_function(
        "() => Number(document.body.innerText.match(/Step: (\\d+)/)[1]) >= 5", timeout=120_000
    )
    page.get_by_role("button", name="❚❚").click()
    page.screenshot(path=tmp_path / "app.png")
    assert errors == []
    assert page.get_by_text("Parents who doubt").first.is_visible()
