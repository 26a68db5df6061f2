"""What can be counted of how well a Python file is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lintseq.described import described_in
from lintseq.errors import LimitError
from lintseq.lint import PYFLAKES
from lintseq.program import Lines, split_lines
from training.corpus.filters import is_test

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of one file; shares lie between 0 and 1."""

    documentation: float
    """Share of the module and its public functions and classes that have a docstring."""
    types: float
    """Share of parameters and results with an annotation; 0 where there are none."""
    comments: float
    """Share of the lines with text that are comments."""
    findings: float
    """Findings of the linter per line: what would fail when the file runs."""
    is_test: bool
    described: int
    """How many functions have a docstring or comment that says what they do."""


def quality_of(path: str, text: str, tree: ast.Module) -> Quality:
    """Return the figures of a file whose tree is known."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    count = max(1, len(lines))
    return Quality(
        documentation=round(_documentation(tree), 3),
        types=round(_types(tree), 3),
        comments=round(sum(line.startswith("#") for line in lines) / count, 3),
        findings=round(_findings(tree, split_lines(text)) / count, 4),
        is_test=is_test(path),
        described=len(described_in(tree, split_lines(text))),
    )


def weight_of(quality: Quality | None) -> float:
    """Return how often a file is worth being read: 1 for an ordinary one, 0.25 to 2 for others.

    Documentation, types and comments raise it; findings and being a test lower it.
    """
    if quality is None:
        return 1.0
    weight = 0.6 + 0.8 * quality.documentation + 0.5 * quality.types
    weight += 1.5 * min(quality.comments, 0.2)
    weight *= 0.5 if quality.findings else 1.0
    weight *= 0.6 if quality.is_test else 1.0
    return min(2.0, max(0.25, weight))


def _documentation(tree: ast.Module) -> float:
    public = [node for node in _definitions(tree.body) if not node.name.startswith("_")]
    documented = sum(ast.get_docstring(node, clean=False) is not None for node in (tree, *public))
    return documented / (len(public) + 1)


def _types(tree: ast.Module) -> float:
    places = annotated = 0
    for node in _definitions(tree.body):
        if isinstance(node, ast.ClassDef):
            continue
        every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        named = [each for each in every if each.arg not in ("self", "cls")]
        places += len(named) + 1
        annotated += sum(each.annotation is not None for each in named)
        annotated += node.returns is not None
    return annotated / places if places else 0.0


def _findings(tree: ast.Module, lines: Lines) -> int:
    try:
        return len(PYFLAKES.lint_tree(tree, lines))
    except LimitError:
        return 0


def _definitions(statements: list[ast.stmt]) -> Iterator[_Definition]:
    for node in statements:
        if isinstance(node, _Definition):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _definitions(node.body)
