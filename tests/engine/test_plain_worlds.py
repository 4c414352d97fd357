"""Tiny worlds in plain Python leave the record that they left before."""

import numpy as np
import pytest

from tests.plain_worlds import WORLDS, checksums, recorded, world_lived


@pytest.mark.parametrize("world", WORLDS)
def test_a_tiny_world_is_as_it_was(world: str) -> None:
    before, now = recorded()[world], checksums(world)
    assert [name for name, told in before.items() if now.get(name) != told] == []


def test_nearly_everything_happens_in_one_of_them() -> None:
    events = np.concatenate([day for world in WORLDS for day in world_lived(world).events])
    never = {name for name in events.dtype.names or () if not events[name].any()}
    # Too few know each other here to buy together or to win a friend: their levers' own tests
    # hold compiled days against plain ones.
    together = {name for name in never if name.startswith(("group_buying_", "referral_"))}
    # In the smallest chats nobody happens to tell of the scandal while levers are all on at once.
    # The consent design is there from the first day on: nobody has consented to another before.
    assert never - together <= {
        "family",
        "by_koc",
        "consent_design_asked",
        "quality_scandal_from_chat",
    }
