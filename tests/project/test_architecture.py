"""The code keeps its order: who may import whom, where numbers come from, what is found."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mypy.api
import pytest

from sim.operator.discovery import LEVERS, MODULES
from tests import ROOT, shipped

PACKAGE = ROOT / "sim"

MOST_FLOORS = 11
FACE = ("__init__", "__main__")  # the package's face, which leads in
FILES_ONLY = ("store", "report", "export")  # see what is written down and never the model
SEEN_BY_FILES_ONLY = (*FILES_ONLY, "text", "console", "parameters")
SOURCES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {path.name for path in PACKAGE.iterdir() if any(path.glob("*.py"))} | {"api"}


def room_of(module: str) -> str:
    return (*module.split("."), "__init__")[1]


def imported(path: Path) -> Iterator[str]:
    """Rooms of the package that a file imports from, wherever in it, but for types."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            whole = node.module == "sim"
            names = [f"sim.{alias.name}" for alias in node.names] if whole else [node.module or ""]
        yield from (room_of(name) for name in names if name.startswith("sim."))


def rooms_below() -> dict[str, set[str]]:
    """What each room imports from: the code as it is built, not as somebody listed it."""
    below: dict[str, set[str]] = {room: set() for room in ROOMS}
    for path in SOURCES:
        room = path.relative_to(PACKAGE).with_suffix("").parts[0]
        if room not in FACE:
            below[room] |= set(imported(path)) - {room, *FACE}
    return below


def test_rooms_import_one_way_and_stand_on_few_floors() -> None:
    below, floors = rooms_below(), list[set[str]]()
    while below:
        floor = {room for room, others in below.items() if not others & set(below)}
        assert floor, f"an import circle is among {sorted(below)}"
        floors.append(floor)
        below = {room: others for room, others in below.items() if room not in floor}
    assert len(floors) <= MOST_FLOORS, floors


SEEING = ("behaviour", "operator", "shocks")  # rooms whose functions say what they may see
BY_NUMBA = "numba gives it the types of arguments in their place, and asks for a function"
OWN_EVENTS = "its own events are fields of the event record only once it is found"
OF_LEVERS = "what levers declare is known only when they are found"
PREDICTION = ("count_who_came", "due_day", "forget", "known", "remember", "study")
STUDYING = ("learning", "next_study", "study")
ANY_ALLOWED = {
    "operator/hooks.py:_make_offers": BY_NUMBA,
    "operator/hooks.py:_put_lasting": BY_NUMBA,
    "operator/hooks.py:_book_charges": BY_NUMBA,
    "operator/hooks.py:_set_powers": BY_NUMBA,
    "operator/hooks.py:_make_plans": BY_NUMBA,
    "operator/hooks.py:_prepare_levers": BY_NUMBA,
    "operator/hooks.py:_book_running_costs": BY_NUMBA,
    "operator/hooks.py:_in_turn": "it answers for those",
    "operator/hooks.py:_begin_states": BY_NUMBA,
    "operator/hooks.py:_count_own_events": BY_NUMBA,
    "operator/hooks.py:_left_out": BY_NUMBA,
    "operator/hooks.py:_noted_by_levers": BY_NUMBA,
    "operator/reaching.py:_note_steps": BY_NUMBA,
    "operator/reaching.py:_note_allowed": BY_NUMBA,
    "operator/reaching.py:_named": "it answers for those",
    "operator/hooks.py:_notice_event": BY_NUMBA,
    "operator/hooks.py:_settle_own": BY_NUMBA,
    "operator/hooks.py:count_own_events": "the day's sums are a record of the engine, above",
    "operator/hooks.py:lever_records": OF_LEVERS,
    "operator/hooks.py:levers_type": OF_LEVERS,
    "operator/combining.py:_blank_plan": BY_NUMBA,
    "operator/combining.py:_blank_row": BY_NUMBA,
    "operator/combining.py:_meet": BY_NUMBA,
    "operator/combining.py:_field_by_field": "it answers for those",
    "operator/audiences.py:addressed": "words of a configuration are bits in a lever's record",
    "operator/audiences.py:belongs": "the same",
    "operator/audiences.py:left_out_by": "the same",
    "operator/discovery.py:hooks": "each hook takes arguments of its own, to which it is held",
    "operator/own_records.py:Declared = list[tuple[str, Any]]": OF_LEVERS,
    "operator/own_records.py:_named: Any = namedtuple": OF_LEVERS,
    "operator/own_records.py:states_for": OF_LEVERS,
    "operator/own_records.py:copy_kept": OF_LEVERS,
    "operator/own_records.py:_copy_kept": BY_NUMBA,
    "operator/own_records.py:has_code": BY_NUMBA,
    "operator/own_records.py:states_in": BY_NUMBA,
    "operator/hooks.py:_spread_news": BY_NUMBA,
    "operator/hooks.py:spread_news": "what it lends are arrays of the engine, above",
    "operator/hooks.py:shocks_type": OF_LEVERS,
    "operator/hooks.py:local_records": OF_LEVERS,
    "operator/regional.py:_at_home": BY_NUMBA,
    "operator/regional.py:_meant": "a name may mean anything",
    "operator/regional.py:entries": "values of settings, of whatever kind",
    "operator/regional.py:own_values": "the same",
    "operator/schedule.py:LocalValue": "the same",
    "operator/schedule.py:local_values": "the same",
    "operator/schedule.py:_differing": "the same",
    "operator/hooks.py:shock_records": OF_LEVERS,
    "operator/schedule.py:Phase": "shocks are known only when they are found",
    "operator/schedule.py:befalling": "the same",
    "operator/schedule.py:at_work": "the same",
    "operator/schedule.py:_with_off": "levers and shocks alike",
    "operator/schedule.py:_dates": "the same",
    "operator/hooks.py:ShockRecord": "a record of any shock",
    "operator/news.py:let_media_tell": "arrays of the engine, which is above",
    "operator/levers/delivery.py:odd": "a whole configuration",
    "operator/levers/member_days.py:charge": OWN_EVENTS,
    "operator/levers/member_days.py:notice": OWN_EVENTS,
    "operator/levers/member_days.py:reach": OWN_EVENTS,
    "operator/levers/member_days.py:odd": "a whole configuration",
    "operator/levers/paid_membership.py:odd": "a whole configuration",
    "operator/levers/prediction.py:odd": "a whole configuration",
    **dict.fromkeys((f"operator/levers/prediction.py:{each}" for each in PREDICTION), OF_LEVERS),
    **dict.fromkeys((f"operator/studying.py:{each}" for each in STUDYING), OF_LEVERS),
    "operator/levers/stores.py:charge": OWN_EVENTS,
    "operator/levers/stores.py:reach": OWN_EVENTS,
    "operator/levers/stores.py:spread": "arrays of the engine, which is above",
    "operator/levers/stores.py:odd": "a whole configuration",
    "shocks/budget_cut.py:odd": "a whole configuration",
    "shocks/falling_births.py:odd": "a whole configuration",
    "shocks/fee_rise.py:odd": "a whole configuration",
    "shocks/price_war.py:odd": "a whole configuration",
    "shocks/shrinking_reach.py:odd": "a whole configuration",
    "shocks/supply_outage.py:odd": "a whole configuration",
    "operator/levers/group_buying.py:charge": OWN_EVENTS,
    "operator/levers/group_buying.py:reach": OWN_EVENTS,
    "operator/levers/group_buying.py:spread": "arrays of the engine, which is above",
    "operator/levers/group_buying.py:_find_groups": "arrays of the engine, which is above",
    "operator/levers/group_buying.py:_show_in_chat": "records of its own numbers",
    "operator/levers/group_buying.py:_call_friends": "arrays of the engine, which is above",
    "operator/levers/group_buying.py:_close": "arrays of the engine, which is above",
    "operator/levers/group_buying.py:odd": "a whole configuration",
    "operator/levers/honours.py:charge": OWN_EVENTS,
    "operator/levers/honours.py:reach": OWN_EVENTS,
    "operator/levers/honours.py:has_badge": "a record of its own numbers",
    "operator/levers/honours.py:odd": "a whole configuration",
    "operator/levers/personas.py:odd": "a whole configuration",
    "operator/levers/after_sales.py:charge": OWN_EVENTS,
    "operator/levers/after_sales.py:reach": OWN_EVENTS,
    "operator/levers/after_sales.py:is_tester": "a record of its own numbers",
    "operator/levers/after_sales.py:odd": "a whole configuration",
    "operator/levers/distribution.py:charge": OWN_EVENTS,
    "operator/levers/distribution.py:reach": OWN_EVENTS,
    "operator/levers/distribution.py:sells_on": "a record of its own numbers",
    "operator/levers/distribution.py:has_link": "a record of its own numbers",
    "operator/levers/distribution.py:_earn": "a record of its own numbers",
    "operator/levers/distribution.py:spread": "arrays of the engine, which is above",
    "operator/levers/distribution.py:_count_sellers": "arrays of the engine, which is above",
    "operator/levers/distribution.py:_enlist": "arrays of the engine, which is above",
    "operator/levers/distribution.py:_call_friends": "arrays of the engine, which is above",
    "operator/levers/distribution.py:odd": "a whole configuration",
    "operator/levers/referral.py:charge": OWN_EVENTS,
    "operator/levers/referral.py:reach": OWN_EVENTS,
    "operator/levers/referral.py:_rewards_left": "a record of its own numbers",
    "operator/levers/referral.py:spread": "arrays of the engine, which is above",
    "operator/levers/referral.py:_welcome": "arrays of the engine, which is above",
    "operator/levers/referral.py:_friend_to_invite": "arrays of the engine, which is above",
    "operator/levers/referral.py:_may_be_invited": "arrays of the engine, which is above",
    "operator/levers/referral.py:odd": "a whole configuration",
    "operator/levers/care.py:charge": OWN_EVENTS,
    "operator/levers/care.py:reach": OWN_EVENTS,
    "operator/levers/care.py:spread": "arrays of the engine, which is above",
    "operator/levers/care.py:odd": "a whole configuration",
    "operator/levers/recommendation.py:charge": OWN_EVENTS,
    "operator/levers/recommendation.py:reach": OWN_EVENTS,
    "operator/levers/recommendation.py:odd": "a whole configuration",
    "operator/levers/consent_design.py:charge": OWN_EVENTS,
    "operator/levers/consent_design.py:reach": OWN_EVENTS,
    "operator/levers/consent_design.py:odd": "a whole configuration",
    "operator/levers/points.py:odd": "a whole configuration",
    "operator/levers/welcome.py:note_order": "a record of its own numbers",
    "operator/levers/transparency.py:charge": OWN_EVENTS,
    "operator/levers/transparency.py:reach": OWN_EVENTS,
    "operator/levers/transparency.py:refund": "a record of its own numbers",
    "operator/levers/transparency.py:odd": "a whole configuration",
    "shocks/consent_law.py:charge": OWN_EVENTS,
    "shocks/consent_law.py:odd": "a whole configuration",
    "shocks/industry_scandal.py:charge": OWN_EVENTS,
    "shocks/industry_scandal.py:spread": "arrays of the engine, which is above",
    "shocks/industry_scandal.py:odd": "a whole configuration",
    "shocks/privacy_breach.py:charge": OWN_EVENTS,
    "shocks/privacy_breach.py:spread": "arrays of the engine, which is above",
    "shocks/privacy_breach.py:odd": "a whole configuration",
    "shocks/quality_scandal.py:charge": OWN_EVENTS,
    "shocks/quality_scandal.py:_tells": "a record of its own numbers",
    "shocks/quality_scandal.py:spread": "arrays of the engine, which is above",
    "shocks/quality_scandal.py:odd": "a whole configuration",
}


def test_rules_and_levers_say_what_they_may_see() -> None:
    """Where it says `Any`, nobody finds a misspelt field before a run, if then."""
    untyped = set()
    for path in SOURCES:
        where = path.relative_to(PACKAGE)
        if where.parts[0] not in SEEING:
            continue
        for node in ast.parse(path.read_text()).body:
            names = {getattr(each, "id", getattr(each, "attr", "")) for each in ast.walk(node)}
            if "Any" in names:
                untyped.add(f"{where.as_posix()}:{getattr(node, 'name', ast.unparse(node))}")
    assert untyped == set(ANY_ALLOWED)


SEEN = """
from sim.operator.levers.coupons import Parameters
from sim.world.protocols import EventRecord, Inbox, Parent, Plan, Counters
from sim.world.state import World


def misspelt(
    parent: Parent,
    world: World,
    own: Parameters,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
    plan: Plan,
) -> None:
    parent.trust = parent.satisfaction
    parent.thrust = 0.5  # refused
    parent.orders = 0.5  # refused
    parent.habit[0] = parent.habit[1]
    parent.habits[0] = 0.5  # refused
    event.packs[0] = 0.5  # refused
    inbox.remainder = 1.0  # refused
    counters.cost_fen[own.line] += 1
    counters.costs_fen[own.line] += 1  # refused
    plan.cut_public = own.power * own.promotion_cut
    plan.cut_public = own.power * own.promotion_cuts  # refused
    plan.festival = 1.0  # refused
    world.today[0].festival + world.calendar[0].interest
    world.today[0].festive  # refused
    world.calendar[0].interests  # refused
    world.behaviour.believe.prior_trust + world.levers.coupons.power
    world.behaviour.believe.prior_trusts  # refused
    world.behaviour.belief.prior_trust  # refused
    world.levers.coupons.powers  # refused
    world.levers.coupon.power  # refused
    world.groups[0].stages  # refused
    world.category[0].price  # refused
    world.community.kocs.recent  # refused
    world.operations.defects  # refused
    world.demography.season[0] + world.ties.kocs + world.region[0].delivery_days
    world.friends  # refused
"""


@pytest.mark.slow
def test_a_misspelt_field_is_refused_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "misspelt.py"
    file.write_text(SEEN)
    settings = f"--config-file={ROOT / 'pyproject.toml'}"
    told, wrong, _ = mypy.api.run(["--strict", settings, "--no-pretty", str(file)])
    assert not wrong
    refused = {int(line) for line in re.findall(r"misspelt\.py:(\d+): error", told)}
    meant = {i for i, line in enumerate(SEEN.splitlines(), 1) if line.endswith("# refused")}
    assert refused == meant, told


def named(source: str) -> list[str]:
    """Levers and shocks that source reads by name, in whatever way."""
    names = "|".join(MODULES)
    found = re.findall(rf"\b(?:levers|operator|shocks)(?:\W+|\s+import\s+)({names})\b", source)
    return [str(name) for name in found]


def test_the_engine_names_no_lever_and_no_shock() -> None:
    for how in ("world.levers.koc.power", "operator['koc']", "from sim.operator.levers import koc"):
        assert named(how) == ["koc"]
    files = sorted((PACKAGE / "engine").glob("*.py"))
    assert {path.name: named(path.read_text()) for path in files} == {p.name: [] for p in files}


def test_every_module_lies_in_a_room() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == {*FACE, "api"}
    for room in sorted(ROOMS - {"api"}):
        said = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text()))
        assert said, f"sim/{room}/__init__.py says nothing of its room"


PROGRAMS = {"benchmarks", "faults", "fuzz", "mutants"}  # run by a make target of their own


def test_tests_mirror_the_rooms() -> None:
    tests = {path.parent.relative_to(ROOT / "tests") for path in ROOT.glob("tests/**/test_*.py")}
    inner = {"operator/levers"}
    assert {path.as_posix() for path in tests} - inner == {".", "project", *ROOMS - {"api"}}
    assert [path.name for path in ROOT.glob("tests/test_*.py")] == ["test_api.py"]
    folders = {path.parent.name for path in ROOT.glob("tests/*/*.py")}
    assert folders - {path.as_posix() for path in tests} == PROGRAMS


@pytest.mark.parametrize("room", FILES_ONLY)
def test_results_are_read_without_the_model(room: str) -> None:
    assert rooms_below()[room] <= set(SEEN_BY_FILES_ONLY)


def test_the_engine_does_without_mesa() -> None:
    asked = "import sys, sim.experiments.simulate; print('mesa' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


VALUE = r"(\{.*\d.*\}|\[.*\d.*\]|[-+]?\.?\d[\d.]*(e[-+]?\d+)?)"
NUMBER = re.compile(rf"^\s*(-\s+)?([\w.@]+:\s*)?{VALUE}\s*(#.*)?$")
COMMENT = re.compile(r"#\s*\S+")
SETTINGS = sorted([*ROOT.glob("conf/**/*.yaml"), *shipped.FILES])


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_number_says_where_it_comes_from(path: Path) -> None:
    silent = [
        f"{number}: {line}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if NUMBER.match(line) and "facts:" not in line and not COMMENT.search(line)
    ]
    assert silent == []


def test_every_lever_has_its_values_and_every_value_its_lever() -> None:
    assert {path.stem for path in (ROOT / "conf/lever").glob("*.yaml")} == set(LEVERS)
    assert {path.stem for path in (PACKAGE / "operator/levers").glob("[!_]*.py")} == set(LEVERS)


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_is_off_unless_a_strategy_turns_it_on(name: str) -> None:
    lines = (ROOT / f"conf/lever/{name}.yaml").read_text().splitlines()
    assert any(re.match(r"strength:\s*0(\.0)?\s", line) for line in lines)


TEXTS = sorted(
    path
    for pattern in (
        "sim/**/*.py",
        "sim/**/*.j2",
        "tests/**/*.py",
        "conf/**/*",
        "docs/**/*.md",
        "*.md",
        "*.toml",
        "*.lock",
        "Makefile",
        ".ci/*",
    )
    for path in ROOT.glob(pattern)
    if path.is_file()
)
TEXTS += shipped.FILES
INDEX = re.compile("|".join(["index" + "-url", "py" + "pi", "files.python" + "hosted"]), re.I)
ABSOLUTE = re.compile(r"(?<![\w.$}>:/~-])/(work|home|root|usr|tmp|opt|var|mnt)/")


def test_no_file_names_a_package_index_or_an_absolute_path() -> None:
    found = []
    for path in TEXTS:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            index = INDEX.search(line) and "--no-emit-index" not in line
            if index or (ABSOLUTE.search(line) and not line.startswith("#!")):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_library_does_not_print() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", path.name
