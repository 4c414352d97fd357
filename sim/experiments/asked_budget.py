"""What every strategy of a comparison is to spend, as it is written behind `--budget`."""

import re
import unicodedata
from typing import NamedTuple

from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import number_meant

YUAN, RATE = "yuan", "yuan per customer and month"
PER_CUSTOMER_MONTH = "/customer-month"
_SUM = re.compile(rf"(\d{{1,15}}(?:\.\d{{1,6}})?)({PER_CUSTOMER_MONTH})?")


class Budget(NamedTuple):
    """What every strategy is to spend.

    Attributes
    ----------
    said
        ``own``, ``equal``, or a sum as it was written.
    amount
        That sum; zero if none was.
    unit
        Of it.
    """

    said: str
    amount: float = 0.0
    unit: str = YUAN


OWN, EQUAL = Budget("own"), Budget("equal")


def asked_budget(said: str, households: int) -> Budget:
    """What a budget says.

    Parameters
    ----------
    said
        ``own``: whatever a strategy spends; ``equal``: what the reference spends; ``3000000``: so
        many yuan over the run, in a world as large as it is simulated; ``17.5/customer-month``: so
        many yuan for each customer and month, a customer being a household that ever ordered.
    households
        Of a world.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    text = unicodedata.normalize("NFKC", said).strip()  # digits at full width are digits
    for each in (OWN, EQUAL):
        if text == each.said:
            return each
    found = _SUM.fullmatch(text)
    if not found or not float(found[1]) > 0.0:
        guess = number_meant(text)
        end = f"; did you mean {guess}?" if guess else "."
        raise ConfigurationError(
            f"budget = {cited(said)} is none: write `own`, `equal`, what a world is to spend over "
            f"the run in yuan, such as 3000000, or 17.5{PER_CUSTOMER_MONTH}{end}"
        )
    amount = float(found[1])
    if found[2]:
        return Budget(text, amount, RATE)
    if amount < households:
        raise ConfigurationError(
            f"budget = {text} would be all that a world spends over the run, less than a yuan for "
            f"each of its {households:,} households: for {text} yuan per customer and month write "
            f"--budget {text}{PER_CUSTOMER_MONTH}, or name a larger sum."
        )
    return Budget(text, amount)


__all__ = ["EQUAL", "OWN", "PER_CUSTOMER_MONTH", "RATE", "YUAN", "Budget", "asked_budget"]
