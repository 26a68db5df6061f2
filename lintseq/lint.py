"""What a linter finds in a text, reduced to what would fail when the text is run or imported.

Style is not counted: an unused import, an unused variable or a redefinition leaves a program
that runs. `COUNTED` is the list, for pyflakes 4. A finding on a line with `# noqa` (or
`# noqa: F821` and the like) is the author's decision and not counted either. Names that a star
import may bring are reported by pyflakes as another kind, which is not counted.

One thing is counted that pyflakes does not see: `nonlocal` without a binding, which is left behind
when the binding leaves. Not covered: what else only the compiler notices behind the parser, such
as `await` outside a coroutine. Counted without need: `"%s" % [1, 2]`, where pyflakes takes the
list for a tuple.
"""

import ast
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import pyflakes
from pyflakes import messages
from pyflakes.checker import Binding, Checker

from lintseq.errors import LimitError
from lintseq.program import Lines, split_lines
from lintseq.syntax import compiler_error, parse

COUNTED: frozenset[type[messages.Message]] = frozenset(
    {
        # Refused when the module is compiled.
        messages.BreakOutsideLoop,
        messages.ContinueOutsideLoop,
        messages.DefaultExceptNotLast,
        messages.DuplicateArgument,
        messages.FutureFeatureNotDefined,
        messages.ImportStarNotPermitted,
        messages.LateFutureImport,
        messages.ReturnOutsideFunction,
        messages.TooManyExpressionsInStarredAssignment,
        messages.TwoStarredExpressions,
        messages.YieldOutsideFunction,
        # NameError, UnboundLocalError or AttributeError when reached.
        messages.UndefinedExport,
        messages.UndefinedLocal,
        messages.UndefinedName,
        messages.ForwardAnnotationSyntaxError,
        # TypeError, ValueError, KeyError or IndexError when reached.
        messages.InvalidPrintSyntax,
        messages.PercentFormatExpectedMapping,
        messages.PercentFormatExpectedSequence,
        messages.PercentFormatInvalidFormat,
        messages.PercentFormatMissingArgument,
        messages.PercentFormatPositionalCountMismatch,
        messages.PercentFormatStarRequiresSequence,
        messages.PercentFormatUnsupportedFormatCharacter,
        messages.RaiseNotImplemented,
        messages.StringDotFormatInvalidFormat,
        messages.StringDotFormatMissingArgument,
        messages.StringDotFormatMixingAutomatic,
    }
)
SYNTAX_ERROR = "SyntaxError"
UNBOUND_NONLOCAL = "UnboundNonlocal"

# To pyflakes 4 whatever `__all__ +=` adds to is a list that it has read, and else it breaks: an
# import of `__all__`, or the result of a call, names nothing that it knows.
Binding.names = ()

_NOQA = re.compile(r"#\s*noqa(?!\w)(?::\s*((?:[A-Z]+\d+[,\s]*)+))?", re.IGNORECASE)
_NOQA_CODES = re.compile(r"\bF|\bE9", re.IGNORECASE)
_PYTHON_LINE_END = re.compile(r"\r\n|\r|\n")
_HEADER_LINE = re.compile(r" on line (\d+)$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that would fail."""

    kind: str
    """The class of the pyflakes message, or `SYNTAX_ERROR`."""
    name: str
    """The name it is about, the message of a syntax error, or nothing."""
    line: int
    r"""Which line of the text, from 0, lines ending at "\n" only."""

    def __str__(self) -> str:
        return f"line {self.line + 1}: {self.kind}{f' {self.name!r}' if self.name else ''}"


class Linter(Protocol):
    """What finds the findings."""

    @property
    def version(self) -> str:
        """Name and version, as written into data sets and models."""

    def lint(self, text: str) -> tuple[Finding, ...]:
        """The counted findings of `text`, by line."""


@dataclass(frozen=True, slots=True)
class Pyflakes:
    """The default linter, in process."""

    filename: str = "<text>"
    """Where the text is from: `__init__.py` has `__path__` and may export its submodules."""
    version: str = f"pyflakes {pyflakes.__version__}"

    def lint(self, text: str) -> tuple[Finding, ...]:
        """The counted findings of `text`, by line; only the first error if it does not parse.

        Raises:
            LimitError: the text is nested too deeply for the parser or the linter.
        """
        tree = parse_or_finding(text)
        return (tree,) if isinstance(tree, Finding) else self.lint_tree(tree, split_lines(text))

    def lint_tree(self, tree: ast.Module, lines: Lines) -> tuple[Finding, ...]:
        """The counted findings of a tree whose text is `lines`; those at line 0 are left out.

        Raises:
            LimitError: it is nested too deeply for the linter, or breaks it.
        """
        try:
            found = Checker(tree, filename=self.filename, withDoctest=False).messages
        except RecursionError as error:
            raise LimitError("nested too deeply for pyflakes") from error
        except Exception as error:
            # An error of pyflakes itself costs this text alone; for one, it asserts something
            # where a function has an import from `__future__`.
            raise LimitError(f"pyflakes breaks on it: {error!r}") from error
        return (*findings_of(found, lines), *unbound_nonlocals(tree, lines))


PYFLAKES = Pyflakes()


def lint(text: str) -> tuple[Finding, ...]:
    """The counted findings of `text` by the default linter."""
    return PYFLAKES.lint(text)


def findings_of(found: Iterable[messages.Message], lines: Lines) -> tuple[Finding, ...]:
    """What of the messages counts, by line; those at line 0 are left out."""
    counted = [each for each in found if type(each) in COUNTED and each.lineno > 0]
    if not counted:
        return ()
    ends = python_line_ends(lines)
    written = python_lines(lines)
    findings = (
        Finding(type(message).__name__, _name(message), bisect_left(ends, message.lineno))
        for message in counted
        if not has_waiver(written[message.lineno - 1])
    )
    return tuple(sorted(findings, key=lambda finding: finding.line))


def unbound_nonlocals(tree: ast.Module, lines: Lines) -> tuple[Finding, ...]:
    """The first `nonlocal` whose name no function around it binds: the compiler refuses it."""
    if not any("nonlocal" in line for line in lines):
        return ()
    error = compiler_error(tree)
    if error is None or "nonlocal" not in error.msg:
        return ()
    line = bisect_left(python_line_ends(lines), error.lineno or 1)
    return (Finding(UNBOUND_NONLOCAL, error.msg, min(line, len(lines) - 1)),)


def added(baseline: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of `after` beyond those of `baseline`, as multisets of (kind, name).

    Lines do not count: an insertion moves them.
    """
    allowed = Counter((finding.kind, finding.name) for finding in baseline)
    excess: list[Finding] = []
    for finding in after:
        if allowed[finding.kind, finding.name] > 0:
            allowed[finding.kind, finding.name] -= 1
        else:
            excess.append(finding)
    return tuple(excess)


def python_line_ends(lines: Lines) -> list[int]:
    r"""For each line, the number (from 1) of the last line that Python counts within it.

    Python also ends a line at a "\r" that no "\n" follows.
    """
    return list(accumulate(1 + line.count("\r") - line.count("\r\n") for line in lines))


def python_lines(lines: Lines) -> list[str]:
    """The lines as Python counts them, without their ends."""
    return _PYTHON_LINE_END.split("".join(lines))


def has_waiver(line: str) -> bool:
    """Whether a comment on the line takes its findings out of the count."""
    comment = _NOQA.search(line)
    return comment is not None and (not comment[1] or bool(_NOQA_CODES.search(comment[1])))


def parse_or_finding(text: str) -> ast.Module | Finding:
    """The tree of `text`, or the syntax error that keeps it from having one.

    Raises:
        LimitError: it is nested too deeply for the parser.
    """
    try:
        return parse(text)
    except SyntaxError as error:
        if "too many nested" in error.msg or "too many levels of indentation" in error.msg:
            raise LimitError(f"nested too deeply for Python: {error.msg}") from error
        return Finding(SYNTAX_ERROR, error.msg, _syntax_error_line(text, error))
    except ValueError as error:
        return Finding(SYNTAX_ERROR, str(error), 0)
    except (RecursionError, MemoryError) as error:
        raise LimitError("nested too deeply for Python's parser") from error


def _syntax_error_line(text: str, error: SyntaxError) -> int:
    # "expected an indented block after 'if' statement on line 3": the header is what is wrong,
    # while the position is that of the innocent statement behind it.
    header = _HEADER_LINE.search(error.msg)
    number = int(header[1]) if header else error.lineno or 1
    lines = split_lines(text)
    return min(bisect_left(python_line_ends(lines), number), max(len(lines) - 1, 0))


def _name(message: messages.Message) -> str:
    arguments = message.message_args
    first = arguments[0] if isinstance(arguments, tuple) and arguments else arguments
    return first if isinstance(first, str) else ""
