"""Which of many drawn scripts become the tests: those that catch wrong solutions."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.exercises.mutants import mutants
from training.exercises.oracle import Answer, Runner, Script, TooManyStepsError, agree

MUTANTS = 6
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
    """Return tests that catch as many mutants of the solution as the trials do.

    Args:
        tree: the solution, bounded in its steps.
    """
    catches = [_catches(mutant, trials) for mutant in mutants(tree, rng, MUTANTS)]
    chosen: list[int] = []
    open_mutants = {number for number, caught in enumerate(catches) if caught}
    while open_mutants and len(chosen) < TESTS - 1:
        best = max(
            range(len(trials)),
            key=lambda at: (sum(at in catches[number] for number in open_mutants), -at),
        )
        chosen.append(best)
        open_mutants = {number for number in open_mutants if best not in catches[number]}
    chosen += _fresh(trials, chosen, TESTS - len(chosen))
    caught = sum(bool(found & set(chosen)) for found in catches)
    return Chosen(tuple(trials[at] for at in sorted(chosen)), len(catches), caught)


def _catches(mutant: ast.Module, trials: Sequence[Trial]) -> set[int]:
    """The trials that the mutant fails; no more are tried behind one that it does not end."""
    try:
        runner = Runner(mutant, _MUTANT_STEPS)
    except Exception:
        return set(range(len(trials)))
    caught: set[int] = set()
    for at, trial in enumerate(trials):
        try:
            passes = agree(runner.answers(trial.script), trial.answers)
        except TooManyStepsError:
            return caught | {at}
        except Exception:
            passes = False
        if not passes:
            caught.add(at)
    return caught


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
