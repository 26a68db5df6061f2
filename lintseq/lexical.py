"""What a place of a text is: code, a comment or a string; also of a text that does not parse."""

import re
from typing import Literal

Place = Literal["code", "comment", "string"]

_OPENING = re.compile(r"""#|\"{3}|'{3}|"|'""")
# From behind the opening sign to behind the closing one; `\\.` skips what is escaped.
_CLOSING = {
    "#": re.compile(r"[^\n]*"),
    '"""': re.compile(r'(?:[^\\"]|\\.|"(?!""))*"""', re.DOTALL),
    "'''": re.compile(r"(?:[^\\']|\\.|'(?!''))*'''", re.DOTALL),
    # A string on one line that is not closed ends with its line.
    '"': re.compile(r'(?:[^\\"\n]|\\.)*(?:"|(?=\n)|\Z)', re.DOTALL),
    "'": re.compile(r"(?:[^\\'\n]|\\.)*(?:'|(?=\n)|\Z)", re.DOTALL),
}


def place_at(text: str, offset: int) -> Place:
    """What the place in front of character `offset` is.

    Not covered: a quotation mark of the same kind inside the braces of an f-string, which Python
    allows from 3.12 on.
    """
    at = 0
    while (opening := _OPENING.search(text, at, offset)) is not None:
        sign = opening[0]
        closing = _CLOSING[sign].match(text, opening.end())
        end = closing.end() if closing else len(text)
        # Behind the last character of a comment, or of what is not closed, one is still in it.
        if end > offset or (end == offset and (sign == "#" or closing is None)):
            return "comment" if sign == "#" else "string"
        at = end
    return "code"
