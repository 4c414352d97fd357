import numpy as np
import pytest

from sim.parameters.quantity import ConfigurationError, check_ranges
from sim.world.catalogue import (
    AGE_MONTHS,
    CATEGORY,
    UseSpan,
    age_month,
    category_records,
    days_of_stock,
    use_table,
)
from sim.world.household import CATEGORIES, FEEDING
from tests.machine import machine
from tests.worlds import population

CATALOGUE = population().categories
BREAST, MIXED, FORMULA = range(len(FEEDING))


def use(category, months, feeding=MIXED):
    return use_table(CATALOGUE)[CATEGORIES.index(category), feeding, age_month(round(months * 30))]


def test_records_hold_prices_in_fen_and_margins():
    records = category_records(CATALOGUE)
    assert records.dtype.descr == CATEGORY.descr
    assert records.shape == (8,)
    assert (records.goods_cost_fen < records.price_fen).all()
    formula = records[CATEGORIES.index("formula")]
    assert 15_000 <= formula.price_fen <= 35_000  # a tin of 800 g
    assert formula.pack_units == 800
    diapers = records[CATEGORIES.index("diapers")]
    assert 130 <= diapers.price_fen / diapers.pack_units <= 200
    assert records.by_stock.sum() == 4


@pytest.mark.parametrize(("months", "pieces"), [(2, 12), (5, 10), (9, 8), (15, 6), (21, 4)])
def test_diapers_a_day_are_the_published_ones(months, pieces):
    assert use("diapers", months) == pieces


def test_formula_follows_feeding():
    assert use("formula", 3, FORMULA) == 119
    assert use("formula", 3, MIXED) == pytest.approx(119 / 2, abs=1)
    assert use("formula", 3, BREAST) == 0
    cans_a_month = use("formula", 7, MIXED) * 30 / 800
    assert 2 <= cans_a_month <= 3
    assert use("formula", 60, FORMULA) == 0


def test_formula_and_diapers_are_laid_in_from_two_months_before_birth_and_food_is_not():
    table = use_table(CATALOGUE)
    for name in ("formula", "diapers", "wash_care"):
        assert (table[CATEGORIES.index(name), :, : age_month(-70)] == 0).all(), name
    born = age_month(15)
    assert (table[CATEGORIES.index("complementary_food"), :, : born + 1] == 0).all()
    assert use("formula", -1, BREAST) == 0
    for feeding, cans in ((MIXED, 60 * 15 / 800), (FORMULA, 60 * 20 / 800)):
        assert use("formula", -1, feeding) * 60 / 800 == pytest.approx(cans)
        assert 1 <= cans <= 2
    assert [use("diapers", -1, feeding) for feeding in (BREAST, MIXED, FORMULA)] == [2, 2, 2]
    assert use("wash_care", -1) == 0.5
    for name in ("diapers", "wash_care"):
        assert use(name, -1) < use(name, 0.5), "what is laid in is less than what is used"
    assert use("maternity", -3) > 0
    assert use("maternity", 24) == 0


def test_every_category_is_needed_at_some_age_and_none_by_graduates():
    table = use_table(CATALOGUE)
    assert table.shape == (8, 3, AGE_MONTHS)
    assert (table.max(axis=(1, 2)) > 0).all()
    assert (table >= 0).all()


def test_a_familys_month_is_plausible():
    records = category_records(CATALOGUE)
    per_day = use_table(CATALOGUE)[:, MIXED, age_month(200)] / records.pack_units
    yuan_a_month = 30 * float((per_day * records.price_fen).sum()) / 100
    assert 900 <= yuan_a_month <= 2000


@pytest.mark.parametrize(
    ("age_days", "month"),
    [(-300, 0), (-280, 0), (-251, 0), (-250, 1), (-1, 9), (0, 9), (20, 10), (2190, 82), (9999, 83)],
)
def test_age_month(age_days, month):
    assert age_month(age_days) == machine(age_month)(age_days) == month


def test_days_of_stock():
    assert days_of_stock(2, 66.0, 12.0) == 11
    assert days_of_stock(2, 66.0, 200.0) == 1
    assert days_of_stock(12, 66.0, 0.1) == 365


def test_a_missing_category_is_named():
    with pytest.raises(ConfigurationError, match="name exactly"):
        category_records(CATALOGUE[1:])


def test_overlapping_spans_are_refused():
    broken = population().categories
    broken[2].use_per_day.append(UseSpan(20, 30, 1, 1, 1))
    with pytest.raises(ConfigurationError, match="diapers"):
        use_table(broken)


def test_a_negative_price_is_refused():
    broken = population().categories
    broken[0].price_yuan_per_pack = -5
    with pytest.raises(ConfigurationError, match="price_yuan_per_pack"):
        check_ranges(broken[0], "categories[0]")


def test_an_unknown_renewal_is_refused():
    broken = population().categories
    broken[0].renewal = "sometimes"
    with pytest.raises(ConfigurationError, match="'stock' or 'occasion'"):
        category_records(broken)


def test_mixed_feeding_lies_between_the_others_in_formula():
    table = use_table(CATALOGUE)[CATEGORIES.index("formula")]
    assert (np.diff(table, axis=0) >= 0).all()
