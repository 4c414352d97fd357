import numpy as np
import pytest

from sim.parameters.quantity import ConfigurationError, check_ranges
from sim.world.market import CALENDAR, RIVALS, calendar
from tests.worlds import market

DOUBLE_ELEVEN = 314


@pytest.fixture(scope="module")
def year():
    return calendar(market(), 0, 365, 0)


def test_values_lie_within_their_bounds():
    check_ranges(market(), "market")


def test_one_record_a_day_from_the_first(year):
    assert year.dtype.descr == CALENDAR.descr
    assert (year.day_of_year == np.arange(365)).all()
    later = calendar(market(), -180, 545, 200)
    assert later.day_of_year[0] == 20
    assert later.day_of_year[180] == 200
    assert later.festival[180] == year.festival[200]
    assert later.festival[345] == year.festival[0]


def test_the_year_repeats():
    two = calendar(market(), -100, 730, 17)
    for name in two.dtype.names:
        later = 365 if name == "next_festival_day" else 0
        assert (two[name][:365] + later == two[name][365:]).all()


def test_double_eleven_is_the_greatest_day(year):
    assert year.festival.argmax() == DOUBLE_ELEVEN
    assert year.festival[DOUBLE_ELEVEN] == 1
    assert year.interest[DOUBLE_ELEVEN] == market().festival_interest
    assert 0 < year.festival[DOUBLE_ELEVEN - 1] < 0.2
    assert year.festival[DOUBLE_ELEVEN + 1] == 0
    assert (year.interest[year.festival == 0] == 1).all()


def test_rivals_promote_as_often_as_they_say(year):
    given = market()
    usual = year[year.festival == 0]
    for r, rival in enumerate(given.rivals):
        share = (usual.rival_discount[:, r] > 0).mean()
        assert share == pytest.approx(rival.promotion_days_per_month / 30, abs=0.04)
        plain_days = usual.rival_discount[:, r] == 0
        assert (usual.rival_price[plain_days, r] == rival.price_ratio).all()
        assert year.rival_discount[DOUBLE_ELEVEN, r] == rival.festival_discount


def test_rival_messages_come_from_every_brand(year):
    given = market()
    usual = given.rival_brands * given.messages_per_brand_day
    assert year.rival_messages.min() == pytest.approx(usual)
    assert year.rival_messages[DOUBLE_ELEVEN] == pytest.approx(usual * given.festival_messages)


def test_season_follows_the_months(year):
    given = market()
    assert year.season[0] == year.season[30] == given.season_by_month[0]
    assert year.season[31] == given.season_by_month[1]
    assert year.season[364] == given.season_by_month[11]
    assert np.mean(given.season_by_month) == pytest.approx(1, abs=0.02)


def test_rivals_must_be_named_in_order():
    broken = market()
    broken.rivals.reverse()
    with pytest.raises(ConfigurationError, match=RIVALS[0]):
        calendar(broken, 0, 10, 0)


def test_a_season_needs_twelve_months():
    broken = market()
    broken.season_by_month = [1.0]
    with pytest.raises(ConfigurationError, match="give 12"):
        calendar(broken, 0, 10, 0)
