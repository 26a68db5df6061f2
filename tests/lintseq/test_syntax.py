"""Python's parser, kept quiet."""

import sys
import threading
import warnings

import pytest

from lintseq.syntax import parse, parse_module

BAD_ESCAPE = "x = '\\d'\n"


def test_warnings_are_not_ours() -> None:
    assert len(parse(BAD_ESCAPE).body) == 1


@pytest.mark.parametrize("text", ["(", "x = 1\0", "[" * 500 + "]" * 500, "-" * 20_000 + "1"])
def test_no_tree(text: str) -> None:
    assert parse_module(text) is None


def test_threads_leave_the_warnings_of_the_process_alone() -> None:
    before = warnings.filters[:]
    trees: list[object] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [
            threading.Thread(target=lambda: trees.extend(map(parse_module, [BAD_ESCAPE] * 500)))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert warnings.filters == before
    assert len(trees) == 1500
    assert None not in trees
