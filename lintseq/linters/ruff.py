"""ruff as a linter, with the rules that say what the counted messages of pyflakes say.

No configuration of the user's is read; `# noqa` and `# ruff: noqa` are respected by ruff itself.
What Python's own parser refuses is the same finding as with the other linters, and ruff is asked
about the rest. One server answers for a whole process; after a fork the child starts its own, and
one that crashed is replaced at the next text.
"""

import atexit
import os
import re
import sys
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import PurePath
from typing import Any

from lintseq.lint import (
    SYNTAX_ERROR,
    Finding,
    has_waiver,
    parse_or_finding,
    python_line_ends,
    python_lines,
)
from lintseq.linters.ruff_server import RuffServer
from lintseq.program import split_lines

COUNTED: Mapping[str, str] = {
    # Refused when the module is compiled.
    "F404": "LateFutureImport",
    "F406": "ImportStarNotPermitted",
    "F407": "FutureFeatureNotDefined",
    "F621": "TooManyExpressionsInStarredAssignment",
    "F622": "TwoStarredExpressions",
    "F701": "BreakOutsideLoop",
    "F702": "ContinueOutsideLoop",
    "F704": "YieldOutsideFunction",
    "F706": "ReturnOutsideFunction",
    "F707": "DefaultExceptNotLast",
    # NameError, UnboundLocalError or AttributeError when reached.
    "F722": "ForwardAnnotationSyntaxError",
    "F821": "UndefinedName",
    "F822": "UndefinedExport",
    "F823": "UndefinedLocal",
    # TypeError, ValueError, KeyError or IndexError when reached.
    "F501": "PercentFormatInvalidFormat",
    "F502": "PercentFormatExpectedMapping",
    "F503": "PercentFormatExpectedSequence",
    "F505": "PercentFormatMissingArgument",
    "F507": "PercentFormatPositionalCountMismatch",
    "F508": "PercentFormatStarRequiresSequence",
    "F509": "PercentFormatUnsupportedFormatCharacter",
    "F521": "StringDotFormatInvalidFormat",
    "F524": "StringDotFormatMissingArgument",
    "F525": "StringDotFormatMixingAutomatic",
    "F633": "InvalidPrintSyntax",
    "F901": "RaiseNotImplemented",
}
"""The rules that count, each with the pyflakes message that says the same.

What ruff calls `invalid-syntax` counts as well: the compiler refuses it.
"""

_SETTINGS = {
    "configurationPreference": "editorOnly",
    "configuration": {"target-version": f"py{sys.version_info.major}{sys.version_info.minor}"},
    "lint": {"select": list(COUNTED), "preview": False},
}
_NAMED = ("UndefinedName", "UndefinedExport", "UndefinedLocal")
_NAME = re.compile("`([^`]+)`")
_SERVERS: dict[int, RuffServer] = {}


@dataclass(frozen=True, slots=True)
class Ruff:
    """ruff, over the pipes of a server."""

    filename: str = "<text>"
    """Where the text is from: `__init__.py` has `__path__` and may export its submodules."""
    version: str = f"ruff {metadata.version('ruff')}"

    def lint(self, text: str) -> tuple[Finding, ...]:
        """The counted findings of `text`, by line; only the first error if it does not parse.

        Raises:
            LimitError: the text is nested too deeply, or ruff crashed or took too long.
        """
        tree = parse_or_finding(text)
        if isinstance(tree, Finding):
            return (tree,)
        name = "__init__.py" if PurePath(self.filename).name == "__init__.py" else "text.py"
        diagnostics = _server().diagnostics(text, name)
        if not diagnostics:
            return ()
        lines = split_lines(text)
        ends, written = python_line_ends(lines), python_lines(lines)
        numbered = ((_number(diagnostic), diagnostic) for diagnostic in diagnostics)
        findings = ((number, _finding(found, number, ends)) for number, found in numbered)
        kept = (
            finding
            for number, finding in findings
            if finding.kind == SYNTAX_ERROR or not has_waiver(written[number - 1])
        )
        return tuple(sorted(kept, key=lambda finding: finding.line))


def _number(diagnostic: Mapping[str, Any]) -> int:
    r"""The line, from 1: ruff and the protocol end one at a lone "\r" too, as Python does."""
    return int(diagnostic["range"]["start"]["line"]) + 1


def _finding(diagnostic: Mapping[str, Any], number: int, ends: list[int]) -> Finding:
    line = min(bisect_left(ends, number), len(ends) - 1)
    message: str = diagnostic["message"]
    kind = COUNTED.get(diagnostic["code"], SYNTAX_ERROR)
    if kind == SYNTAX_ERROR:
        return Finding(SYNTAX_ERROR, message, line)
    name = _NAME.search(message) if kind in _NAMED else None
    return Finding(kind, name[1] if name else "", line)


def _server() -> RuffServer:
    process = os.getpid()
    server = _SERVERS.get(process)
    if server is None or not server.is_running:
        server = _SERVERS[process] = RuffServer(_SETTINGS)
    return server


@atexit.register
def _close() -> None:
    server = _SERVERS.pop(os.getpid(), None)
    if server is not None:
        server.close()
