"""How large a program may be to be sampled; a larger one is refused, with these numbers.

10,000 lines take a second or two with pyflakes. Other linters lint all that is left for every
edit, so that their time grows with the square of the length. What is longer is hardly ever
written by hand.
"""

from lintseq.errors import LimitError
from lintseq.program import Lines

MAX_LINES = 10_000
MAX_CHARACTERS = 1_000_000


def check_size(lines: Lines) -> None:
    """Nothing, if a program of these lines is sampled.

    Raises:
        LimitError: it is too long.
    """
    if len(lines) > MAX_LINES:
        raise LimitError(f"too long: {len(lines):,} lines, at most {MAX_LINES:,} are sampled")
    characters = sum(map(len, lines))
    if characters > MAX_CHARACTERS:
        raise LimitError(
            f"too long: {characters:,} characters, at most {MAX_CHARACTERS:,} are sampled"
        )
