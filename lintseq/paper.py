"""The sampling of the paper's release, choice by choice; with pylint, the faithful mode.

Where it differs from `lintseq.sample`:

- A seed is drawn with weight 1 where the indentation is 0, else indentation / tab width, and the
  tab width is the first indentation of the program. Blank lines and lines of one character have
  the indentation of the line above.
- Comments and blank lines are no seeds, nor are the lines of a literal that is bound to an
  UPPER_CASE name, behind its first line and up to the first line that ends with its bracket.
- With a line leave the lines behind it that were indented deeper in the whole program, and with
  a finding's line the same. No comment leaves for being above a line, and strings come apart.
- It ends when no seed is left, or after `MAX_EDITS` edits. What is there then is the first edit.

The release writes each edit as a diff of two states, which can lose lines; here the lines of an
edit are known. It also samples programs that have findings: their lines leave with the first
seed, and so are the last edit. That is what `keep_findings` does here.

Source: https://github.com/upiterbarg/lintseq, with the options of its generation script.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from lintseq.limits import check_size
from lintseq.lint import Linter
from lintseq.program import EditSequence, Lines
from lintseq.sample import LintError, forward
from lintseq.sampler import Sampler

MAX_EDITS = 512

_BRACKETS = {"(": ")", "[": "]"}


def paper_sampler(lines: Lines, linter: Linter, *, keep_findings: bool = False) -> Sampler:
    """The program `lines`, sampled as the paper's release does it.

    Args:
        lines: the program.
        linter: what must stay clean; pylint in the release.
        keep_findings: sample a program that has findings.

    Raises:
        LintError: the program has findings and `keep_findings` is off.
        LimitError: it is too long, or too much for the linter.
    """
    check_size(lines)
    if not keep_findings and (findings := linter.lint("".join(lines))):
        raise LintError(findings)
    indents = _indents(lines)
    return _PaperSampler(lines, linter, indents, _weights(lines, indents))


@dataclass(frozen=True, slots=True)
class _PaperSampler:
    lines: Lines
    linter: Linter
    indents: tuple[int, ...]
    weights: tuple[float, ...]
    """How likely each line is a seed; 0 if it is none."""
    known: dict[int, frozenset[int]] = field(default_factory=dict)
    """The lines with findings of every state that was linted, by the bits of its lines."""

    def sample(self, rng: random.Random) -> EditSequence:
        """A sequence of insertions that builds the program; every prefix is without findings.

        Raises:
            LimitError: a state is too much for the linter.
        """
        removals: list[frozenset[int]] = []
        present = set(range(len(self.lines)))
        seeds = [line for line, weight in enumerate(self.weights) if weight]
        while seeds and len(removals) < MAX_EDITS:
            seed = rng.choices(seeds, [self.weights[line] for line in seeds])[0]
            removed = self._close(seed, present)
            removals.append(removed)
            present -= removed
            seeds = [line for line in seeds if line in present]
        if present:
            removals.append(frozenset(present))
        return forward(self.lines, removals)

    def _close(self, seed: int, present: set[int]) -> frozenset[int]:
        """The lines that leave with `seed`: without them nothing is found."""
        removed: set[int] = set()
        leaving = frozenset({seed})
        while leaving:
            for line in leaving:
                removed.add(line)
                removed |= present & _followers(self.indents, line)
            leaving = self._faulty(sorted(present - removed))
        return frozenset(removed)

    def _faulty(self, kept: Sequence[int]) -> frozenset[int]:
        bits = sum(1 << line for line in kept)
        if bits not in self.known:
            findings = self.linter.lint("".join([self.lines[line] for line in kept]))
            places = (min(finding.line, len(kept) - 1) for finding in findings)
            self.known[bits] = frozenset(kept[place] for place in places) if kept else frozenset()
        return self.known[bits]


def _indents(lines: Lines) -> tuple[int, ...]:
    indents: list[int] = []
    for line in lines:
        text = line.removesuffix("\n")
        code = text.lstrip()
        indents.append(len(text) - len(code) if len(code) > 1 else (indents or [0])[-1])
    return tuple(indents)


def _weights(lines: Lines, indents: Sequence[int]) -> tuple[float, ...]:
    tab_width = next(filter(None, indents), 1)
    seeds = _seeds(lines)
    return tuple(
        (indent / tab_width if indent else 1.0) if line in seeds else 0.0
        for line, indent in enumerate(indents)
    )


def _seeds(lines: Lines) -> set[int]:
    seeds: set[int] = set()
    closing = ""
    for number, line in enumerate(lines):
        code = line.strip()
        if not code or code.startswith("#"):
            continue
        if closing:
            closing = "" if code.endswith(closing) else closing
        else:
            seeds.add(number)
            closing = _opened_literal(code)
    return seeds


def _opened_literal(code: str) -> str:
    """The bracket that closes the literal which begins on the line, or nothing."""
    name, equals, _ = code.partition("=")
    return _BRACKETS.get(code[-1], "") if equals and name.replace(" ", "").isupper() else ""


def _followers(indents: Sequence[int], line: int) -> set[int]:
    """The lines behind `line` up to the first one that is not indented deeper."""
    followers: set[int] = set()
    for follower in range(line + 1, len(indents)):
        if indents[follower] <= indents[line]:
            break
        followers.add(follower)
    return followers
