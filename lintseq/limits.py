"""How large a program may be to be sampled; a larger one is refused, with these numbers.

Sampling lints once for every edit, so its time grows with the square of the length: 1,000
plain statements take some five seconds, 10,000 some ten minutes.
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
