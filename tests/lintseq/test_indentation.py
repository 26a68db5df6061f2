"""Indentation brought into line with a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq.indentation import indented_like, uses_tabs

TABS, SPACES = "if x:\n\ty = 1\n", "if x:\n    y = 1\n"


@pytest.mark.parametrize(
    ("text", "line", "after"),
    [
        (TABS, "    z", "\tz"),
        (TABS, "        z", "\t\tz"),
        (TABS, "      z", "\t  z"),
        (TABS, "\t    z", "\t\tz"),
        (SPACES, "\tz", "    z"),
        (SPACES, "\t\tz", "        z"),
    ],
)
def test_follows_the_file(text: str, line: str, after: str) -> None:
    assert indented_like(text, line) == after


@pytest.mark.parametrize(("text", "line"), [(SPACES, "      z"), ("x = 1\n", "\tz"), (TABS, "z")])
def test_follows_the_file_noop(text: str, line: str) -> None:
    assert indented_like(text, line) == line


def test_what_most_lines_do_counts() -> None:
    assert uses_tabs(TABS + TABS + SPACES)
    assert not uses_tabs(TABS + SPACES + SPACES)


@given(st.sampled_from([TABS, SPACES, ""]), st.text(" \t", max_size=9), st.text(max_size=9))
def test_only_the_indentation_changes(text: str, leading: str, rest: str) -> None:
    after = indented_like(text, leading + rest)
    assert after.lstrip(" \t") == (leading + rest).lstrip(" \t")
    assert indented_like(text, after) == after
