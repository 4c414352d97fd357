"""Designs as SALib and the EMA Workbench leave them, and what is wrong with others."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import read_design
from sim.experiments.designs import setting
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import OBEYED

RECALL, COUPONS = "behaviour.choose.recall", "operator.coupons.strength"
NAMES = [RECALL, COUPONS]
SAMPLE = np.array([[3.1234567890123457, 0.0], [4.0, 1.0], [5.5, 1 / 3]])


def design(tmp_path: Path, text: str, name: str = "design.csv") -> pd.DataFrame:
    (tmp_path / name).write_text(text)
    return read_design(tmp_path / name)


def test_a_sample_of_salib_with_the_names_of_its_problem(tmp_path: Path) -> None:
    plain = pd.DataFrame(SAMPLE, columns=NAMES)
    plain.to_csv(tmp_path / "plain.csv", index=False)
    plain.to_csv(tmp_path / "numbered.csv")  # with a column of rows' numbers that has no name
    plain.to_parquet(tmp_path / "design.parquet")
    plain.set_index(pd.Index([7, 8, 9])).to_parquet(tmp_path / "indexed.parquet")
    plain.to_csv(tmp_path / "tabs.csv", index=False, sep=";")
    np.savetxt(tmp_path / "matrix.csv", SAMPLE, delimiter=",", header=",".join(NAMES), fmt="%.17g")
    for file in sorted(tmp_path.iterdir()):
        found = read_design(file)
        assert list(found) == NAMES, file.name
        assert found.to_numpy().tobytes() == SAMPLE.tobytes(), file.name


def test_experiments_of_the_ema_workbench(tmp_path: Path) -> None:
    text = (
        "behaviour__choose__recall,operator__recommendation__needs_consent,"
        "behaviour__choose__diffusion,operator__coupons__from_day,scenario,policy,model\n"
        "3.5,True,complex,4,0,None,lab\n4.5,False,simple,7,1,None,lab\n"
    )
    found = design(tmp_path, text)
    assert found.to_dict("list") == {
        RECALL: [3.5, 4.5],
        "operator.recommendation.needs_consent": [True, False],
        "behaviour.choose.diffusion": ["complex", "simple"],
        "operator.coupons.from_day": [4, 7],
    }
    assert found.dtypes.astype(str).tolist() == ["float64", "bool", "object", "int64"]


HEAD = f"{RECALL},{COUPONS}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "3,0.5\n3,1.5\n", "design.csv, row 3: operator.coupons.strength = 1.5 is imposs"),
        (HEAD + "3,0.5\n\n3,\n", "design.csv, row 4: operator.coupons.strength has no value."),
        (HEAD + "many,0\n", "row 2: behaviour.choose.recall = many is not possible: it must be a"),
        (HEAD + "nan,0\n", "row 2: behaviour.choose.recall = nan is impossible"),
        (HEAD + "3,0,1\n", "design.csv, row 2: it has 3 cells, and the header has 2."),
        (HEAD, "design has one point at least"),
        ("", "no column is a setting"),
        ("scenario,policy\n1,2\n", "no column is a setting"),
        ("operator.coupon.strength\n1\n", "design.csv: There is no setting operator.coupon"),
        ("operator.coupon.strength\n1\n", "did you mean operator.coupons.strength?"),
        (f"{RECALL},repurchase_rate_365d\n3,0.5\n", "There is no setting repurchase_rate_365d"),
        (f"{RECALL},{RECALL}\n3,4\n", "two columns are of behaviour.choose.recall"),
        ("run.days\n3.5\n", "row 2: run.days = 3.5 is not possible: it must be a whole number"),
        ("behaviour.choose.diffusion\nplain\n", "row 2: behaviour.choose.diffusion = plain is not"),
        ("operator.recommendation.needs_consent\n2\n", "must be true or false."),
        ("operator.coupons\n2\n", "operator.coupons is not one number, word or switch"),
        (HEAD + '"3,0\n', "row 2"),
        (f"{RECALL}\n1,000\n", "row 2: it has 2 cells"),
    ],
)
def test_what_is_wrong_names_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        design(tmp_path, text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_no_designs_are_refused_in_a_sentence(tmp_path: Path) -> None:
    def refused(content: bytes, name: str) -> str:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ConfigurationError) as caught:
            read_design(tmp_path / name)
        return str(caught.value)

    assert "is no whole Parquet file" in refused(b"PAR1 torn", "torn.parquet")
    assert "row 2: it is not UTF-8 text." in refused(HEAD.encode() + b"\xff,1", "latin.csv")
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_design(tmp_path / "none.csv")
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        read_design(tmp_path)
    pd.DataFrame({RECALL: [3.0, None]}).to_parquet(tmp_path / "gap.parquet")
    with pytest.raises(ConfigurationError, match=r"row 3: behaviour\.choose\.recall has no value"):
        read_design(tmp_path / "gap.parquet")
    hostile = f"{RECALL},\x1b[2J\n3,4\n".encode()
    assert "\x1b" not in refused(hostile, "hostile.csv")


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [
        (RECALL, "4", 4.0),
        (RECALL, 4, 4.0),
        ("run.days", "400", 400),
        ("run.days", 400.0, 400),
        ("operator.recommendation.needs_consent", "TRUE", True),
        ("operator.recommendation.needs_consent", 0.0, False),
        ("behaviour.choose.diffusion", " complex ", "complex"),
        ("population.regions.0.share", 0.5, 0.5),
    ],
)
def test_a_cell_becomes_a_value_of_its_settings_kind(key: str, given: Any, value: Any) -> None:
    read = setting(key).read(given)
    assert read == value
    assert type(read) is type(value)


CELLS = st.sampled_from(
    ["3", "0.5", "-1", "1e3", "", "true", "nan", "1,5", '"', "a b", "\x1b[2J", "#"]
)
HEADS = st.sampled_from([*NAMES, "run.days", "scenario", "", "operator.coupons", "# x", "__", "."])
TABLES = st.lists(st.lists(CELLS, max_size=4), max_size=4)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_file_makes_the_reader_fall_over(content: bytes) -> None:
    _read_or_refused(content)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(header=st.lists(HEADS, max_size=4), rows=TABLES, separator=st.sampled_from(",;"))
def test_no_table_makes_the_reader_fall_over(
    header: list[str], rows: list[list[str]], separator: str
) -> None:
    lines = (separator.join(line) for line in [header, *rows])
    _read_or_refused("\n".join(lines).encode())


def _read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "design.csv")
        path.write_bytes(content)
        try:
            found = read_design(path)
        except ConfigurationError as error:
            said = str(error)
            assert said.endswith((".", "?"))
            assert len(said) < 400
            assert not OBEYED.search(said)
        else:
            assert len(found) > 0
            assert not found.isna().any(axis=None)
