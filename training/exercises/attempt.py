"""A batch of attempts: drawn, written, linted, compared with evaluation sets, run."""

from __future__ import annotations

import ast
import random
from collections.abc import Container, Iterator, Sequence
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


def attempt(seed: int, number: int, known: Container[str] = ()) -> Exercise | Rejected:
    """Return the attempt of that number, not yet verified; the same in every process.

    Args:
        known: normal forms that there are enough of.
    """
    rng = random.Random(f"{seed}:{number}")
    draft = draw(rng)
    if isinstance(draft, Draft):
        return present(draft, rng, known)
    return present_class(draft, rng, known)


def attempts(
    seed: int,
    numbers: Sequence[int],
    avoided: Avoided,
    sandbox: Sandbox,
    known: Container[str] = (),
) -> Iterator[tuple[int, Exercise | Rejected]]:
    """Yield the number and the outcome of every attempt."""
    found = {number: _checked(attempt(seed, number, known), avoided) for number in numbers}
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
    try:
        tree = ast.parse(outcome.code)
    except SyntaxError as error:
        return Rejected("linter", outcome.family, f"{outcome.entry}: {error}")
    if finding := linter_finding(tree):
        return Rejected("linter", outcome.family, f"{outcome.entry}: {finding}")
    return apart(outcome, tree, avoided)


def apart(outcome: Exercise, tree: ast.Module, avoided: Avoided) -> Exercise | Rejected:
    """Return the exercise, or why it is too near to an evaluation set, or too wide to read.

    Args:
        tree: of its code.
    """
    if max(map(len, outcome.code.split("\n"))) > LONGEST_LINE:
        return Rejected("line too long", outcome.family, outcome.entry)
    if avoided.rows.hits(f"{outcome.instruction}\n{outcome.code}\n{outcome.tests}"):
        return Rejected("shares words with an evaluation set", outcome.family, outcome.entry)
    if avoided.forms and _forms(outcome, tree) & avoided.forms:
        return Rejected(
            "has the form of an evaluation set's solution", outcome.family, outcome.entry
        )
    return outcome


def _forms(exercise: Exercise, tree: ast.Module) -> frozenset[str]:
    """The forms of its functions; that of a program that is one function is known."""
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.FunctionDef):
        return frozenset({exercise.normal})
    return function_forms(tree)


def linter_finding(tree: ast.Module) -> str:
    """Return the first thing that pyflakes has to say, of whatever kind; empty for nothing."""
    messages = pyflakes.checker.Checker(tree, "<exercise>", withDoctest=False).messages
    return str(messages[0].message % messages[0].message_args) if messages else ""
