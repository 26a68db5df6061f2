"""Candidates run against the examples of the function's docstring, or against a named test.

In the sandbox only: nobody has read them. Passing is no proof of being right, failing is one of
being wrong.
"""

import ast
import doctest
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lintseq.infer.propose import Proposal
from lintseq.sandbox.run import Outcome, Sandbox
from lintseq.syntax import counts_lines_alike, first_line, parse_module

_AT_ONCE = 2
_HEAD = "import doctest, sys, types\n"
_PROGRAM = """\
module = types.ModuleType("candidate")
sys.modules["candidate"] = module
exec(compile(source, "candidate.py", "exec", dont_inherit=True), vars(module))
if test:
    getattr(module, test)()
if examples:
    target = module
    for part in name.split("."):
        target = getattr(target, part)
    runner = doctest.DocTestRunner(verbose=False)
    for case in doctest.DocTestFinder(recurse=False).find(target, name, globs=vars(module)):
        runner.run(case)
    assert (runner.tries, runner.failures) == (examples, 0)
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a candidate for one function has to pass."""

    name: str
    """The function, with its classes: `Tank.fill`."""
    examples: int
    """How many examples its docstring has."""
    test: str = ""
    """A function of the same file that is called; it fails by an exception."""

    @property
    def count(self) -> int:
        """How many things have to come out right."""
        return self.examples + bool(self.test)

    def program(self, text: str) -> str:
        """The program that reaches its end if the text passes."""
        values = {
            "source": text,
            "name": self.name,
            "examples": self.examples,
            "test": self.test,
        }
        lines = (f"{key} = {value!r}\n" for key, value in values.items())
        return f"{_HEAD}{''.join(lines)}{_PROGRAM}"


def trial_at(text: str, line: int, test: str = "") -> Trial | None:
    """What the function at `line` (from 0) has to pass; None if there is nothing, or no way to it.

    A function inside a function cannot be reached from outside.
    """
    tree = parse_module(text) if counts_lines_alike(text) else None
    found = [
        (name, function)
        for name, function in (_functions(tree, "") if tree else ())
        if first_line(function) <= line < (function.end_lineno or 0)
    ]
    if not found:
        return None
    name, function = found[-1]
    examples = _examples(ast.get_docstring(function, clean=False) or "")
    has_test = tree is not None and any(
        isinstance(each, ast.FunctionDef) and each.name == test for each in tree.body
    )
    trial = Trial(name, examples, test if has_test else "")
    return trial if trial.count else None


def run_trials(
    proposals: tuple[Proposal, ...], trial: Trial, sandbox: Sandbox, is_over: Callable[[], bool]
) -> tuple[tuple[Proposal, ...], str]:
    """The proposals that pass, in their order, and how the first of the others failed.

    Those that could not be started before it `is_over` are left out.

    Raises:
        SandboxError: the sandbox could not be set up.
    """

    def run(proposal: Proposal) -> Outcome | None:
        return None if is_over() else sandbox.run(trial.program(proposal.text))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = list(pool.map(run, proposals))
    pairs = list(zip(proposals, outcomes, strict=True))
    passed = tuple(each for each, outcome in pairs if outcome and outcome.status == "passed")
    failed = (outcome for _, outcome in pairs if outcome and outcome.status != "passed")
    return passed, next((_words(outcome) for outcome in failed), "out of time")


def _functions(
    node: ast.AST, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _examples(docstring: str) -> int:
    try:
        return len(doctest.DocTestParser().get_examples(docstring))
    except ValueError:
        return 0


def _words(outcome: Outcome) -> str:
    lines = [line for line in outcome.output.splitlines() if line.strip()]
    if outcome.status != "failed":
        return f"ended by {outcome.status}"
    return lines[-1].strip() if lines else "it failed"
