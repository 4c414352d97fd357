"""Write the documents' tables anew: docs/reference.md, as `repurchase reference --write` does.

python docs/make_tables.py
"""

from pathlib import Path

from sim.reference.document import reference

HERE = Path(__file__).parent

if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
