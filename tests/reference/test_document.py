"""The reference is what the code and conf/ say, word for word."""

from sim.reference.document import reference
from tests import ROOT


def test_reference_is_what_the_code_declares() -> None:
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert reference() == written, "run `make reference`"
