"""Arrays of records and of numbers, whoever keeps them: NumPy, compiled code, a plain list."""

from typing import Protocol, TypeVar

Kind = TypeVar("Kind", covariant=True)
Number = TypeVar("Number")


class Records(Protocol[Kind]):
    """A row of records: one is looked up, and its fields are read or written."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Kind: ...


class Numbers(Protocol[Number]):
    """A row of numbers."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Number: ...

    def __setitem__(self, place: int, value: Number, /) -> None: ...
