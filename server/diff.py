"""Two texts as a diff, to be looked at."""

import difflib

from lintseq.program import split_lines

_NO_NEWLINE = "\\ No newline at end of file"


def unified_diff(before: str, after: str, name: str) -> str:
    """The two texts as a unified diff with context, for people."""
    lines = difflib.unified_diff(split_lines(before), split_lines(after), f"a/{name}", f"b/{name}")
    ended = (line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in lines)
    return "".join(ended)
