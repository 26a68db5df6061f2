import random

import pytest

from lintseq.errors import LimitError
from lintseq.limits import MAX_CHARACTERS, MAX_LINES, check_size
from lintseq.sample import sample_edits


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("x = 1\n",) * (MAX_LINES + 1), "10,001 lines, at most 10,000"),
        (("x" * (MAX_CHARACTERS + 1),), "1,000,001 characters, at most 1,000,000"),
    ],
)
def test_what_is_too_long_is_refused_with_its_reason(lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(LimitError, match=reason):
        sample_edits(lines, random.Random(0))


def test_what_is_just_short_enough() -> None:
    check_size(("x = 1\n",) * MAX_LINES)
    check_size(("x" * MAX_CHARACTERS,))


def test_one_long_line_takes_no_long_time() -> None:
    lines = ("x = [" + "1, " * 60_000 + "]\n",)
    assert sample_edits(lines, random.Random(0)).replay() == lines
