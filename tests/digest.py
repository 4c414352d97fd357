"""Checksums of runs by configurations drawn at random: ``python -m tests.digest 20``.

Whatever Python or machine prints them, they are the same; `make versions` compares.
"""

import hashlib
import sys

from sim.experiments.simulate import simulate
from sim.store.runs import TABLES
from tests.random_worlds import random_configuration


def digest(number: int) -> str:
    """Checksum of every table of a run, of its values and not of how a library writes them."""
    result = simulate(random_configuration(number), number, warm_start=False, keep_orders=True)
    found = hashlib.sha256()
    for name in TABLES:
        table = getattr(result, name)
        if table is not None:
            found.update(f"{name} {len(table)}".encode())
            for column in table:
                values = table[column]
                plain = values.astype(str) if values.dtype.kind not in "iufb" else values
                found.update(f"{column} {values.dtype}".encode())
                found.update("\n".join(map(repr, plain.tolist())).encode())
    return found.hexdigest()


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        print(number, digest(number))
