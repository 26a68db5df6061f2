"""The settings that `editors/README.md` tells users to write, to be tried as they stand there."""

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "editors" / "README.md"
SERVER = (sys.executable, "-P", "-m", "server")


def settings(language: str, first_line: str) -> str:
    """The block of the page in this language that begins with these words.

    Raises:
        LookupError: there is none.
    """
    text = PAGE.read_text(encoding="utf-8")
    for found in re.finditer(rf"```{language}\n(.*?)```", text, re.DOTALL):
        if found[1].startswith(first_line):
            return found[1]
    raise LookupError(f"{PAGE} has no block of {language} that begins with {first_line!r}")
