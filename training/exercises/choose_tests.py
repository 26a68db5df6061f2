"""Which of many drawn scripts become the tests: those that catch wrong solutions."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.exercises.mutants import mutants
from training.exercises.oracle import Answer, Runner, Script, agree, in_time

MUTANTS = 5
TESTS = 6
_MUTANT_STEPS = 4_000


@dataclass(frozen=True, slots=True)
class Trial:
    """A script and what the right solution answers to its lines."""

    script: Script
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tests of an exercise, and how many of the wrong solutions they catch."""

    trials: tuple[Trial, ...]
    mutants: int
    caught: int


def choose_tests(tree: ast.Module, trials: Sequence[Trial], rng: random.Random) -> Chosen:
    """Return `TESTS` tests that catch as many mutants of the solution as the trials do.

    Args:
        tree: the solution, bounded in its steps.
    """
    chosen: list[int] = []
    tried = caught = 0
    for mutant in mutants(tree, rng, MUTANTS):
        tried += 1
        # Most are caught by what is chosen already: they cost a call or two.
        order = [*chosen, *(at for at in range(len(trials)) if at not in chosen)]
        found = _catching(mutant, trials, order)
        caught += found is not None
        if found is not None and found not in chosen:
            chosen.append(found)
    chosen += _fresh(trials, chosen, TESTS - len(chosen))
    return Chosen(tuple(trials[at] for at in sorted(chosen)), tried, caught)


def _catching(mutant: ast.Module, trials: Sequence[Trial], order: Sequence[int]) -> int | None:
    """The first trial, in that order, that the mutant fails; None: it passes all."""
    at = order[0]
    try:
        with in_time():
            runner = Runner(mutant, _MUTANT_STEPS)
            for at in order:
                if not agree(runner.answers(trials[at].script), trials[at].answers):
                    return at
    except Exception:
        return at
    return None


def _fresh(trials: Sequence[Trial], chosen: Sequence[int], count: int) -> list[int]:
    """Further trials, those with answers that were not seen yet first."""
    seen = {trials[at].answers for at in chosen}
    fresh: list[int] = []
    others: list[int] = []
    for at, trial in enumerate(trials):
        if at not in chosen:
            (others if trial.answers in seen else fresh).append(at)
            seen.add(trial.answers)
    return (fresh + others)[:count]
