"""Of what stands above a window, the lines worth seeing from inside it.

Chosen by syntax, line by line, so that a text that does not parse and one of 20,000 lines are no
special cases: the headers of the class and the functions that the window lies in, the imports and
the definitions whose names it uses.
"""

import re
from collections.abc import Iterator

from lintseq.program import Lines

_WORD = re.compile(r"[^\W\d]\w*")
_IMPORT = re.compile(r"(?:import|from)\s")
_DEFINITION = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
_HEADER = re.compile(r"\s*(?:async\s+def|def|class)\s")
_ASSIGNMENT = re.compile(r"(\w+)\s*(?::[^=]*)?=(?!=)")


def outline(above: Lines, window: Lines, characters: int) -> Lines:
    """Lines of `above`, in their order, of so many characters at most.

    Headers come first, then imports, then definitions and constants, of these the nearest first.

    Args:
        above: the lines in front of the window.
        window: what is written in the window, in front of the cursor.
        characters: how much the lines may take.
    """
    words = set(_WORD.findall("".join(window)))
    wanted = (
        _enclosing(above, window),
        _importing(above, words),
        _defining(above, words),
    )
    chosen: set[int] = set()
    for number in (each for numbers in wanted for each in numbers):
        characters -= len(above[number]) if number not in chosen else 0
        if characters < 0:
            break
        chosen.add(number)
    return tuple(above[number] for number in sorted(chosen))


def _enclosing(above: Lines, window: Lines) -> Iterator[int]:
    """The headers that the first line of the window is indented under, the innermost first."""
    first = next((line for line in window if line.strip()), "")
    level = _level(first)
    for number in range(len(above) - 1, -1, -1):
        line = above[number]
        if level == 0:
            return
        if line.strip() and _level(line) < level:
            level = _level(line)
            if _HEADER.match(line):
                yield number


def _importing(above: Lines, words: set[str]) -> Iterator[int]:
    for number, line in enumerate(above):
        if _IMPORT.match(line) and words.intersection(_WORD.findall(line)[1:]):
            yield number


def _defining(above: Lines, words: set[str]) -> Iterator[int]:
    for number in range(len(above) - 1, -1, -1):
        line = above[number]
        match = _DEFINITION.match(line) or _ASSIGNMENT.match(line)
        if match and match[1] in words:
            yield number


def _level(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
