"""A batch of attempts: drawn, written, linted, compared with evaluation sets, run."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyflakes.checker

from lintseq.sandbox.run import Sandbox
from training.decontaminate import Contamination
from training.exercises.class_text import present_class
from training.exercises.draft import Draft
from training.exercises.exercise import Exercise, Rejected
from training.exercises.families.registry import draw
from training.exercises.known_forms import function_forms
from training.exercises.present import present
from training.exercises.verify import PASSED, Program, verify

LONGEST_LINE = 100
"""Characters in a line of a program."""


@dataclass(frozen=True, slots=True)
class Avoided:
    """What must not come out, from the evaluation sets."""

    rows: Contamination
    forms: frozenset[str]
    """Normal forms of functions."""

    @classmethod
    def nothing(cls) -> Avoided:
        """Return what is avoided without evaluation sets."""
        return cls(Contamination.nothing(), frozenset())


def attempt(seed: int, number: int) -> Exercise | Rejected:
    """Return the attempt of that number, not yet verified; the same in every process."""
    rng = random.Random(f"{seed}:{number}")
    draft = draw(rng)
    return present(draft, rng) if isinstance(draft, Draft) else present_class(draft, rng)


def attempts(
    seed: int, numbers: Sequence[int], avoided: Avoided, sandbox: Sandbox
) -> Iterator[tuple[int, Exercise | Rejected]]:
    """Yield the number and the outcome of every attempt."""
    found = {number: _checked(attempt(seed, number), avoided) for number in numbers}
    waiting = [(number, each) for number, each in found.items() if isinstance(each, Exercise)]
    verdicts = verify([Program(each.code, each.tests) for _, each in waiting], sandbox)
    for (number, each), verdict in zip(waiting, verdicts, strict=True):
        if verdict != PASSED:
            found[number] = Rejected(
                "fails in the sandbox", each.family, f"{each.entry}: {verdict}"
            )
    yield from found.items()


def _checked(outcome: Exercise | Rejected, avoided: Avoided) -> Exercise | Rejected:
    if isinstance(outcome, Rejected):
        return outcome
    if max(map(len, outcome.code.split("\n"))) > LONGEST_LINE:
        return Rejected("line too long", outcome.family, outcome.entry)
    if finding := linter_finding(outcome.code):
        return Rejected("linter", outcome.family, f"{outcome.entry}: {finding}")
    if avoided.rows.hits(f"{outcome.instruction}\n{outcome.code}\n{outcome.tests}"):
        return Rejected("shares words with an evaluation set", outcome.family, outcome.entry)
    if avoided.forms and function_forms(ast.parse(outcome.code)) & avoided.forms:
        return Rejected(
            "has the form of an evaluation set's solution", outcome.family, outcome.entry
        )
    return outcome


def linter_finding(code: str) -> str:
    """Return the first thing that pyflakes has to say, of whatever kind; empty for nothing."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        return str(error)
    messages = pyflakes.checker.Checker(tree, "<exercise>", withDoctest=False).messages
    return str(messages[0].message % messages[0].message_args) if messages else ""
