"""Every family gives exercises, and what it gives is right: run in the sandbox, not believed."""

from __future__ import annotations

import ast
import random
from collections import Counter

import pytest

from lintseq.sandbox.choose import open_sandbox
from training.exercises.attempt import attempt, linter_finding
from training.exercises.class_text import present_class
from training.exercises.docstring import LAYOUTS
from training.exercises.draft import ClassDraft, Draft
from training.exercises.exercise import Exercise, Rejected
from training.exercises.families.registry import FAMILIES
from training.exercises.instruction import FORMS
from training.exercises.present import present
from training.exercises.verify import LIMITS, PASSED, Program, verify

DRAWN = 24


def drawn(family: str, count: int = DRAWN, seed: int = 0) -> list[Exercise | Rejected]:
    """What a family gives."""
    outcomes = []
    for number in range(count):
        rng = random.Random(f"{seed}:{family}:{number}")
        draft = FAMILIES[family].draw(rng)
        outcomes.append(_presented(draft, rng))
    return outcomes


def _presented(draft: Draft | ClassDraft, rng: random.Random) -> Exercise | Rejected:
    return present_class(draft, rng) if isinstance(draft, ClassDraft) else present(draft, rng)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_gives_exercises_that_pass_their_tests(family: str) -> None:
    exercises = [each for each in drawn(family) if isinstance(each, Exercise)]
    assert len(exercises) > DRAWN / 2
    programs = [Program(each.code, each.tests) for each in exercises]
    assert verify(programs, open_sandbox(LIMITS)) == [PASSED] * len(programs)


@pytest.mark.parametrize("family", FAMILIES)
def test_drawing_ends_and_names_what_is_asked(family: str) -> None:
    # Enough for every subject of a table: what no draw can fulfil would go on for ever.
    drafts = [FAMILIES[family].draw(random.Random(f"ends:{n}")) for n in range(150)]
    assert all(each.name.isidentifier() for each in drafts)
    assert len({each.name for each in drafts}) > 8


@pytest.mark.parametrize("family", FAMILIES)
def test_wrong_solutions_fail(family: str) -> None:
    exercises = [each for each in drawn(family, 40, 1) if isinstance(each, Exercise)]
    tried, caught = sum(each.mutants for each in exercises), sum(each.caught for each in exercises)
    assert tried > 0
    assert caught / tried > 0.5


@pytest.mark.parametrize("family", FAMILIES)
def test_a_program_without_its_body_fails_its_tests(family: str) -> None:
    exercises = [each for each in drawn(family, 8, 2) if isinstance(each, Exercise)]
    stubs = [Program(each.stub, each.tests) for each in exercises]
    assert PASSED not in verify(stubs, open_sandbox(LIMITS))


@pytest.mark.parametrize("family", FAMILIES)
def test_text_and_code_are_well_formed(family: str) -> None:
    for each in drawn(family, 40, 3):
        if isinstance(each, Rejected):
            continue
        ast.parse(each.stub)
        assert each.entry in each.code
        assert each.code.endswith("\n")
        for text in (each.instruction, each.code):
            assert "<<" not in each.instruction
            assert "@self" not in text
            assert "\0" not in text
        # What a table left open would show as a brace.
        told = each.instruction.split("\n")[0]
        assert not any(f"{{{name}" in told for name in ("xs", "items", "many", "x}"))


@pytest.mark.parametrize("family", FAMILIES)
def test_code_is_indented_by_fours(family: str) -> None:
    for each in drawn(family, 40, 4):
        if isinstance(each, Rejected) or '"""' in each.code:
            continue
        for line in each.code.split("\n"):
            assert (len(line) - len(line.lstrip(" "))) % 4 == 0, each.code


def test_forms_and_layouts_all_occur() -> None:
    found = [attempt(5, number) for number in range(300)]
    exercises = [each for each in found if isinstance(each, Exercise)]
    assert {each.form for each in exercises} == {*FORMS, "class"}
    assert {each.layout for each in exercises} == set(LAYOUTS)
    kinds = Counter(each.kind for each in exercises)
    assert len(kinds) > 12
    annotated = sum("->" in each.code for each in exercises)
    assert 0.3 < annotated / len(exercises) < 0.8
    assert 0.15 < sum(">>> " in each.code for each in exercises) / len(exercises) < 0.7


def test_few_attempts_are_lost_to_the_linter() -> None:
    found = [attempt(6, number) for number in range(200)]
    codes = [each.code for each in found if isinstance(each, Exercise)]
    assert sum(bool(linter_finding(ast.parse(code))) for code in codes) < len(codes) / 20


def test_an_attempt_is_the_same_every_time() -> None:
    assert [attempt(9, number) for number in range(60)] == [attempt(9, n) for n in range(60)]
    assert attempt(9, 1) != attempt(10, 1)
