"""Which mistakes `make mutants` plants, and which it knows to be none."""

from pathlib import Path

from tests.mutants.__main__ import ROOT, equivalents
from tests.mutants.planting import drawn, mutants_of

SOURCE = '''"""Words of 3."""

HALF = 0.5


@dataclass
class Parameters:
    share: float = quantity("share", "of 7", 0, 1)


def rule(a: int, b: float = 2.0) -> float:
    """Not 4."""
    assert a > 9
    if a > 0 and not b:
        act(a)
    part = places[0]
    part -= 1
    return min(part * b, HALF)


@overload(rule)
def _rule(a, b):
    return a + 1
'''


def test_mistakes_of_a_small_file(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(SOURCE)
    found = mutants_of(tmp_path, "small.py")
    told = {(mutant.inside, mutant.before, mutant.after) for mutant in found}
    assert {(inside, after) for inside, before, after in told if before.startswith("a > 0")} == {
        ("rule", "a >= 0 and not b"),
        ("rule", "a <= 0 and not b"),
        ("rule", "a > 1 and not b"),
        ("rule", "a > (-1) and not b"),
        ("rule", "a > 0 and b"),
        ("rule", "((a > 0) or (not b))"),
        ("rule", "not (a > 0 and not b)"),
    }
    assert {after for _, before, after in told if before.startswith("return min")} == {
        "return max(part * b, HALF)",
        "return min((part / b), HALF)",
        "return min(part, HALF)",
        "return min(b, HALF)",
        "return min(part * b, HALF) + 1",
    }
    after = {(before, after) for _, before, after in told}
    assert {("act(a)", "pass"), ("part -= 1", "pass"), ("part -= 1", "part += 1")} <= after
    assert {("HALF = 0.5", "HALF = 1.0"), ("HALF = 0.5", "HALF = (-0.5)")} <= after
    assert {then for before, then in after if before.startswith("part = ")} == {"part = places[1]"}
    assert not any(word in str(after) for word in ("quantity", "assert", "Words", "Not 4"))
    assert {mutant.inside for mutant in found if mutant.machine_code} == {"_rule"}


def test_each_mistake_changes_one_thing(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(SOURCE)
    lines = SOURCE.splitlines()
    for mutant in mutants_of(tmp_path, "small.py"):
        differing = [
            number
            for number, (one, other) in enumerate(
                zip(lines, mutant.text.splitlines(), strict=True), 1
            )
            if one != other
        ]
        assert differing == [mutant.line]
        compile(mutant.text, "small.py", "exec")


def test_a_lot_is_the_same_one_whatever_stands_above(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(SOURCE)
    one = drawn({"small.py": mutants_of(tmp_path, "small.py")}, 9, seed=1)
    (tmp_path / "small.py").write_text("import more\n" + SOURCE)
    other = drawn({"small.py": mutants_of(tmp_path, "small.py")}, 9, seed=1)
    assert [mutant.told for mutant in one] == [mutant.told for mutant in other]
    assert [mutant.line + 1 for mutant in one] == [mutant.line for mutant in other]
    third = drawn({"small.py": mutants_of(tmp_path, "small.py")}, 9, seed=2)
    assert [mutant.told for mutant in third] != [mutant.told for mutant in one]


def test_what_is_said_to_change_nothing_still_stands_there() -> None:
    """An entry whose source is gone would hide a mistake that is not there, or nothing at all."""
    known = equivalents()
    there = {
        mutant.told
        for file in sorted({file for file, *_ in known})
        for mutant in mutants_of(ROOT, file)
    }
    assert known - there == set()
