"""The names of the standard library's modules and classes, read from type stubs.

Stubs name what a module has without running it, on every platform and in every version of Python.
Those meant are typeshed's, which mypy brings along; they are under the Apache License 2.0.
"""

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

# The Python whose library is described: the newest that most people have.
PYTHON = (3, 13)
# Tests, tools and jokes, that nobody imports from.
_NOT_MEANT = frozenset(
    {
        "antigravity",
        "this",
        "idlelib",
        "lib2to3",
        "turtledemo",
        "typing_extensions",
        "builtins",
        "test",
    }
)


def typeshed() -> Path:
    """The folder of the standard library's stubs.

    Raises:
        ValueError: mypy is not installed.
    """
    found = importlib.util.find_spec("mypy")
    if found is None or not found.submodule_search_locations:
        raise ValueError("wanted mypy, whose stubs of the standard library are read: not installed")
    return Path(found.submodule_search_locations[0]) / "typeshed" / "stdlib"


@dataclass(slots=True)
class Stubs:
    """The stubs in a folder, each read once."""

    folder: Path
    _trees: dict[str, ast.Module] = field(default_factory=dict)

    def modules(self) -> list[str]:
        """The public modules that Python still has."""
        return sorted(
            name
            for path in self.folder.rglob("*.pyi")
            if (name := _module_of(path.relative_to(self.folder)))
            and not any(part.startswith("_") and part != "__future__" for part in name.split("."))
            and name.partition(".")[0] not in _NOT_MEANT
            and self._is_there(name)
        )

    def names(self, module: str) -> frozenset[str]:
        """The public names of a module: those it lists as such, else all that it defines."""
        found: set[str] = set()
        listed: set[str] = set()
        for statement in _live(self._tree(module).body):
            match statement:
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    found |= self.names(self._meant(module, statement))
                case ast.ImportFrom() | ast.Import():
                    found |= {each.asname for each in statement.names if each.asname == each.name}
                case ast.Assign() | ast.AugAssign() if "__all__" in ast.unparse(statement):
                    listed |= _strings(statement)
                case _:
                    found |= _bound(statement)
        return frozenset(name for name in listed or found if not name.startswith("_"))

    def attributes(self, module: str, name: str) -> frozenset[str] | None:
        """The public attributes of a class and its bases; None if it is none."""
        definition = self._class(module, name)
        if definition is None:
            return None
        module, node = definition
        found = {each for part in _live(node.body) for each in _bound(part)}
        for base in node.bases:
            first = base.value if isinstance(base, ast.Subscript) else base
            if isinstance(first, ast.Name) and first.id not in {"Generic", "Protocol", name}:
                found |= self.attributes(module, first.id) or set()
        return frozenset(each for each in found if not each.startswith("_"))

    def _class(
        self, module: str, name: str, seen: frozenset[str] = frozenset()
    ) -> tuple[str, ast.ClassDef] | None:
        """The class, and the module that defines it; stubs import each other in circles."""
        for statement in _live(self._tree(module).body) if module not in seen else ():
            match statement:
                case ast.ClassDef() if statement.name == name:
                    return module, statement
                case ast.ImportFrom():
                    other = self._meant(module, statement)
                    names = {each.asname or each.name: each.name for each in statement.names}
                    wanted = name if "*" in names else names.get(name)
                    if wanted and (found := self._class(other, wanted, seen | {module})):
                        return found
        return None

    def _meant(self, module: str, statement: ast.ImportFrom) -> str:
        """The module that the statement imports from."""
        parts = module.split(".")
        is_package = self.folder.joinpath(*parts).is_dir()
        base = parts[: len(parts) - statement.level + is_package] if statement.level else []
        return ".".join([*base, *filter(None, [statement.module])])

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            path = self.folder.joinpath(*module.split("."))
            file = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")
            text = file.read_text("utf-8") if file.is_file() else ""
            self._trees[module] = ast.parse(text)
        return self._trees[module]

    def _is_there(self, module: str) -> bool:
        versions = _versions(self.folder / "VERSIONS")
        parts = module.split(".")
        stated = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        first, last = next((versions[each] for each in stated if each in versions), ((), ()))
        return first <= PYTHON and (not last or last >= PYTHON)


Version = tuple[int, ...]


@cache
def _versions(path: Path) -> Mapping[str, tuple[Version, Version]]:
    """By module, the versions of Python that have it; an empty last one: it still does."""
    found: dict[str, tuple[Version, Version]] = {}
    for line in path.read_text("utf-8").splitlines():
        module, _, stated = line.partition("#")[0].partition(":")
        if stated:
            first, _, last = stated.strip().partition("-")
            found[module.strip()] = (_version(first), _version(last))
    return found


def _version(written: str) -> Version:
    return tuple(int(each) for each in written.split(".") if each)


def _module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _live(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, also those under a condition that this Python meets."""
    for statement in body:
        if isinstance(statement, ast.If):
            holds = _holds(statement.test)
            yield from _live(statement.body if holds is not False else [])
            yield from _live(statement.orelse if holds is not True else [])
        else:
            yield statement


def _holds(test: ast.expr) -> bool | None:
    """Whether a condition on Python's version holds; None for any other."""
    match test:
        case ast.Compare(
            left=ast.Attribute(attr="version_info"), ops=[operator], comparators=[ast.Tuple(elts=e)]
        ):
            wanted = tuple(int(ast.unparse(each)) for each in e)
            is_least = isinstance(operator, ast.GtE)
            return (wanted <= PYTHON) if is_least else (wanted > PYTHON)
    return None


def _strings(statement: ast.stmt) -> set[str]:
    constants = (node.value for node in ast.walk(statement) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)} - {"__all__"}


def _bound(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Assign(targets=targets):
            return {each.id for each in targets if isinstance(each, ast.Name)}
    return set()
