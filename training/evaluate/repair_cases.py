"""The cases of `repair`: held-out files from which an import or an assignment was taken out."""

import ast
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lintseq.errors import LimitError
from lintseq.lint import lint
from lintseq.program import Lines, split_lines
from lintseq.repair import import_place
from lintseq.syntax import counts_lines_alike, parse_module
from training.corpus.document import Document

_MOST_PER_NAME = 3
_STANDARD = sys.stdlib_module_names


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that an import statement brings."""

    module: str
    level: int
    """How many dots it begins with."""
    name: str
    """The name taken from the module; nothing for `import module`."""
    bound: str
    """What it is called in the file."""

    @property
    def kind(self) -> str:
        """Where it comes from: what a model can know, and what only the project does."""
        if self.level:
            return "relative import"
        is_standard = self.module.split(".")[0] in _STANDARD
        return "import, standard library" if is_standard else "import, others"

    def is_by(self, line: str) -> bool:
        """Whether the line brings it and nothing else, however it is spelled."""
        return imported(line) == (self,)


@dataclass(frozen=True, slots=True)
class Assigned:
    """One name that an assignment defines."""

    bound: str
    statement: str
    """As `ast.unparse` writes it."""

    @property
    def kind(self) -> str:
        """The same for all."""
        return "definition"

    def is_by(self, line: str) -> bool:
        """Whether the line is the assignment, however it is laid out."""
        tree = parse_module(line.strip())
        return tree is not None and ast.unparse(tree) == self.statement


@dataclass(frozen=True, slots=True)
class Case:
    """A file that lacks a statement, and so a name."""

    document: str
    """The hash of the whole file."""
    text: str
    line: int
    """Where the lost name is used first, from 0."""
    wanted: Imported | Assigned


_Candidate = tuple[Document, ast.stmt, Imported | Assigned]


def repair_cases(documents: Iterable[Document], count: int, seed: int) -> list[Case]:
    """`count` files without one of their statements, half of them imports, in random order.

    No name comes more than three times in a half: a few names make up most imports. An import
    that brings several names is taken out whole, and one of them is asked for. An assignment is
    of one name, on one line, and its name is used in the same function.
    """
    fitting = [document for document in documents if counts_lines_alike(document.text)]
    imports = ((d, *found) for d in fitting for found in _imports(d.text))
    assignments = ((d, *found) for d in fitting for found in _assignments(d.text))
    cases = [
        *_some_cases(list(imports), (count + 1) // 2, seed),
        *_some_cases(list(assignments), count // 2, seed),
    ]
    random.Random(seed).shuffle(cases)
    return cases


def imported(text: str) -> tuple[Imported, ...]:
    """What the import statements that `text` consists of bring; nothing for any other text."""
    tree = parse_module(text)
    statements = tree.body if tree else []
    if not all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements):
        return ()
    return tuple(one for statement in statements for one in _brought(statement))


def _some_cases(candidates: list[_Candidate], count: int, seed: int) -> Iterator[Case]:
    random.Random(seed).shuffle(candidates)
    seen: Counter[str] = Counter()
    for candidate in candidates:
        name = candidate[-1].bound
        if seen.total() == count:
            return
        if seen[name] < _MOST_PER_NAME and (case := _case(*candidate)):
            seen[name] += 1
            yield case


def _imports(text: str) -> Iterator[tuple[ast.stmt, Imported]]:
    """The statements at the top of the file, where a repair puts its import, and their names."""
    lines = split_lines(text)
    tree = parse_module("".join(lines[: import_place(lines)]))
    for statement in tree.body if tree else ():
        for one in _brought(statement):
            yield statement, one


def _brought(statement: ast.stmt) -> Iterator[Imported]:
    match statement:
        case ast.Import():
            for alias in statement.names:
                bound = alias.asname or alias.name.split(".")[0]
                yield Imported(alias.name, 0, "", bound)
        case ast.ImportFrom():
            module, level = statement.module or "", statement.level
            for alias in statement.names:
                yield Imported(module, level, alias.name, alias.asname or alias.name)


def _assignments(text: str) -> Iterator[tuple[ast.stmt, Assigned]]:
    lines = split_lines(text)
    tree = parse_module(text)
    for node in ast.walk(tree) if tree else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if _has_its_line(node, lines):
                yield node, Assigned(name, ast.unparse(node))


def _has_its_line(node: ast.stmt, lines: Lines) -> bool:
    line = lines[node.lineno - 1].encode().rstrip()
    is_first = not line[: node.col_offset].strip()
    return is_first and node.lineno == node.end_lineno and len(line) == node.end_col_offset


def _case(document: Document, statement: ast.stmt, wanted: Imported | Assigned) -> Case | None:
    """The case, if the name is undefined without the statement."""
    lines = split_lines(document.text)
    text = "".join(lines[: statement.lineno - 1] + lines[statement.end_lineno :])
    try:
        findings = lint(text)
    except LimitError:
        return None
    for finding in findings:
        if finding.kind == "UndefinedName" and finding.name == wanted.bound:
            is_there = isinstance(wanted, Imported) or _is_in_scope(
                document, statement, finding.line
            )
            return Case(document.sha256, text, finding.line, wanted) if is_there else None
    return None


def _is_in_scope(document: Document, statement: ast.stmt, use: int) -> bool:
    """Whether the use, at a line (from 0) of the text without the statement, is in its scope."""
    tree = parse_module(document.text)
    # The statement is one line, which the text with the use lacks.
    line = use + 1 if use + 1 < statement.lineno else use + 2
    return line > statement.lineno and _scope(tree, line) is _scope(tree, statement.lineno)


def _scope(tree: ast.Module | None, line: int) -> ast.AST | None:
    """The innermost function or class around a line (from 1)."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    around = [
        node
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, kinds) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    # `ast.walk` goes from the outside to the inside.
    return around[-1] if around else None
