"""How a file indents, and lines written the other way brought into line with it."""

import re

_INDENTED = re.compile(r"^(\t|  +)(?=\S)", re.MULTILINE)
_LEADING = re.compile(r"[ \t]*")
# What a model writes for one level.
_SPACES = 4


def uses_tabs(text: str) -> bool:
    """Whether most of the text's indented lines begin with a tab."""
    found = [leading == "\t" for leading in _INDENTED.findall(text)]
    return bool(sum(found) * 2 > len(found))


def indented_like(text: str, line: str) -> str:
    """The line with tabs for each four spaces in front, or the reverse, as the text has it.

    A text without an indented line has no way of its own: then nothing changes.
    """
    if not _INDENTED.search(text):
        return line
    match = _LEADING.match(line)
    leading = match[0] if match else ""
    if uses_tabs(text):
        width = len(leading.expandtabs(_SPACES))
        new = "\t" * (width // _SPACES) + " " * (width % _SPACES)
    else:
        new = leading.replace("\t", " " * _SPACES)
    return new + line[len(leading) :]
