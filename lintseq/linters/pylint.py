"""pylint as the paper's release runs it: the faithful linter, two orders slower than pyflakes.

Everything counts that `--disable=C,R` leaves, except for warnings, of which only bad indentation
(W0311) and an `__init__` that does not call its base's (W0231) do. For a text that does not parse
the release takes the line from the end of the message if it names one ("expected an indented
block after 'if' statement on line 3"): so does `lintseq.lint.parse_or_finding`, which is used here.

pylint follows imports: what is installed beside it decides on `import-error` and `no-member`.
Its own comments (`# pylint: disable=...`) are respected, `# noqa` is not: as in the release.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import astroid
import pylint
from pylint.message import Message

from lintseq.lint import SYNTAX_ERROR, Finding, parse_or_finding, python_line_ends
from lintseq.linters.pylint_engine import PylintEngine
from lintseq.program import split_lines

COUNTED_WARNINGS = frozenset({"W0231", "W0311"})
"""The warnings that count; of the other categories that are not disabled, everything does."""

_LINE_NUMBER = re.compile(r"(?<=\bline )\d+")
_LOCK = Lock()
_ENGINES: list[PylintEngine] = []


@dataclass(frozen=True, slots=True)
class Pylint:
    """pylint in process; threads wait for each other."""

    filename: str = "<text>"
    """Where the text is from: `__init__.py` is that of a package."""
    version: str = f"pylint {pylint.__version__} (astroid {astroid.__version__})"

    def lint(self, text: str) -> tuple[Finding, ...]:
        """The counted findings of `text`, by line; only the first error if it does not parse.

        The kind of a finding is pylint's name for the message, such as "undefined-variable";
        its name is the message, without numbers of lines.

        Raises:
            LimitError: the text is nested too deeply, or pylint crashed or took too long.
        """
        tree = parse_or_finding(text)
        if isinstance(tree, Finding):
            return (tree,)
        ends = python_line_ends(split_lines(text))
        findings = [
            Finding(
                SYNTAX_ERROR if message.symbol == "syntax-error" else message.symbol,
                _LINE_NUMBER.sub("?", message.msg),
                min(bisect_left(ends, message.line), max(len(ends) - 1, 0)),
            )
            for message in _messages(text, self.filename)
            if message.msg_id in COUNTED_WARNINGS or not message.msg_id.startswith("W")
        ]
        return tuple(sorted(findings, key=lambda finding: finding.line))


def _messages(text: str, path: str) -> Sequence[Message]:
    with _LOCK:
        if not _ENGINES or _ENGINES[0].is_spent:
            _ENGINES[:] = [PylintEngine()]
        try:
            return _ENGINES[0].messages(text, path)
        except BaseException:
            # Its checkers stopped halfway and may remember that.
            _ENGINES.clear()
            raise
