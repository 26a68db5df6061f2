"""What samples are like beside passing, against problems counted by hand."""

import pytest

from training.comparison.qualities import mean_differences, means, qualities
from training.evaluate.code.run import Scored


def scored(name: str, programs: dict[str, str]) -> Scored:
    """A problem whose samples have these last lines."""
    return Scored(
        name=name,
        programs=tuple(programs),
        statuses=("failed",) * len(programs),
        reasons=tuple(programs.values()),
        tokens=(1,) * len(programs),
        ended=("sequence",) * len(programs),
        seconds=1.0,
    )


GOOD = scored("good", {"x = 1": "AssertionError", "x = 2": "AssertionError: 2"})
MIXED = scored("mixed", {"x = (": "SyntaxError: '('", "x = y": "NameError: y"})
CONTEXTS = {"good": "", "mixed": "import math\n"}


def test_shares_of_each_problem() -> None:
    assert qualities([GOOD, MIXED], CONTEXTS) == {
        "parsed": [1.0, 0.5],
        "clean": [1.0, 0.0],
        "answered": [1.0, 0.0],
        "distinct": [1.0, 1.0],
    }


def test_what_is_given_is_part_of_the_program() -> None:
    needs = scored("mixed", {"x = math.pi": ""})
    assert qualities([needs], CONTEXTS)["clean"] == [1.0]
    assert qualities([needs], {"mixed": ""})["clean"] == [0.0]
    assert qualities([scored("mixed", {" ": ""})], CONTEXTS)["parsed"] == [0.0]


def test_means_lie_in_their_intervals() -> None:
    for one in means(qualities([GOOD, MIXED], CONTEXTS)).values():
        assert one.interval.low <= one.value <= one.interval.high
    assert means(qualities([GOOD, MIXED], CONTEXTS))["parsed"].value == 0.75


def test_differences_are_taken_problem_by_problem() -> None:
    shares, others = qualities([GOOD, GOOD], CONTEXTS), qualities([MIXED, MIXED], CONTEXTS)
    difference = mean_differences(shares, others)["parsed"]
    assert (difference.value, difference.interval.low, difference.interval.high) == (0.5, 0.5, 0.5)
    assert mean_differences(shares, shares)["clean"].value == 0
    with pytest.raises(ValueError, match="zip"):
        mean_differences(shares, qualities([GOOD], CONTEXTS))
