"""What somebody does in a file: writes the end of a line, wants a body, lacks an import."""

import ast
import random
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.requests.texts import disfigured

Doing = Literal["typing", "implementing", "repairing"]

_LEAST_LINES, _MOST_LINES = 15, 250
_LINE_END = re.compile("\r\n|\n|\r")
_IMPORT = re.compile(
    r"^(?:import (?P<module>\w+)|from \w+ import (?P<name>\w+))[ \t]*(?=[\r\n])", re.M
)
_SPACE = re.compile(r"[ \t]*")
_BODIES = ("pass", "...", "raise NotImplementedError")
# Shares of the scenes; what is asked for by a key takes far longer than typing.
_TYPING, _IMPLEMENTING = 0.75, 0.88


@dataclass(frozen=True, slots=True)
class Scene:
    """A text, and what somebody does at a place of it."""

    name: str
    text: str
    offset: int
    """The cursor, in characters."""
    wanted: str
    """For "typing": what stood there, and is typed again. For "repairing": the name that lacks
    its import; for "implementing": the function's."""
    doing: Doing = "typing"


def scenes(rng: random.Random, paths: list[Path]) -> Iterator[Scene]:
    """Scenes without end, each in a file drawn anew."""
    while True:
        path = rng.choice(paths)
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        if not _LEAST_LINES <= text.count("\n") <= _MOST_LINES:
            continue
        change, changed = disfigured(text, rng)
        yield scene(changed, rng, f"{path.name} {change}")


def scene(text: str, rng: random.Random, name: str) -> Scene:
    """A scene in the text; where nothing can be implemented or repaired, somebody types."""
    chance = rng.random()
    made = None
    if chance >= _IMPLEMENTING:
        made = unimported(text, rng, name)
    elif chance >= _TYPING:
        made = unimplemented(text, rng, name)
    return made or typing(text, rng, name)


def typing(text: str, rng: random.Random, name: str) -> Scene:
    """A cursor at any place of a line that says something."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    stops = [*(end.start() for end in _LINE_END.finditer(text)), len(text)]
    places = [*zip(starts, stops, strict=True)]
    written = [place for place in places if len(text[slice(*place)].strip()) > 3]
    start, stop = rng.choice(written or places[:1])
    line = text[start:stop]
    cut = rng.randint(len(line) - len(line.lstrip()), len(line))
    # Now and then the rest of the line stays where it is.
    end = cut if rng.random() < 0.15 else len(line)
    return Scene(name, text[: start + cut] + text[start + end :], start + cut, line[cut:end])


def unimplemented(text: str, rng: random.Random, name: str) -> Scene | None:
    """A function with a placeholder for its body, behind its docstring if it has one."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text)), len(text)]
    functions = [(node, _body(node)) for node in _functions(text)]
    found = [
        (node, lines)
        for node, lines in functions
        if lines and lines.start >= node.lineno and _begins_line(text[starts[lines.start] :], node)
    ]
    if not found:
        return None
    function, lines = rng.choice(found)
    start, stop = starts[lines.start], starts[lines.stop]
    indentation = _SPACE.match(text, start)
    ended = _LINE_END.search(text, start)
    space, end = (each[0] if each else "" for each in (indentation, ended))
    stubbed = f"{text[:start]}{space}{rng.choice(_BODIES)}{end}{text[stop:]}"
    return Scene(name, stubbed, starts[function.lineno - 1], function.name, "implementing")


def unimported(text: str, rng: random.Random, name: str) -> Scene | None:
    """A text without an import that it needs; the cursor is where it is used first."""
    found = [
        match
        for match in _IMPORT.finditer(text)
        if re.search(rf"\b{match['module'] or match['name']}\b", text[match.end() :])
    ]
    if not found:
        return None
    match = rng.choice(found)
    wanted = match["module"] or match["name"]
    ended = _LINE_END.match(text, match.end())
    without = text[: match.start()] + text[ended.end() if ended else match.end() :]
    use = re.compile(rf"\b{wanted}\b").search(without, match.start())
    return Scene(name, without, use.start(), wanted, "repairing") if use else None


def _functions(text: str) -> list[ast.FunctionDef]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _body(function: ast.FunctionDef) -> range:
    """The lines, from 0, of the body behind the docstring; none if it has no statement there."""
    body = function.body[ast.get_docstring(function) is not None :]
    if not body or function.end_lineno is None:
        return range(0)
    decorators = getattr(body[0], "decorator_list", [])
    first = min([body[0].lineno, *(each.lineno for each in decorators)])
    return range(first - 1, function.end_lineno)


def _begins_line(text: str, function: ast.FunctionDef) -> bool:
    """Whether the body's first line, with which `text` begins, has no more than space in front."""
    body = function.body[ast.get_docstring(function) is not None :]
    return not text.encode("utf-8", "replace")[: body[0].col_offset].strip()
