"""Import lines that are known to bring a name: from other texts, and from the standard library.

A name is only taken from where it is: what the texts at hand import, a module of the standard
library whose attribute is used, or a class or function of one. A model's guess is none of these.
"""

import ast
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from lintseq.syntax import parse_module

# Of the standard library, what is imported for its names, the likelier owner first. All of them
# are pure definitions: importing one starts nothing.
_MODULES = (
    *("collections", "collections.abc", "dataclasses", "pathlib", "functools", "itertools"),
    *("contextlib", "datetime", "enum", "typing", "abc", "math", "random", "statistics", "decimal"),
    *("fractions", "operator", "copy", "json", "csv", "io", "os", "os.path", "sys", "re", "time"),
    *("string", "textwrap", "shutil", "shlex", "subprocess", "tempfile", "threading", "queue"),
    *("logging", "argparse", "heapq", "bisect", "hashlib", "base64", "struct", "types", "inspect"),
    *("traceback", "warnings", "weakref", "uuid", "glob", "fnmatch", "pprint", "difflib", "ast"),
    *("unittest", "urllib.parse", "zipfile", "gzip", "configparser", "tomllib", "zoneinfo"),
    *("concurrent.futures", "asyncio", "secrets", "calendar", "platform", "pickle", "sqlite3"),
)
_DIRECT = frozenset(module for module in _MODULES if "." not in module)
_WORD = re.compile(r"\w+")


def known_imports(name: str, use: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The import lines that bring `name`, the likeliest first; none, if it is not known.

    Args:
        name: the undefined name.
        use: the text that uses it, from which follows whether a module or something in one is
            meant.
        texts: programs of the same author: the file, and others that are open.
    """
    found = dict.fromkeys(line for text in texts for line in _imports_of(text, name))
    found |= dict.fromkeys(_of_library(name, use))
    return tuple(found)


def is_known(line: str, name: str, texts: Iterable[str]) -> bool:
    """Whether an import line brings `name` from a module that has it, as far as that is known.

    For a module outside the standard library it is enough that one of the texts imports from it.
    """
    tree = parse_module(line.strip())
    if tree is None or len(tree.body) != 1:
        return False
    others = {module for text in texts for module in _modules_of(text)}
    match tree.body[0]:
        case ast.Import(names=[alias]):
            modules, bound = [alias.name], alias.asname or alias.name
            return bound == name and (_is_module(alias.name) or not others.isdisjoint(modules))
        case ast.ImportFrom(module=str(module), names=[alias], level=0):
            if (alias.asname or alias.name) != name:
                return False
            if module in _MODULES:
                return hasattr(_module(module), alias.name)
            return module in others
    return False


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(name)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a text does with a name."""

    attributes: tuple[str, ...]
    is_called: bool

    def fits(self, name: str, value: object) -> bool:
        """Whether the value can be meant. A plain word may be a variable: its use decides."""
        if self.attributes and not all(hasattr(value, each) for each in self.attributes):
            return False
        if name[:1].isupper():
            return True
        is_type_used = bool(self.attributes) and isinstance(value, type)
        return is_type_used or (self.is_called and callable(value))


def _use_of(name: str, use: str) -> _Use:
    followers = re.findall(rf"(@?)(?<![\w.]){re.escape(name)}\b(\.\w+|\s*\(|)", use)
    attributes = tuple(each[1:] for _, each in followers if each.startswith("."))
    called = [bool(sign) or each.endswith("(") for sign, each in followers]
    return _Use(attributes, bool(called) and all(called))


def _of_library(name: str, use: str) -> Iterator[str]:
    used = _use_of(name, use)
    if name in _DIRECT and used.attributes:
        module = _module(name)
        if all(hasattr(module, attribute) for attribute in used.attributes):
            yield f"import {name}"
    yield from (f"from {module} import {name}" for module in _owners(name, used))


def _owners(name: str, used: _Use) -> Iterator[str]:
    for module in _MODULES:
        value = getattr(_module(module), name, None)
        if name.startswith("_") or value is None or isinstance(value, ModuleType):
            continue
        if _is_at_home(module, name, value) and used.fits(name, value):
            yield module


def _is_at_home(module: str, name: str, value: object) -> bool:
    public = getattr(_module(module), "__all__", None)
    if public is not None:
        return name in public
    home = getattr(value, "__module__", module) or module
    return str(home).removeprefix("_") == module


def _is_module(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names and (
        "." not in name or name in _MODULES
    )


def _imports_of(text: str, name: str) -> Iterator[str]:
    if not _mentions(text, name):
        return
    for statement in _statements(text):
        for alias in statement.names:
            if (alias.asname or alias.name) != name:
                continue
            behind = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
            if isinstance(statement, ast.Import):
                yield f"import {behind}"
            elif statement.level == 0 and statement.module != "__future__":
                yield f"from {statement.module} import {behind}"


def _modules_of(text: str) -> Iterator[str]:
    for statement in _statements(text):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif statement.level == 0 and statement.module:
            yield statement.module


def _statements(text: str) -> Iterator[ast.Import | ast.ImportFrom]:
    tree = parse_module(text) or parse_module(_import_lines(text))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _import_lines(text: str) -> str:
    """The imports of a text that does not parse, as far as each takes one line."""
    lines = (line for line in text.splitlines() if line.startswith(("import ", "from ")))
    return "\n".join(line for line in lines if parse_module(line))


def _mentions(text: str, name: str) -> bool:
    return name in text and name in _WORD.findall(text)
