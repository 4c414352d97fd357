"""Advertising that saturates: more media reach ever fewer more, and a contact costs more."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.operator.levers.acquisition import price_of_contact, response

media, saturation = st.floats(0, 10), st.floats(0.01, 10)
about = pytest.approx


def lever(saturation: float, media: float = 1.0, power: float = 1.0) -> SimpleNamespace:
    return SimpleNamespace(saturation=saturation, media=media, power=power)


@given(media, media, saturation)
@settings(max_examples=60)
def test_the_response_rises_and_bends(one: float, more: float, how: float) -> None:
    own = lever(how)
    reached, both = response(one, own), response(one + more, own)
    assert 0 <= reached <= both
    assert both - reached <= response(more, own) + 1e-12, "the first reach most"
    assert response(0.0, own) == 0
    assert response(1.0, own) == about(1)


@given(media)
@settings(max_examples=30)
def test_without_saturation_twice_the_media_reach_twice_as_many(one: float) -> None:
    assert response(one, lever(0.0)) == one
    assert response(one, lever(1e-6)) == about(one, rel=1e-4, abs=1e-9)
    assert price_of_contact(lever(0.0, media=one)) == about(1.0)


@given(st.floats(0.01, 10), st.floats(0, 10), saturation, st.floats(0.05, 1))
@settings(max_examples=60)
def test_a_contact_costs_more_the_more_are_bought(
    one: float, more: float, how: float, power: float
) -> None:
    price = price_of_contact(lever(how, one, power))
    assert price > 0
    assert price_of_contact(lever(how, one + more, power)) >= price * (1 - 1e-9)
    assert price_of_contact(lever(how, 1.0)) == about(1), "with the usual media, the usual price"
    spent = price * response(power * one, lever(how))
    assert spent == about(power * one), "money is media"


@pytest.mark.parametrize(("bought", "power"), [(0.0, 1.0), (1.0, 0.0)])
def test_no_media_no_contacts_and_a_price_nonetheless(bought: float, power: float) -> None:
    own = lever(0.7, bought, power)
    assert response(own.power * own.media, own) == 0
    assert price_of_contact(own) == 1
