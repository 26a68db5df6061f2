"""A sample of `make fuzz`: the corpus with all that was found, and what hypothesis makes of it."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.campaign import mutated, seeds
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_the_laws_hold_for_the_corpus(name: str) -> None:
    assert seeds(name)
    for data in seeds(name):
        TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_laws_hold_for_anything(name: str, data: st.DataObject) -> None:
    kept = seeds(name)
    drawn = data.draw(st.one_of(st.binary(max_size=200), st.sampled_from(kept)))
    TARGETS[name](mutated(drawn, kept, random.Random(data.draw(st.integers(0, 2**32)))))
