"""Of a long file, what the verdict on a place depends on: a line costs what its block costs.

The block at top level around the place stays as it is. What stands above and below it is replaced
by the names that it binds at top level, in the same order: of all that pyflakes finds in a block,
only undefined names depend on the rest, and they depend on nothing else of it. Where the change
itself takes names away (`del`) or binds them elsewhere (`global`) the whole text is judged.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lintseq.program import Lines, split_lines
from lintseq.syntax import parse_module

LONG = 30_000
"""Characters of a text from which on the verdict is on a part of it."""

_REBINDS = re.compile(r"\b(?:del|global)\b")
_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A short text in which a place is judged as in the long one."""

    above: Lines
    """What stands for the lines above the block."""
    first: int
    """The block is from this line (0-based) of the old text …"""
    behind: int
    """… up to so many lines before its end."""
    below: Lines

    def of(self, lines: Lines) -> Lines:
        """The short text for a version of the long one in which only the block differs."""
        block = lines[self.first : len(lines) - self.behind]
        if block and self.below and not block[-1].endswith("\n"):
            block = (*block[:-1], f"{block[-1]}\n")
        return (*self.above, *block, *self.below)

    def line(self, number: int) -> int:
        """The number, in the short text, of a line of the block."""
        return number - self.first + len(self.above)


def neighbourhood(lines: Lines, line: int, after: Lines) -> Neighbourhood | None:
    """Where a change at `line` (0-based) can be judged; None for the whole text.

    Args:
        lines: the text.
        line: where it is to be changed, and only in the block there.
        after: the text with the change.
    """
    if sum(map(len, lines)) < LONG or line >= len(lines):
        return None
    first, stop = block_around(lines, line)
    behind = len(lines) - stop
    if after[:first] != lines[:first] or after[len(after) - behind :] != lines[stop:]:
        return None
    new = set(after[first : len(after) - behind]).difference(lines[first:stop])
    if any(map(_REBINDS.search, new)):
        return None
    above, below = _bound("".join(lines[:first])), _bound("".join(lines[stop:]))
    if above is None or below is None:
        return None
    anywhere = dict.fromkeys(above.anywhere + below.anywhere)
    return Neighbourhood((*anywhere, *above.in_order), first, behind, below.in_order)


def block_around(lines: Lines, line: int) -> tuple[int, int]:
    """The lines from one that is not indented, up to the next behind `line` that is not."""
    first = line
    while first > 0 and not _starts_block(lines, first):
        first -= 1
    while first > 0 and lines[first - 1].startswith("@"):
        first -= 1
    stop = line + 1
    while stop < len(lines) and not _starts_block(lines, stop):
        stop += 1
    return first, min(stop, len(lines))


def _starts_block(lines: Lines, line: int) -> bool:
    text = lines[line] if line < len(lines) else ""
    return bool(text.strip()) and not text[0].isspace() and text[0] not in "#)]}"


@dataclass(frozen=True, slots=True)
class _Bound:
    """Lines that bind what a text binds at top level."""

    in_order: Lines
    anywhere: Lines
    """Of names that a function declares `global`: to pyflakes they are bound everywhere."""


# Both sides of a block stay the same while it is typed in.
@lru_cache(maxsize=8)
def _bound(text: str) -> _Bound | None:
    """What stands for the text; None if it does not parse."""
    tree = parse_module(text)
    if tree is None:
        return None
    names = [name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names]
    lines = "".join(f"{line}\n" for each in tree.body for line in _stand_ins(each))
    return _Bound(split_lines(lines), tuple(f"{name} = 0\n" for name in dict.fromkeys(names)))


def _stand_ins(node: ast.AST) -> Iterator[str]:
    """An assignment for each name that is bound, a deletion for each that is deleted."""
    if isinstance(node, ast.ImportFrom) and {node.module, node.names[0].name} & {"__future__", "*"}:
        yield ast.unparse(node)
        return
    if name := _bound_name(node):
        yield f"{name} = 0"
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
        yield f"del {name}"
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _stand_ins(child)


def _bound_name(node: ast.AST) -> str | None:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name
        case ast.Name(ctx=ast.Store() | ast.Del()):
            return node.id
        case ast.alias():
            return node.asname or node.name.partition(".")[0]
        case ast.MatchAs() | ast.MatchStar():
            return node.name
        case ast.MatchMapping():
            return node.rest
    return None
