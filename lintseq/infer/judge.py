"""The lint verdict on a new text: which findings it adds to what was there before.

What is on screen while somebody types rarely parses, so the text is compared with the best
baseline there is: without the line being typed, with a placeholder in its stead, as it stands,
and last only the top-level block around it. Where the text on screen parses, nothing may be added
to its findings either. Findings are compared as multisets of kind and name, never by line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lintseq.errors import LimitError
from lintseq.infer.neighbourhood import block_around, neighbourhood
from lintseq.lint import PYFLAKES, SYNTAX_ERROR, UNBOUND_NONLOCAL, Finding, added, parse_or_finding
from lintseq.program import Lines, split_lines
from lintseq.syntax import compiler_error

COMPILER_ERROR = "CompilerError"
"""The kind of what only the compiler finds in a text that parses."""


_WORD = re.compile(r"\w+")
# A line up to its comment; a sign in a string begins none.
_CODE = re.compile(r"""(?:[^#'"]|'[^'\n]*'|"[^"\n]*")*""")
# What the rest of a file may answer: it binds the name.
_UNBOUND = ("UndefinedName", "UndefinedExport")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Clean if there are no findings and no reason against."""

    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether the text may be shown."""
        return not self.findings and not self.reason


@dataclass(frozen=True, slots=True)
class _Baseline:
    accepted: tuple[tuple[Finding, ...], ...]
    """The findings of each text that is compared with; to none of them may any be added."""
    first: int
    """The part of the file that was judged: from this line (0-based) of the old text …"""
    behind: int
    """… up to so many lines before its end."""


def judge_line(lines: Lines, line: int, after: Lines, last: int) -> Verdict:
    """The verdict on `after`, which has new text at `line` (0-based) of `lines`, up to `last`."""
    part = neighbourhood(lines, line, after)
    if part is None:
        return _judge_line(lines, line, after, last)
    return _judge_line(part.of(lines), part.line(line), part.of(after), part.line(last))


def _judge_line(lines: Lines, line: int, after: Lines, last: int) -> Verdict:
    try:
        if not _findings(after, last):
            return Verdict()
        baseline = _baseline(lines, line)
        if baseline is None:
            return Verdict(reason="the text around the cursor does not parse")
        part = after[baseline.first : len(after) - baseline.behind]
        found = _findings(part, last - baseline.first)
    except LimitError as error:
        return Verdict(reason=str(error))
    findings = next(filter(None, (added(each, found) for each in baseline.accepted)), ())
    if baseline.first or baseline.behind:
        rest = "".join(lines[: baseline.first] + lines[len(lines) - baseline.behind :])
        words = set(_WORD.findall(rest))
        findings = tuple(f for f in findings if f.kind not in _UNBOUND or f.name not in words)
    return Verdict(findings)


def judge_step(before: str, after: str) -> Verdict:
    """The verdict on a whole text against another; one of the two has to parse."""
    try:
        baseline, found = findings_of_text(before), findings_of_text(after)
    except LimitError as error:
        return Verdict(reason=str(error))
    if _is_broken(baseline) and _is_broken(found):
        return Verdict(reason="the text does not parse")
    return Verdict(added(baseline, found))


@lru_cache(maxsize=64)
def findings_of_text(text: str) -> tuple[Finding, ...]:
    """What pyflakes and the compiler find in a whole text.

    Raises:
        LimitError: the text is nested too deeply.
    """
    tree = parse_or_finding(text)
    if isinstance(tree, Finding):
        return (tree,)
    error = compiler_error(tree)
    found = PYFLAKES.lint_tree(tree, split_lines(text))
    if error is None or any(each.kind == UNBOUND_NONLOCAL for each in found):
        return found
    return (*found, Finding(COMPILER_ERROR, error.msg, 0))


def with_body(lines: Lines, line: int) -> Lines:
    """The lines with a placeholder behind `line` if that line opens a block that is empty.

    A header is typed before its body: it is judged as if a body followed.
    """
    header = lines[line]
    code = _CODE.match(header)
    if code is None or not code[0].rstrip().endswith(":"):
        return lines
    follower = next((other for other in lines[line + 1 :] if other.strip()), "")
    if len(_indentation(follower)) > len(_indentation(header)):
        return lines
    ended = header if header.endswith("\n") else header + "\n"
    body = (_indentation(header) + each for each in _body(header))
    return (*lines[:line], ended, *body, *lines[line + 1 :])


def _findings(lines: Lines, last: int) -> tuple[Finding, ...]:
    """What is found in the lines, of which those up to `last` are new."""
    found = findings_of_text("".join(lines))
    return findings_of_text("".join(with_body(lines, last))) if _is_broken(found) else found


def _body(header: str) -> tuple[str, ...]:
    first = _WORD.match(header.lstrip())
    match first and first[0]:
        case "try":
            return ("    pass\n", "finally:\n", "    pass\n")
        case "match":
            return ("    case _:\n", "        pass\n")
    return ("    pass\n",)


def _baseline(lines: Lines, line: int) -> _Baseline | None:
    return _baseline_of(lines, line, 0, len(lines)) or _baseline_of(
        lines, line, *block_around(lines, line)
    )


def _baseline_of(lines: Lines, line: int, first: int, stop: int) -> _Baseline | None:
    part = lines[first:stop]
    for candidate in _variants(part, line - first):
        findings = findings_of_text("".join(candidate))
        if not _is_broken(findings):
            shown = findings_of_text("".join(part))
            accepted = (findings,) if _is_broken(shown) else (findings, shown)
            return _Baseline(accepted, first, len(lines) - stop)
    return None


def _variants(lines: Lines, line: int) -> Iterator[Lines]:
    before, after = lines[:line], lines[line + 1 :]
    indentation = _indentation(lines[line] if line < len(lines) else "")
    yield before + after
    yield (*before, f"{indentation}pass\n", *after)
    # The line being typed is the header of what stands below it.
    yield (*before, f"{indentation}if True:\n", *after)
    # It is the clause that the `try` above it waits for.
    yield (*before, f"{indentation}finally:\n", f"{indentation}    pass\n", *after)
    yield lines
    if line:
        yield with_body(before, line - 1) + after


def _is_broken(findings: Sequence[Finding]) -> bool:
    return any(finding.kind == SYNTAX_ERROR for finding in findings)


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())].replace("\n", "").replace("\r", "")
