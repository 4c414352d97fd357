"""Files that people write: scenarios, files of a folder of one's own, rules, facts, records."""

from collections.abc import Sequence
from typing import Any

import yaml
from hypothesis import strategies as st

from tests import toy
from tests.fuzz.case import FIFO, FOLDER, LINK, Case, Content, Special
from tests.fuzz.watching import MARKING
from tests.fuzz.words import NUMBERS, ODD, numbers_there, settings_there, texts

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n"
    for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
SNIPPETS = (
    "\t", "\t x: 1", "x: &x [1, *x]", "<<: *y", "y: &y {a: 1}", "z: *y", "!!python/name:os.system",
    "!!python/object/apply:os.system [id]", "!!binary aGk=", "!tag x", "%YAML 1.2", "---", "...",
    "? a", "? [a, b]\n: c", "[", "]", "{", "}", "- x", ": x", "a: b: c", "'", '"', "|", ">", "# c",
    "strategy:", "strategy: {title: Twice}", "strategy: null", "operator: null", "operator: []",
    "operator: {coupons: {strength: 0.7}}", "operator: {coupons: null}", "operator:", "run: 3",
    "defaults: [[baseline]]", "defaults: []", "defaults: null", "defaults: [mine, _self_]",
    "defaults: [{population: city}, _self_]", "defaults: [{override /population: city}]",
    "defaults: [baseline, baseline]", "defaults: ['../../../etc/passwd']", "defaults: {a: b}",
    "defaults: [{scenarios: koc_led}]", "defaults: [optional x]", "defaults: [{/x@y: z}]",
    "rules: {believe.trust_after: notes.txt}", "rules: {believe: {trust_after: notes.txt}}",
    "rules: []", "rules: 1", "rules: {x: 1}", "rules: {1: 2}", "run: {days: 010}",
    "run: {days: 1:30}", "run: {days: 1_0}", "run: {days: .inf}", "run: {days: .nan}", "1: 2",
    "run: {days: ${oc.env:HOME}}", "x: ${oc.env:HOME}", "x: ${x}", "x: ${", "x: ???", "null: 1",
    "true: 1", "2024-01-01: 1", "x: 2024-01-01", "before: {}", "hydra: {run: {dir: x}}", "a.b: 1",
    "operator.coupons.strength: 1", "_target_: os.system", "population: town", "\ufeffx: 1",
    "name: mine", "executor: {workers: -1}", "experiment: {seed: x}", "[" * 3000, "a: " * 2000,
    BOMB,
)  # fmt: skip
SPECIALS: Sequence[Content] = (
    b"", b"\0", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"x" * (2 << 20), BOMB.encode(), b"[" * 20_000,
    Special(FOLDER), Special(FIFO), Special(LINK, "itself.yaml"), Special(LINK, "/dev/zero"),
    Special(LINK, "/nowhere"), Special(LINK, ".."), Special(LINK, "/proc/self/environ"),
)  # fmt: skip
SCENARIOS = {
    "plain": toy.scenario("Mine", "{coupons: {strength: 0.5}}"),
    "built": toy.scenario("Mine").replace("operator:", "defaults: [koc_led, _self_]\noperator:"),
    "wide": (
        "# @package _global_\n# A wide one.\ndefaults:\n  - baseline\n  - _self_\n\nstrategy:\n"
        "  title: Mine\n  what: It does.\n  why: To see.\n  cost: Little.\n  facts: [I07]\n\n"
        "operator:\n  coupons:\n    strength: 0.25  # a note\n    depth_percent: 12\n"
        "  reminders: {strength: 1.0}\nrun:\n  days: 30\nmarket:\n  rivals: 4\n"
    ),
}
RULE = "def trust_after(trust, weight, evidence, evidence_weight, p):\n    return trust\n"


@st.composite
def mutated(draw: Any, texts_there: Sequence[str]) -> bytes:
    """One of the texts, changed in one to four places."""
    content = draw(st.sampled_from(texts_there)).encode()
    for change in draw(st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=4)):
        content = CHANGES[change](draw, content)
    return content


def _place(draw: Any, content: bytes) -> int:
    return int(draw(st.integers(0, max(len(content) - 1, 0))))


def _flip(draw: Any, content: bytes) -> bytes:
    place = _place(draw, content)
    return content[:place] + bytes([draw(st.integers(0, 255))]) + content[place + 1 :]


def _cut(draw: Any, content: bytes) -> bytes:
    return content[: _place(draw, content)]


def _lines(draw: Any, content: bytes) -> bytes:
    """A line left out, doubled or changed with another."""
    lines = content.split(b"\n")
    first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    what = draw(st.sampled_from(["drop", "double", "swap"]))
    if what == "drop":
        del lines[first]
    elif what == "double":
        lines.insert(second, lines[first])
    else:
        lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _snippet(draw: Any, content: bytes) -> bytes:
    """Something odd on a line of its own, perhaps indented."""
    lines = content.split(b"\n")
    place = draw(st.integers(0, len(lines)))
    indent = b" " * draw(st.sampled_from([0, 0, 0, 2, 4]))
    lines.insert(place, indent + draw(st.sampled_from(SNIPPETS)).encode("utf-8"))
    return b"\n".join(lines)


def _value(draw: Any, content: bytes) -> bytes:
    """Another value behind some colon."""
    parts = content.split(b": ")
    place = draw(st.integers(0, len(parts) - 1))
    said = draw(st.one_of(st.sampled_from(ODD), NUMBERS.map(lambda pair: pair[0]), texts()))
    rest = parts[place].partition(b"\n")[1:]
    parts[place] = said.encode("utf-8", "surrogateescape") + b"".join(rest)
    return b": ".join(parts)


def _encoded(draw: Any, content: bytes) -> bytes:
    """Another encoding, or other ends of lines."""
    text = content.decode("utf-8", "replace")
    said = draw(st.sampled_from(["utf-16", "utf-8-sig", "utf-32", "crlf", "tabs", "nul"]))
    if said == "crlf":
        return text.replace("\n", "\r\n").encode()
    if said == "tabs":
        return text.replace("  ", "\t").encode()
    if said == "nul":
        return content.replace(b"e", b"\0", 1)
    return text.encode(said)


CHANGES = {
    "flip": _flip, "cut": _cut, "lines": _lines, "snippet": _snippet, "value": _value,
    "encoded": _encoded,
}  # fmt: skip

READING = (
    ("check", "mine"), ("scenarios",), ("run", "mine", "run.days=3"), ("explain", "mine"),
    ("new", "other", "--from", "mine"), ("check", "mine", "population=city"),
)  # fmt: skip


@st.composite
def scenario_files(draw: Any) -> Case:
    """A scenario of one's own that was valid once, or is something else altogether."""
    content = draw(st.one_of(mutated(tuple(SCENARIOS.values())), st.sampled_from(SPECIALS)))
    command = draw(st.sampled_from(READING))
    files: dict[str, Content] = {"scenarios/mine.yaml": content, "notes.txt": RUNNING}
    meant = "scenarios/mine.yaml" if command == READING[0] and isinstance(content, bytes) else ""
    return Case("scenario files", command, files, file_meant=meant)


@st.composite
def written_scenarios(draw: Any) -> Case:
    """A scenario made of settings that are there: what is accepted says what the file says."""
    possible = numbers_there("toy")
    there = [*3 * list(possible), *(key for key in settings_there("toy") if "." in key)]
    chosen = draw(st.lists(st.sampled_from(there), min_size=1, max_size=5, unique=True))
    odd = st.one_of(st.none(), st.booleans(), st.lists(st.integers(), max_size=2), texts(8))
    values = st.one_of(st.floats(0, 1), st.integers(0, 10), st.integers(), st.floats(), odd)
    tree: dict[str, Any] = yaml.safe_load(SCENARIOS["plain"])
    for key in chosen:
        *path, last = key.split(".")
        place = tree
        for part in path:
            if not isinstance(place.get(part), dict):
                place[part] = {}
            place = place[part]
        sensible = key in possible and draw(st.integers(0, 5))
        place[last] = draw(possible[key] if sensible else values)
    text = yaml.safe_dump(tree, allow_unicode=draw(st.booleans()), default_flow_style=None)
    files: dict[str, Content] = {
        "scenarios/mine.yaml": text.encode("utf-8", "replace"),
        "notes.txt": RUNNING,
    }
    return Case("written scenarios", ("check", "mine"), files, file_meant="scenarios/mine.yaml")


BUILT = ("run.yaml", "simulation.yaml", "executor/serial.yaml", "compare.yaml", "report.yaml")


@st.composite
def config_folders(draw: Any) -> Case:
    """A folder of one's own laid out like conf/, with a file that was valid once."""
    texts_there = tuple(map(toy.laid_out, toy.FILES.values()))
    name = draw(
        st.sampled_from([*toy.FILES, *BUILT, "population/village.yaml", "scenarios/x.yaml"])
    )
    content = draw(st.one_of(mutated(texts_there), st.sampled_from(SPECIALS)))
    choice = ["population=village"] if "village" in name else []
    command = draw(st.sampled_from([["check", "koc_led"], ["scenarios"], ["run", "run.days=3"],
                                    ["reference"], ["explain"]]))  # fmt: skip
    words = (*command, *(choice if command[0] in ("check", "run", "explain") else []))
    files = {f"mine/{name}": content}
    return Case("config folders", (*words, "--config-dir", "mine"), files)


RUNNING = (MARKING + RULE).encode()
RULES = (
    MARKING + RULE, RULE, "import os\n" + MARKING + "os._exit(3)\n", MARKING + "def f(:\n",
    MARKING + "raise SystemExit(5)\n", MARKING + "import sys\nsys.exit()\n", "x = 1\n",
    MARKING + "async " + RULE, MARKING + "trust_after = 7\n", MARKING + "trust_after = print\n",
    MARKING + "class trust_after: pass\n", MARKING + "def trust_after(*a): return 1\n",
    MARKING + "import random\n" + RULE.replace("return trust", "return random.random()"),
    MARKING + "raise KeyboardInterrupt\n", MARKING + "1/0\n", MARKING + "raise BaseException\n",
)  # fmt: skip


@st.composite
def listed_rules(draw: Any) -> Case:
    """Scenarios that name files of code: nothing there is run by listing or checking."""
    source = draw(st.one_of(st.sampled_from(RULES), st.just(RULE).flatmap(lambda r: mutated((r,)))))
    named = draw(st.sampled_from(["notes.txt", "./notes.txt", "{here}/notes.txt", "notes.txt:f"]))
    rule = draw(st.sampled_from(["believe.trust_after", "look.visits_per_day", "x.y", "stay"]))
    text = SCENARIOS["plain"] + f"rules: {{{rule}: {named!r}}}\n"
    content = source if isinstance(source, bytes) else source.encode()
    files: dict[str, Content] = {"scenarios/mine.yaml": text.encode(), "notes.txt": content}
    command = draw(st.sampled_from([*READING[:2], *READING[3:]]))
    return Case("listed rules", command, files)


@st.composite
def trusted_rules(draw: Any) -> Case:
    """Files of code that this command line asks for: whatever they do is told in a sentence."""
    bodies = ("return trust", "return 1 / 0", "return evidence / trust", "return weight > 1",
              "return 'x'", "return", "return p.nothing", "return p.kind", "yield trust",
              "return [trust]", "return trust_after", "print(trust)",
              "raise ValueError(1)", "return float('nan')", "return trust + 2j")  # fmt: skip
    rules = [RULE.replace("return trust", body) for body in bodies]
    own = st.sampled_from([*rules, *(rule for rule in RULES if "_exit" not in rule)])
    content = draw(st.one_of(own.map(str.encode), mutated(tuple(rules)), st.sampled_from(SPECIALS)))
    odd = st.sampled_from(["mine.py:f", "none.py", "mine.py:"])
    asked = draw(st.one_of(*4 * [st.sampled_from(["mine.py", "{here}/mine.py"])], odd))
    rule = draw(st.sampled_from([*6 * ["believe.trust_after"], "judge.none", "x"]))
    command = draw(st.sampled_from(["check", "explain", "run"]))
    return Case("trusted rules", (command, f"rules.{rule}={asked}"), {"mine.py": content})


FACTS = (
    "id,kind,kpi,who,condition,value,low,high,unit,role,source,note\n"
    "C01,contrast,orders,members,,2.5,2,3,ratio,fit,L20,\n"
    "X1,level,repurchase rate,customers,,0.4,0.3,0.5,share,check,L3,\n"
)
RECORDS = {
    "tianchi_mum_baby_trade_history.csv": (
        "user_id,auction_id,category_2,category_1,property,buy_mount,day\n"
        "1,2,3,50014815,4:5,1,20130105\n2,2,3,28,4:5,1,20141111\n1,2,3,50014815,,2,20141212\n"
    ),
    "tianchi_mum_baby.csv": "user_id,birthday,gender\n1,20130101,0\n2,20121111,1\n",
    "grocery_orders.csv": "cust,date,value\n1,2013-01-01,2\n1,2013-02-01,2\n1,2013-09-01,1\n",
}


@st.composite
def tables_of_others(draw: Any) -> Case:
    """Facts and purchase records as they come from elsewhere."""
    if draw(st.booleans()):
        content = draw(st.one_of(mutated((FACTS,)), st.sampled_from(SPECIALS)))
        files: dict[str, Content] = {"mine/evidence/facts.csv": content}
        return Case("other tables", ("check", "koc_led", "--config-dir", "mine"), files)
    files = {f"records/{name}": text.encode() for name, text in RECORDS.items()}
    changed = draw(st.sampled_from(sorted(RECORDS)))
    content = draw(st.one_of(mutated((RECORDS[changed],)), st.sampled_from(SPECIALS)))
    files[f"records/{changed}"] = content
    return Case("other tables", ("@records", "records"), files)
