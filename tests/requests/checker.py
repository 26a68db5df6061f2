"""The judge of what was shown: pyflakes and the compiler asked directly, nothing of the server.

A text is compared with the one before it. While somebody types that one rarely parses: then with
the text without the line being typed, or with a placeholder in its stead; and if none of these
parses, with the same of the block around the line.
"""

import ast
import re
import warnings
from collections import Counter

from pyflakes.checker import Checker

# The classes of messages that tell of code that fails when it is compiled or reached.
SEVERE = frozenset(
    {
        *("UndefinedName", "UndefinedLocal", "UndefinedExport", "ReturnOutsideFunction"),
        *("YieldOutsideFunction", "ContinueOutsideLoop", "BreakOutsideLoop", "DuplicateArgument"),
        *(
            "DefaultExceptNotLast",
            "TwoStarredExpressions",
            "LateFutureImport",
            "RaiseNotImplemented",
        ),
        *("TooManyExpressionsInStarredAssignment", "FutureFeatureNotDefined"),
        *("ForwardAnnotationSyntaxError", "StringDotFormatMissingArgument"),
        *("PercentFormatMissingArgument", "PercentFormatPositionalCountMismatch"),
    }
)
_PLACEHOLDER = re.compile(r"\s*(pass|\.\.\.|raise NotImplementedError.*)?\s*")
_BODIES = ("    pass\n", "    pass\n{}finally:\n{}    pass\n", "    case _:\n{}        pass\n")

Findings = Counter[tuple[str, str]]


def findings(text: str) -> Findings | None:
    """What is wrong with a text that parses; None for one that does not."""
    # Python takes every kind of line end for the same, and leaves out a byte order mark.
    text = re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        found: Findings = Counter()
        try:
            compile(tree, "x.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            found["compiler", re.sub(r"line \d+", "", str(error.args[0]))] += 1
        messages = Checker(tree).messages
    lines = text.split("\n")
    for message in messages:
        name = message.message_args[0] if message.message_args else ""
        is_waived = "noqa" in lines[min(message.lineno, len(lines)) - 1]
        if type(message).__name__ in SEVERE and not is_waived:
            found[type(message).__name__, str(name)] += 1
    return found


def insertion_problem(text: str, offset: int, inserted: str, after: str) -> str:
    """What is wrong with `after`, in which `inserted` stands at `offset`; nothing if all is well.

    `after` may hold an import as well.
    """
    if not inserted:
        return "nothing is inserted"
    if not _is_subsequence_with(text, after, offset, inserted):
        return "the rest of the text has changed"
    # Python takes every kind of line end for the same.
    front, *texts = (re.sub("\r\n?", "\n", each) for each in (text[:offset], text, after))
    return (
        line_end_problem(text, after)
        or encoding_problem(after)
        or finding_problem(*texts, line=front.count("\n"))
    )


def edit_problem(text: str, after: str) -> str:
    """What is wrong with a text to which edits were applied: whole lines inserted, stubs filled."""
    remaining = iter(after.splitlines())
    kept = all(line in remaining for line in text.splitlines() if not _PLACEHOLDER.fullmatch(line))
    if not kept or after == text:
        return "it does more than insert lines"
    before, new = findings(text), findings(after)
    problem = line_end_problem(text, after) or encoding_problem(after)
    if new is None:
        return problem or "it does not parse"
    return problem or (_excess(before, new) if before is not None else "")


def line_end_problem(text: str, after: str) -> str:
    """Whether lines end otherwise than before."""
    kinds = [set(re.findall("\r\n|\n|\r", each)) for each in (text, after)]
    new = kinds[1] - kinds[0] - ({"\n"} if not kinds[0] else set())
    return f"new line ends {new}" if new else ""


def encoding_problem(after: str) -> str:
    """Whether the text can be written to a file of the encoding that it names."""
    cookie = re.match(r"(?:.*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", after)
    try:
        after.encode(cookie[1] if cookie else "utf-8")
    except UnicodeEncodeError as error:
        return str(error)
    except LookupError:
        return ""
    return "a replacement character" if "\ufffd" in after else ""


def undefined_problem(text: str, after: str, name: str) -> str:
    """Whether `name` is as undefined in the new text as in the old one."""
    before, new = findings(text), findings(after)
    key = ("UndefinedName", name)
    if before is None or new is None or new[key] < before[key]:
        return ""
    return f"{name!r} is still undefined"


def finding_problem(text: str, after: str, *, line: int) -> str:
    """What the new text has against it that the old one has not; lines end at newlines."""
    last = line + after.count("\n") - text.count("\n")
    new = _findings_with_body(after, last)
    bases = [found for found in map(findings, _bases(text, line)) if found is not None]
    if new is not None and not new:
        return ""
    if bases:
        return "it does not parse" if new is None else _excess(bases[0], new)
    return _block_problem(text, line, after, last)


def _bases(text: str, line: int) -> list[str]:
    """Texts that the new one may be compared with, the text itself first."""
    lines = text.split("\n")
    line = min(line, len(lines) - 1)
    indent = re.match(r"[ \t]*", lines[line])
    space = indent[0] if indent else ""
    instead = [[], [f"{space}pass"], [f"{space}if True:"], [f"{space}finally:", f"{space}    pass"]]
    others = ["\n".join([*lines[:line], *each, *lines[line + 1 :]]) for each in instead]
    headless = "\n".join([*lines[:line], *_body_of(lines, line), *lines[line + 1 :]])
    return [text, *others, headless]


def _body_of(lines: list[str], line: int) -> list[str]:
    """A body for the header above a line, in the place of the line."""
    above = lines[line - 1] if line else ""
    return [above[: len(above) - len(above.lstrip())] + "    pass"]


def _findings_with_body(text: str, line: int) -> Findings | None:
    """Of the text, or of the one with a body behind a header at its new line, what parses."""
    found = findings(text)
    if found is not None:
        return found
    lines = text.split("\n")
    header = lines[line] if line < len(lines) else ""
    space = header[: len(header) - len(header.lstrip())]
    for body in _BODIES:
        filled = space + body.replace("{}", space).removesuffix("\n")
        found = findings("\n".join([*lines[: line + 1], *filled.split("\n"), *lines[line + 1 :]]))
        if found is not None:
            return found
    return None


def _block_problem(text: str, line: int, after: str, last: int) -> str:
    old, new = text.split("\n"), after.split("\n")
    first = line
    while first > 0 and not re.match(r"[^\s#)\]}]", old[first]):
        first -= 1
    stop = line + 1
    while stop < len(old) and not re.match(r"[^\s#)\]}]", old[stop]):
        stop += 1
    moved = len(new) - len(old)
    # An import that came along stands above the block, which then begins further below.
    shift = moved - (last - line) if new[:first] != old[:first] else 0
    block = "\n".join(new[first + shift : stop + moved])
    found = _findings_with_body(block, last - first - shift)
    if found is None:
        return "the block does not parse"
    words = set(re.findall(r"\w+", "\n".join(new[: first + shift] + new[stop + moved :])))
    bases = [
        each
        for each in map(findings, _bases("\n".join(old[first:stop]), line - first))
        if each is not None
    ]
    excess = found - (bases[0] if bases else Counter())
    bad = [
        key
        for key in excess
        if key[0] not in ("UndefinedName", "UndefinedExport") or key[1] not in words
    ]
    return f"adds {bad}" if bad else ""


def _excess(before: Findings, after: Findings) -> str:
    more = after - before
    return f"adds {sorted(more)}" if more else ""


def _is_subsequence_with(text: str, after: str, offset: int, inserted: str) -> bool:
    """Whether `after` is the text with the insertion, and at most import lines besides."""
    if after == text[:offset] + inserted + text[offset:]:
        return True
    old = (text[:offset] + inserted + text[offset:]).split("\n")
    rest = iter(old)
    current = next(rest)
    for line in after.split("\n"):
        if line == current:
            current = next(rest, "\0")
        elif not line.startswith(("import ", "from ")):
            return False
    return current == "\0"
