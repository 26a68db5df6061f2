"""What the files of one project import and define, asked for a name."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lintseq.imports.facts import Facts
from lintseq.imports.layout import Layout, layout_of
from lintseq.imports.place import Place, common, folder_of, place_of, shared
from lintseq.imports.statement import Import


@dataclass(frozen=True, slots=True)
class Target:
    """What an import brings, however the statement is written."""

    place: Place
    """Of a module of the project; nothing for one from elsewhere."""
    module: str
    """The dotted name of one from elsewhere; nothing for one of the project."""
    name: str
    """What is taken from the module; nothing for the module itself."""
    bound: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a project says for one target. Counts of files besides the one that asks."""

    files: int = 0
    """That import it."""
    near: int = 0
    """Of these, in the same folder."""
    closeness: float = 0.0
    """Of these, each by the share of its path to the file's folder that it has in common."""
    is_own: bool = False
    """The file itself imports it elsewhere, as in another function."""
    is_defined: bool = False
    """A module of the project defines it, or is it."""
    is_exported: bool = False
    """A package of the project imports it for others to import from there."""
    kinship: float = 0.0
    """The share of the file's folder that its module lies in, from 0 to 1."""
    module_files: int = 0
    """That import anything from its module."""

    @property
    def is_there(self) -> bool:
        """Whether the project imports or has it."""
        return bool(self.files or self.is_own or self.is_defined or self.is_exported)


@dataclass(frozen=True)
class Project:
    """The facts of the files, by their paths from the project's folder, with forward slashes."""

    files: Mapping[str, Facts] = field(default_factory=dict)
    layout: Layout = field(default_factory=lambda: layout_of({}))

    @classmethod
    def of(cls, files: Mapping[str, Facts]) -> "Project":
        """The project of these files."""
        return cls(files, layout_of(files))

    def with_texts(self, changed: Mapping[str, Facts]) -> "Project":
        """The same with other facts of some files; what follows from all together stays."""
        return Project({**self.files, **changed}, self.layout) if changed else self

    def target(self, statement: Import, path: str) -> Target:
        """What the statement brings in the file."""
        place = self.layout.find(statement, folder_of(path))
        module = statement.module if place is None else ""
        return Target(place or (), module, statement.name, statement.bound)

    def has(self, target: Target) -> bool | None:
        """Whether the module of the project has what is taken from it; None: from elsewhere."""
        if target.module:
            return None
        facts = self.facts_at(target.place)
        is_named = facts is not None and target.name in facts.names
        return is_named or self.layout.is_module((*target.place, *filter(None, [target.name])))

    def facts_at(self, place: Place) -> Facts | None:
        """The facts of the module at the place; None if it has no file."""
        if place not in self.layout.modules:
            return None
        path = "/".join(place)
        return self.files.get(f"{path}.py") or self.files.get(f"{path}/__init__.py")

    def module_files(self, target: Target) -> int:
        """How many files import something from the target's module."""
        return self.layout.module_files.get((target.place, target.module), 0)

    def evidence(self, name: str, path: str, own: Facts) -> dict[Target, Evidence]:
        """What may be meant by the name in the file, and what speaks for each.

        Args:
            name: the name that is not known.
            path: of the file; what `files` has of it is not looked at.
            own: the facts of the file as it is now.
        """
        files, near, closeness = Counter[Target](), Counter[Target](), dict[Target, float]()
        here = folder_of(path)
        for other, facts in self.files.items():
            if (statement := facts.imports.get(name)) and other != path:
                target, folder = self.target(statement, other), folder_of(other)
                files[target] += 1
                near[target] += folder == here
                closeness[target] = closeness.get(target, 0.0) + shared(here, folder)
        mine = {self.target(own.imports[name], path)} if name in own.imports else set()
        place = place_of(path)
        defined, exported = {*self._defined(name)}, {*self._exported(name)}
        every = {**files, **dict.fromkeys([*mine, *defined, *exported])}
        return {
            target: Evidence(
                files[target],
                near[target],
                closeness.get(target, 0.0),
                target in mine,
                target in defined,
                target in exported,
                shared(here, target.place),
                self.module_files(target),
            )
            # A file does not import from itself.
            for target in every
            if not target.place or target.place != place
        }

    def statement(self, target: Target, path: str, own: Facts) -> Import:
        """The statement that brings the target into the file, written as the files around do."""
        if target.module:
            return Import(target.module, 0, target.name, target.bound)
        root = self.layout.root_above(target.place)
        absolute = Import(".".join(target.place[len(root) :]), 0, target.name, target.bound)
        here = folder_of(path)
        depth = common(here, target.place)
        relative = Import(
            ".".join(target.place[depth:]), len(here) - depth + 1, target.name, target.bound
        )
        is_in_package = bool(target.name) and depth > len(root)
        if absolute.module and not (
            is_in_package and self._is_relative_usual(target.bound, path, own)
        ):
            return absolute
        return relative

    def _is_relative_usual(self, name: str, path: str, own: Facts) -> bool:
        """Whether a module of the package is named by dots here.

        The files beside it that bring the same name decide, else what the file does with others,
        else those around it.
        """
        here = folder_of(path)
        beside = sum(
            1 if facts.imports[name].level else -1
            for other, facts in self.files.items()
            if name in facts.imports and other != path and folder_of(other) == here
        )
        balance = 0
        for each in own.imports.values():
            if each.level:
                balance += 1
            elif self.target(each, path).place[:1] == here[:1]:
                balance -= 1
        balances = (self.layout.dots.get(here[:end], 0) for end in range(len(here), 0, -1))
        return next((each for each in (beside, balance, *balances) if each), 0) > 0

    def _defined(self, name: str) -> Iterator[Target]:
        for path, facts in self.files.items():
            if name in facts.defined and (place := place_of(path)) in self.layout.modules:
                yield Target(place, "", name, name)
        for folder in self.layout.tops.get(name, ()):
            if folder:
                yield Target(folder, "", name, name)
            if not folder or (*folder, name) in self.layout.roots:
                yield Target((*folder, name), "", "", name)

    def _exported(self, name: str) -> Iterator[Target]:
        for path in self.layout.reexporting:
            if statement := self.files[path].imports.get(name):
                place, inside = place_of(path), self.target(statement, path).place
                if place and inside[: len(place)] == place:
                    yield Target(place, "", name, name)
