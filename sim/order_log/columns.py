"""Which column of an operator's order log means what."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import unknown


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a log; empty where the log has none of the kind.

    Attributes
    ----------
    customer
        Who ordered: any text or number that stays the same for a household.
    time
        When: a day, or a day with the time of it.
    amount
        What was paid for the row, in yuan.
    quantity
        How many pieces were bought.
    category, channel
        What was bought, and where.
    child_born
        The month or day on which the child was born.
    member
        Whether the customer was a member then.
    refund
        Whether the row takes money back, or was sent back.
    """

    customer: str = "customer"
    time: str = "time"
    amount: str = ""
    quantity: str = ""
    category: str = ""
    channel: str = ""
    child_born: str = ""
    member: str = ""
    refund: str = ""

    @property
    def named(self) -> dict[str, str]:
        """The column of each meaning that the log has."""
        found = {each.name: str(getattr(self, each.name)) for each in fields(self)}
        return {meaning: column for meaning, column in found.items() if column}


MEANINGS = tuple(each.name for each in fields(Columns))


def columns_from(values: Mapping[str, Any]) -> Columns:
    """Which column means what, as settings say it.

    Raises
    ------
    ConfigurationError
        Where a meaning is unknown, no name is given, or one column is to mean two things.
    """
    for meaning, column in values.items():
        if meaning not in MEANINGS:
            known = [f"columns.{each}" for each in MEANINGS]
            raise ConfigurationError(unknown(f"columns.{meaning}", known))
        if column is not None and not isinstance(column, str | int | float):
            raise ConfigurationError(f"columns.{meaning} must be the name of a column.")
    found = Columns(**{m: "" if c is None else str(c) for m, c in values.items()})
    for meaning in ("customer", "time"):
        if not getattr(found, meaning):
            raise ConfigurationError(
                f"columns.{meaning} is empty: say which column of the log tells the {meaning}."
            )
    by_column: dict[str, str] = {}
    for meaning, column in found.named.items():
        if column in by_column:
            raise ConfigurationError(
                f"{cited(column)} cannot be both {by_column[column]} and {meaning}: name two."
            )
        by_column[column] = meaning
    return found


def columns_said(found: Any, path: Path) -> dict[str, Any]:
    """What a file of settings, already read, says of columns: `customer: buyer_id`, a line each.

    Raises
    ------
    ConfigurationError
        Where it says something else.
    """
    if not isinstance(found, Mapping):
        raise ConfigurationError(
            f"{cited(str(path))} should say a line for each column, as in `customer: buyer_id`."
        )
    return {str(meaning): column for meaning, column in found.items()}


__all__ = ["MEANINGS", "Columns", "columns_from", "columns_said"]
