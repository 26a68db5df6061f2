"""One name that an import statement brings, and the statements of a text, also a broken one."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_DOTTED = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_STATEMENT = re.compile(
    rf"^[ \t]*(?:from[ \t]+(?P<dots>\.*)[ \t]*(?P<module>{_DOTTED})?[ \t]+import\b[ \t]*"
    r"(?P<names>\([^)]*\)|(?:[^\n#;\\]|\\\r?\n)+)"
    r"|import[ \t]+(?P<modules>[^\n#;]+))",
    re.MULTILINE,
)
_ALIAS = re.compile(rf"({_DOTTED})(?:\s+as\s+(\w+))?\Z")
_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Import:
    """One name that an import statement brings."""

    module: str
    """Dotted; nothing for `from . import name`."""
    level: int
    """How many dots it begins with."""
    name: str
    """What is taken from the module; nothing for `import module`."""
    bound: str
    """What it is called in the file: of `import a.b` that is `a`."""

    @property
    def line(self) -> str:
        """The statement that brings it and nothing else, without a newline."""
        if not self.name:
            is_plain = self.bound == self.module.partition(".")[0]
            return f"import {self.module}" + ("" if is_plain else f" as {self.bound}")
        behind = "" if self.bound == self.name else f" as {self.bound}"
        return f"from {'.' * self.level}{self.module} import {self.name}{behind}"

    @property
    def words(self) -> str:
        """What it brings, for people: `Path from pathlib`, `numpy as np`."""
        if not self.name:
            return self.line.removeprefix("import ")
        source, _, name = self.line.partition(" import ")
        return f"{name} {source}"


def imports_in(text: str) -> Iterator[Import]:
    """What the import statements of a text bring, in order; it need not parse.

    Those inside of functions and of indented examples in docstrings are among them; stars,
    `__future__` and what stands behind a semicolon are not.
    """
    for found in _STATEMENT.finditer(text):
        if found["modules"]:
            yield from _modules(found["modules"])
        elif found["module"] != "__future__" and (found["dots"] or found["module"]):
            yield from _names(found["module"] or "", len(found["dots"]), found["names"])


def import_of(line: str) -> Import | None:
    """What a line brings, if it is an import of one name and nothing else."""
    found = _STATEMENT.fullmatch(line.strip())
    brought = [*imports_in(line)] if found else []
    return brought[0] if len(brought) == 1 and "," not in line else None


def _modules(written: str) -> Iterator[Import]:
    aliases = [_ALIAS.match(each.strip()) for each in written.split(",")]
    # One that is none: the line is prose.
    for alias in aliases if all(aliases) else ():
        if alias:
            module = sys.intern(alias[1])
            first = module.partition(".")[0]
            if not (alias[2] == first != module):
                yield Import(module, 0, "", sys.intern(alias[2] or first))


def _names(module: str, level: int, written: str) -> Iterator[Import]:
    words = _COMMENT.sub("", written).replace("\\", " ").strip().strip("()")
    aliases = [_ALIAS.match(each.strip()) for each in words.split(",") if each.strip()]
    for alias in aliases if all(aliases) else ():
        if alias and "." not in alias[1]:
            name = sys.intern(alias[1])
            yield Import(sys.intern(module), level, name, sys.intern(alias[2] or name))
