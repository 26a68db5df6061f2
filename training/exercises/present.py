"""A draft, answered and tested, becomes an exercise in words that are chosen for it."""

from __future__ import annotations

import ast
import random
import warnings
from collections.abc import Container, Sequence
from typing import NamedTuple

from training.exercises.choose_tests import Chosen, Trial, choose_tests
from training.exercises.docstring import LAYOUTS, Example, docstring
from training.exercises.draft import Arguments, Draft
from training.exercises.exercise import KNOWN_FORM, Exercise, Rejected
from training.exercises.instruction import FORMS, Material, instruction
from training.exercises.module_text import module, signature
from training.exercises.oracle import (
    Runner,
    Script,
    TooManyStepsError,
    agree,
    bounded,
    in_time,
    literal,
)
from training.exercises.skeleton import normal_form, skeleton
from training.exercises.statements import test_lines

DRAWN = 16
"""Arguments drawn for each exercise, of which the tests are chosen."""
_LONGEST_TEST = 300
_LONGEST_EXAMPLE = 70


class _Programs(NamedTuple):
    normal: str
    skeleton: str
    solution: ast.Module
    """Bounded in its steps."""
    runner: Runner
    reference: Runner


def present(draft: Draft, rng: random.Random, known: Container[str] = ()) -> Exercise | Rejected:
    """Return the exercise, or why the draft gives none.

    Args:
        known: normal forms that there are enough of.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            programs = _programs(draft, known)
    except SyntaxError as error:
        return Rejected("syntax error", draft.family, f"{draft.name}: {error}")
    except Exception as error:
        return Rejected("does not run", draft.family, f"{draft.name}: {error!r}")
    if isinstance(programs, Rejected):
        return programs
    trials = _trials(draft, programs, rng)
    if isinstance(trials, Rejected):
        return trials
    return _written(draft, programs, choose_tests(programs.solution, trials, rng), rng)


def _programs(draft: Draft, known: Container[str]) -> _Programs | Rejected:
    head = signature(draft, annotated=False)
    source = module(draft, head, "", draft.body)
    tree = ast.parse(source)
    normal = normal_form(tree)
    if normal in known:
        return Rejected(KNOWN_FORM, draft.family)
    solution = bounded(source)
    runner = reference = Runner(solution)
    if draft.reference != draft.body:
        reference = Runner(bounded(module(draft, head, "", draft.reference)))
    return _Programs(normal, skeleton(tree), solution, runner, reference)


def _trials(draft: Draft, programs: _Programs, rng: random.Random) -> list[Trial] | Rejected:
    """The scripts on which the solutions were tried, without repetitions."""
    try:
        with in_time():
            trials = _tried(draft, programs, rng)
    except TooManyStepsError:
        return Rejected("too many steps", draft.family, draft.name)
    if isinstance(trials, list) and len({trial.answers for trial in trials}) < 2:
        return Rejected("always the same answer", draft.family, draft.name)
    return trials


def _tried(draft: Draft, programs: _Programs, rng: random.Random) -> list[Trial] | Rejected:
    allowed = {name for name, _ in draft.raises}
    trials: dict[Script, Trial] = {}
    for arguments in _arguments(draft, rng):
        script = (_call(draft, arguments),)
        if script in trials or len(script[0]) > _LONGEST_TEST:
            continue
        answers = programs.reference.answers(script)
        others = programs.runner.answers(script)
        if not agree(answers, others):
            text = f"{script[0]}: {answers[0].shown} or {others[0].shown}"
            return Rejected("solutions disagree", draft.family, f"{draft.name}: {text}")
        if answers[0].is_error and answers[0].shown not in allowed:
            return Rejected("raises", draft.family, f"{script[0]}: {answers[0].shown}")
        if len(others[0].shown) <= _LONGEST_TEST:
            # The solution's own: examples show dictionaries in its order.
            trials[script] = Trial(script, others)
    return list(trials.values())


def _arguments(draft: Draft, rng: random.Random) -> list[Arguments]:
    drawn = [tuple(each.make(rng) for each in draft.parameters) for _ in range(DRAWN)]
    accepted = [each for each in drawn if draft.accepts is None or draft.accepts(each)]
    return [*draft.tried, *accepted]


def _call(draft: Draft, arguments: Arguments) -> str:
    call = f"{draft.name}({', '.join(map(literal, arguments))})"
    return f"list({call})" if draft.is_generator else call


def _written(draft: Draft, forms: _Programs, chosen: Chosen, rng: random.Random) -> Exercise:
    annotated = rng.random() < 0.6
    layout, form = rng.choice(LAYOUTS), rng.choice(FORMS)
    if form in ("stub", "problem") and layout == "none":
        layout = "plain"
    head = signature(draft, annotated=annotated)
    examples = _examples(chosen.trials, rng)
    text = docstring(draft, examples, rng, layout)
    bare = form == "todo" or (
        form in ("sentence", "plain", "given", "asserts") and rng.random() < 0.35
    )
    tests = test_lines(chosen.trials, frozenset())
    shown_text = text or docstring(draft, examples, rng, "plain")
    stub = module(draft, head, shown_text, "pass")
    material = Material(head, text, stub, tests)
    code = module(draft, head, "" if bare else text, draft.body)
    return Exercise(
        kind=draft.kind,
        family=draft.family,
        form=form,
        layout="none" if bare else layout,
        entry=draft.name,
        instruction=instruction(draft, material, form, rng),
        code=code,
        tests="\n".join(tests) + "\n",
        stub=stub,
        normal=forms.normal,
        skeleton=forms.skeleton,
        mutants=chosen.mutants,
        caught=chosen.caught,
    )


def _examples(trials: Sequence[Trial], rng: random.Random) -> list[Example]:
    """Short calls for a docstring, often none."""
    count = rng.choice((0, 0, 1, 2, 2, 3))
    fit = [
        Example(trial.script[0], trial.answers[0].shown)
        for trial in trials
        if not trial.answers[0].is_error
        and 0 < len(trial.answers[0].shown) <= _LONGEST_EXAMPLE
        and len(trial.script[0]) <= _LONGEST_EXAMPLE
        and "io.StringIO" not in trial.script[0]
        and not _shows_set(trial.answers[0].shown)
    ]
    return fit[:count]


def _shows_set(shown: str) -> bool:
    """Whether a set may be in it, which another interpreter shows in another order."""
    return "{" in shown and ":" not in shown
