"""What households live through, followed from outside, day by day."""

import numpy as np
import pytest

from sim.behaviour.drift import bring_up_to_date
from sim.world.portable_math import halved
from tests.whole_worlds import begun, eventful

WITHOUT_OWN_FATIGUE = ("behaviour.look.promotion_fatigue=0", "behaviour.look.message_fatigue=0")


@pytest.mark.parametrize("audience", ["subscribers", "private_domain", "group_members"])
def test_everybodys_backlog_is_of_the_messages_they_were_sent(audience: str) -> None:
    config = eventful(
        600,
        "run.warmup_days=0",
        "run.days=90",
        "behaviour.choose.recall=1",
        "operator.acquisition.clicks_per_day=0.05",
        "operator.broadcast={per_week: 14, held_out_share: 0}",
        f"operator.broadcast.audience={audience}",
        "operator.community.close_after_days=30000",
        *WITHOUT_OWN_FATIGUE,
    )
    model = begun(config)
    kept = halved(1.0, config.behaviour.look.fatigue_half_life_days)
    backlog = model.households["fatigue"].astype(float)
    for _ in range(80):
        audiences, families = model.alarms["audience"].copy(), model.households["family"].copy()
        day = model.day
        model.step()
        if day > model.first_day:
            today = model.world.today[0].broadcasts[audiences]
            backlog = kept * backlog + today + model.world.calendar[day].rival_messages
        born = model.households["family"] != families
        backlog[born] = model.households["fatigue"][born]
    bring_up_to_date(model.households, model.slips.parents[0], model.world, day)
    won = np.isin(model.households["won_by"], (1, 4)) & (model.households["orders"] > 0)
    assert won.sum() > 50, "strangers whom a deal won"
    assert model.households["fatigue"] == pytest.approx(backlog, abs=1e-3)
