"""A class draft becomes an exercise: its program, its instruction, its tests."""

from __future__ import annotations

import ast
import random
import re
import textwrap
from collections.abc import Container

from training.exercises.choose_tests import Trial, choose_tests
from training.exercises.draft import ClassDraft
from training.exercises.english import joined, with_article
from training.exercises.exercise import KNOWN_FORM, Exercise, Rejected
from training.exercises.module_text import with_imports
from training.exercises.oracle import Runner, bounded, in_time
from training.exercises.skeleton import normal_form, skeleton
from training.exercises.statements import test_lines

_DOC = re.compile(r"^( *)#doc (.*)\n", re.M)


def present_class(
    draft: ClassDraft, rng: random.Random, known: Container[str] = ()
) -> Exercise | Rejected:
    """Return the exercise, or why the draft gives none.

    Args:
        known: normal forms that there are enough of.
    """
    bare = _DOC.sub("", draft.code)
    try:
        source = with_imports(draft.imports, bare)
        tree = ast.parse(source)
        normal = normal_form(tree)
        if normal in known:
            return Rejected(KNOWN_FORM, draft.family)
        solution = bounded(source)
        with in_time():
            runner = Runner(solution)
            trials = [Trial(script, runner.answers(script)) for script in draft.scripts]
    except Exception as error:
        return Rejected("does not run", draft.family, f"{draft.name}: {error!r}")
    chosen = choose_tests(solution, trials, rng)
    layout = rng.choice(("plain", "plain", "none"))
    code = _DOC.sub(_documented, draft.code) if layout == "plain" else bare
    tests = test_lines(chosen.trials, draft.silent)
    return Exercise(
        kind=draft.kind,
        family=draft.family,
        form="class",
        layout=layout,
        entry=draft.name,
        instruction=_instruction(draft, rng),
        code=with_imports(draft.imports, code),
        tests="\n".join(tests) + "\n",
        stub=_stub(draft),
        normal=normal,
        skeleton=skeleton(tree),
        mutants=chosen.mutants,
        caught=chosen.caught,
    )


def _documented(match: re.Match[str]) -> str:
    lines = textwrap.wrap(match[2], 84 - len(match[1]))
    if len(lines) == 1:
        return f'{match[1]}"""{match[2]}"""\n'
    text = textwrap.indent("\n".join([f'"""{lines[0]}', *lines[1:], '"""']), match[1])
    return f"{text}\n"


def _instruction(draft: ClassDraft, rng: random.Random) -> str:
    article, _, name = with_article(draft.name).partition(" ")
    head = rng.choice(
        (
            f"Write a class `{draft.name}` that represents {draft.summary}.",
            f"Create a Python class called `{draft.name}` for {draft.summary}.",
            f"Implement a class `{draft.name}`: {draft.summary}.",
            f"Define {article} `{name}` class that models {draft.summary}.",
        )
    )
    if rng.random() < 0.45:
        items = "\n".join(f"- {each}" for each in draft.members)
        return f"{head} It should have:\n{items}"
    if rng.random() < 0.5:
        return f"{head} It needs {'; '.join(draft.members)}."
    return f"{head} Give it {joined(list(draft.members))}."


def _stub(draft: ClassDraft) -> str:
    """The class with `pass` for the body of every method."""
    code = _DOC.sub(_documented, draft.code)
    lines: list[str] = []
    tree = ast.parse(code)
    source = code.split("\n")
    owner = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == draft.name
    )
    at = 0
    for node in ast.walk(owner):
        if not isinstance(node, ast.FunctionDef) or node not in owner.body:
            continue
        first = node.body[0]
        has_docstring = ast.get_docstring(node) is not None
        start = (first.end_lineno or first.lineno) if has_docstring else first.lineno - 1
        lines += [*source[at:start], " " * first.col_offset + "pass"]
        at = node.end_lineno or start
    return with_imports(draft.imports, "\n".join([*lines, *source[at:]]).rstrip("\n") + "\n")
