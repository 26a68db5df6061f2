"""The verdict on a part of a long file is the verdict on the whole."""

import random
import sysconfig
from pathlib import Path

import pytest

from lintseq.infer import judge, neighbourhood
from lintseq.infer.judge import Verdict, judge_line
from lintseq.infer.neighbourhood import neighbourhood as part_of
from lintseq.program import Lines, split_lines

MODULES = ("argparse", "ast", "typing", "inspect", "turtle")
INSERTED = (
    "x = undefined_name",
    "return",
    "break",
    "print(os, sys, re, Path)",
    "yield 1",
    "'%s %s' % (1,)",
    "nonlocal x",
    "def f(a, a): pass",
    "from __future__ import annotations",
    "__all__ = ['nothing']",
    "class A(B): pass",
    "for name in name: pass",
    "raise NotImplemented",
    "x = (",
    "del os",
    "global os",
)


def module(name: str) -> Lines:
    return split_lines((Path(sysconfig.get_path("stdlib")) / f"{name}.py").read_text("utf-8"))


def insertion(lines: Lines, rng: random.Random) -> tuple[int, Lines]:
    """A line written anew somewhere, and the text with it."""
    at = rng.randrange(len(lines))
    line = lines[at]
    new = line[: len(line) - len(line.lstrip(" "))] + rng.choice(INSERTED) + "\n"
    return at, (*lines[:at], new, *lines[at + 1 :])


@pytest.mark.parametrize("name", MODULES)
def test_a_part_gives_the_verdict_of_the_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = module(name)
    cases = [insertion(lines, random.Random(f"{name} {seed}")) for seed in range(8)]
    in_part = [judge_line(lines, at, after, at) for at, after in cases]
    monkeypatch.setattr(neighbourhood, "LONG", 10**9)
    whole = [judge_line(lines, at, after, at) for at, after in cases]
    assert [keys(verdict) for verdict in in_part] == [keys(verdict) for verdict in whole]


def keys(verdict: Verdict) -> tuple[bool, set[tuple[str, str]]]:
    # Messages of the parser name lines.
    names = {(each.kind, "" if "Error" in each.kind else each.name) for each in verdict.findings}
    return verdict.is_clean, names


def test_of_twenty_thousand_lines_next_to_nothing_is_linted() -> None:
    text = "".join(module("argparse"))
    lines = split_lines("".join(f"# part {n}\n{text}" for n in range(8)))
    assert len(lines) > 20_000
    at = max(n for n, line in enumerate(lines) if line.startswith("    def parse_args"))
    after = (*lines[: at + 1], "        x = _os\n", *lines[at + 1 :])
    part = part_of(lines, at, after)
    assert part is not None
    # Its class, and the names of all others.
    assert len(part.of(after)) < 1_500
    assert sum(map(len, part.of(after))) < sum(map(len, lines)) / 12
    linted = judge.findings_of_text.cache_info().misses
    assert judge_line(lines, at + 1, after, at + 1).is_clean
    assert judge.findings_of_text.cache_info().misses - linted <= 2


def test_a_short_text_is_judged_whole() -> None:
    assert part_of(("x = 1\n",), 0, ("x = 2\n",)) is None
