"""The documents say what the code is."""

import dataclasses
import importlib
import importlib.util
import inspect
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import typer

import sim
from sim.evidence.facts import load_facts
from sim.experiments.auditing.subjects import SUBJECTS
from tests import ROOT

TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "results/README.md")]
DOCUMENTS = [*TOP, *sorted((ROOT / "docs").rglob("*.md"))]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make_tables() -> ModuleType:
    return script("make_tables")


def test_types_are_written_of_every_rule_and_lever_there_is() -> None:
    make_types = script("make_types")
    written = make_types.FILE.read_text(encoding="utf-8")
    assert make_types.typed(written) == written, "run `make reference`"
    for line in ('    coupons: "Coupons"\n', "import Parameters as Believe\n"):
        forgotten = "".join(each for each in written.splitlines(True) if not each.endswith(line))
        assert forgotten != written
        assert make_types.typed(forgotten) == written


def test_tables_of_the_odd_description_are_what_the_code_declares(make_tables: ModuleType) -> None:
    written = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert make_tables.odd(written) == written, "run `make reference`"
    for table in make_tables.TABLES:
        drifted = written.replace(f"<!-- begin: {table} -->\n", f"<!-- begin: {table} -->\nold\n")
        assert make_tables.odd(drifted) == written


def test_tables_of_the_validation_are_made_of_what_is_kept() -> None:
    make_validation = script("make_validation")
    written = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert make_validation.document(written) == written, "run `python docs/make_validation.py`"
    for table in make_validation.MADE:
        drifted = written.replace(f"<!-- begin: {table} -->\n", f"<!-- begin: {table} -->\nold\n")
        assert drifted != written
        assert make_validation.document(drifted) == written


def commands_in(document: Path) -> list[str]:
    """Lines of its boxes that begin with the program's name."""
    boxes = re.findall(
        r"^```(?:sh)?\n(.*?)^```$", document.read_text(encoding="utf-8"), re.M | re.S
    )
    lines = [line for box in boxes for line in box.splitlines()]
    return [line for line in lines if line.startswith("repurchase ")]


@pytest.mark.parametrize(
    ("document", "line"),
    [(document.name, line) for document in DOCUMENTS for line in commands_in(document)],
)
def test_printed_commands_and_options_exist(document: str, line: str) -> None:
    from sim.commands.program import app

    program = typer.main.get_command(app)
    name, *words = shlex.split(line, comments=True)[1:]
    assert name in program.commands, f"{document} prints {line}"
    program.commands[name].make_context(name, words)  # refuses what it does not know


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def members(thing: type) -> Iterator[str]:
    """What a class can be asked, but for fields and rules, which other pages tell."""
    for kind in thing.__mro__:
        for member, value in vars(kind).items() if kind.__module__.startswith("sim.") else ():
            asked = getattr(value, "fget", None) or getattr(value, "func", None) or value
            asked = getattr(asked, "__func__", asked)
            declared = inspect.isfunction(asked) and "<locals>" not in asked.__qualname__
            if declared and not member.startswith("_"):
                yield member


def test_every_public_name_of_the_python_interface_is_on_the_site(site: Path) -> None:
    page = (site / "python.html").read_text(encoding="utf-8")
    told = set(re.findall(r'id="(sim\.[\w.]+)"', page))
    rooms = ("sim.api", "sim.agents.plain", "sim.diary")
    for room in rooms:
        module = importlib.import_module(room)
        for name in module.__all__:
            thing = getattr(module, name)
            assert f"{room}.{name}" in told, "docs/python.md lacks it"
            assert inspect.getdoc(thing)
            for member in members(thing) if inspect.isclass(thing) else ():
                # What it has of a class that is on the page is told there.
                kinds = [kind.__name__ for kind in thing.__mro__]
                places = {f"{where}.{kind}.{member}" for where in rooms for kind in kinds}
                assert places & told, f"{name}.{member} has no docstring"
    assert set(sim.__all__) == set(importlib.import_module("sim.api").__all__)


def test_the_site_is_built_and_fetches_nothing(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert site / "code" / "sim" / "engine" / "model.py.html" in pages  # linked to, so it is there
    for page in pages:
        fetched = re.findall(
            r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(https?:[^\"]*)", page.read_text()
        )
        assert not fetched, page.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (document.parent / target).exists(), target


def test_steps_of_a_day_are_those_of_the_model() -> None:
    from sim.engine.model import DAY_STEPS

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    told = re.findall(r"^\d\. \*\*`(\w+)`\*\*", text, flags=re.MULTILINE)
    assert told == [step.__name__ for step in DAY_STEPS]


def test_every_rule_and_lever_is_described() -> None:
    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    for folder in ("sim/behaviour", "sim/operator/levers"):
        for path in sorted((ROOT / folder).glob("*.py")):
            if path.stem != "__init__":
                assert f"(../{folder}/{path.name})" in text, path.name


TABLE = re.compile(r"<!-- begin: ([\w ]+) -->\n(.*?)<!-- end: \1 -->", re.S)


def words_by_hand(text: str) -> set[str]:
    """Every name in what was written by hand, not in tables that are generated."""
    return set(re.findall(r"\w+", TABLE.sub("", text)))


def test_every_rule_and_every_parameter_is_told_by_hand() -> None:
    from sim.reference.parameters import parameters
    from sim.rules.finding import rules

    told = words_by_hand((ROOT / "docs" / "odd.md").read_text(encoding="utf-8"))
    assert {name.partition(".")[2] for name in rules()} - told == set()
    keys = [each.key.removesuffix("[]") for each in parameters()]
    assert [key for key in keys if key.rpartition(".")[2] not in told] == []


def test_every_lever_is_told_with_all_its_settings() -> None:
    from sim.operator.common import LeverParameters
    from sim.operator.discovery import LEVERS

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    common = {item.name for item in dataclasses.fields(LeverParameters)}
    shared = words_by_hand(text.partition("### KOCs")[2].partition("### Operations")[0])
    for name, lever in LEVERS.items():
        head = f"**[{name}](../sim/operator/levers/{name}.py)**"
        assert head in text, name
        told = words_by_hand(re.split(r"\*\*\[|> \*\*", text.split(head)[1])[0]) | shared
        own = {item.name for item in dataclasses.fields(lever.Parameters)} - common
        assert own - told == set(), name


def test_every_state_variable_stands_in_its_table(make_tables: ModuleType) -> None:
    from sim.operator.budget import BUDGET
    from sim.operator.operations import OPERATIONS_STATE
    from sim.world.communities import GROUP_RECORD
    from sim.world.household import FIELDS, WAKE_SCHEDULE
    from sim.world.kocs import KOC_RECORD
    from sim.world.market import CALENDAR
    from sim.world.state import INBOX, TODAY

    entities = {
        "record": [field.name for field in FIELDS],
        "wake schedule": WAKE_SCHEDULE.names,
        "group": GROUP_RECORD.names,
        "koc": KOC_RECORD.names,
        "operations": OPERATIONS_STATE.names,
        "budget": BUDGET.names,
        "today": TODAY.names,
        "inbox": INBOX.names,
        "calendar": CALENDAR.names,
    }
    tables = dict(TABLE.findall((ROOT / "docs" / "odd.md").read_text(encoding="utf-8")))
    for entity, names in entities.items():
        assert re.findall(r"^\| `(\w+)`", tables[entity], flags=re.M) == list(names or ())
    make_tables.RECORDS["koc"] = np.dtype([*KOC_RECORD.descr, ("hair", "f8")])
    with pytest.raises(ValueError, match=r"lacks a line for the field hair of koc"):
        make_tables.TABLES["koc"]()
    make_tables.RECORDS["koc"] = np.dtype(KOC_RECORD.descr[1:])
    with pytest.raises(ValueError, match=r"a line for credibility, which koc lacks"):
        make_tables.TABLES["koc"]()


@pytest.mark.parametrize(
    "place",
    ["README.md", "sim/commands/program.py", "sim/commands/sweep.py", "sim/experiments/varied.py"],
)
def test_settings_named_in_examples_exist(place: str) -> None:
    from sim.config.loading import schema
    from sim.parameters.schema import keys_of

    text = (ROOT / place).read_text(encoding="utf-8")
    parts = "behaviour|operator|population|run|strategy|community|market"
    named = set(re.findall(rf"\b((?:{parts})(?:\.[a-z_]+)+)=", text))
    assert named
    assert named <= keys_of(schema())


def test_levers_and_doses_are_what_was_kept_of_the_runs() -> None:
    spec = importlib.util.spec_from_file_location("make_doses", ROOT / "docs" / "make_doses.py")
    assert spec is not None
    assert spec.loader is not None
    make_doses = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_doses)
    written = make_doses.DOCUMENT.read_text(encoding="utf-8")
    assert make_doses.document(written) == written, "run `python docs/make_doses.py`"
    for part in make_doses.parts():
        drifted = written.replace(f"<!-- begin: {part} -->\n", f"<!-- begin: {part} -->\nold\n")
        assert make_doses.document(drifted) == written
    assert set(make_doses.EXPECTED) == set(make_doses.kept("levers")["lever"])
    headings = set(re.findall(r"^### (\w+)$", written, re.M))
    assert set(make_doses.EXPECTED) <= headings, "every sign is argued"
    facts = {fact.id for fact in load_facts()}
    cited = set(re.findall(r"\b([ILCXP]\d\d)\b", written))
    assert cited <= facts, cited - facts


def test_observed_and_caused_is_what_was_kept_of_the_audits() -> None:
    spec = importlib.util.spec_from_file_location("make_audits", ROOT / "docs" / "make_audits.py")
    assert spec is not None
    assert spec.loader is not None
    make_audits = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_audits)
    document = make_audits.DOCUMENT.read_text(encoding="utf-8")
    assert make_audits.written(document) == document, "run `python docs/make_audits.py`"
    assert make_audits.written(document.replace("more than double", "just right")) == document
    assert set(make_audits.FIRST) <= set(make_audits.subjects()) <= set(SUBJECTS)
