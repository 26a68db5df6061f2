"""How the modules of a project hang together: packages, and from where imports find them."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lintseq.imports.facts import Facts
from lintseq.imports.place import Place, folder_of, place_of
from lintseq.imports.statement import Import

# Folders that hold packages and are none.
_SOURCE_FOLDERS = ("src", "lib", "python")


@dataclass(frozen=True)
class Layout:
    """What follows from the paths and the imports of all files together."""

    modules: frozenset[Place]
    """Those with a file."""
    tops: Mapping[str, tuple[Place, ...]]
    """By the name of a module or folder, the folders that have one so called, highest first."""
    packages: frozenset[Place] = frozenset()
    """The folders that are packages, as far as is known."""
    roots: Mapping[Place, int] = field(default_factory=dict)
    """How many absolute imports begin at a module or folder."""
    dots: Mapping[Place, int] = field(default_factory=dict)
    """By folder, how many more imports of the project's are relative than absolute."""
    module_files: Mapping[tuple[Place, str], int] = field(default_factory=dict)
    """How many files import something from a module: one at a place, or one from elsewhere."""
    elsewhere: frozenset[str] = frozenset()
    """The first words of the modules that come from elsewhere."""
    reexporting: tuple[str, ...] = ()
    """The files of packages themselves."""

    def is_module(self, place: Place) -> bool:
        """Whether there is a module, or a folder with some, at the place."""
        return place in self.modules or (bool(place) and place[:-1] in self.tops.get(place[-1], ()))

    def find(self, statement: Import, folder: Place) -> Place | None:
        """Where the module lies that a file in the folder imports from; None: elsewhere."""
        parts = tuple(statement.module.split(".")) if statement.module else ()
        if statement.level:
            return folder[: max(0, len(folder) - statement.level + 1)] + parts
        root = self._root_of(parts, folder)
        return None if root is None else root + parts

    def root_above(self, place: Place) -> Place:
        """The folder from which the module is imported by an absolute name."""
        votes = {end: self.roots.get(place[: end + 1], 0) for end in range(len(place))}
        best = max(votes, key=lambda end: (votes[end], -end), default=0)
        if votes.get(best):
            return place[:best]
        packages = [end for end in range(1, len(place)) if place[:end] in self.packages]
        if packages:
            return place[: packages[0] - 1]
        is_source = len(place) > 1 and place[0] in _SOURCE_FOLDERS and place[:1] not in self.modules
        return place[:1] if is_source else ()

    def _root_of(self, parts: Place, folder: Place) -> Place | None:
        fitting = [
            root
            for root in self.tops.get(parts[0], ())
            if root not in self.packages and self.is_module((*root, *parts))
        ]
        is_standard = parts[0] in sys.stdlib_module_names
        if is_standard:
            # What a deeper folder calls like a module of the library is not what is meant.
            fitting = [root for root in fitting if not root or root[-1] in _SOURCE_FOLDERS]
        around = [root for root in fitting if folder[: len(root)] == root]
        if fitting:
            # The lowest above the file; else the highest anywhere.
            return (around[-1:] or fitting)[0]
        # A script finds what lies beside it, also where the folder is a package.
        return folder if not is_standard and self.is_module((*folder, *parts)) else None


def layout_of(files: Mapping[str, Facts]) -> Layout:
    """The layout of a project of these files, by their paths."""
    places = {path: place for path in files if (place := place_of(path)) and _is_importable(place)}
    modules = frozenset(places.values())
    tops = _tops(modules)
    plain = Layout(modules, tops)
    packages = {place for path, place in places.items() if path.endswith("__init__.py")}
    packages |= {each for module in _dotted(files) for each in _above(module, plain)}
    plain = replace(plain, packages=frozenset(packages))
    inits = tuple(path for path in places if path.endswith("__init__.py"))
    return replace(_with_counts(files, plain), reexporting=inits)


def _with_counts(files: Mapping[str, Facts], plain: Layout) -> Layout:
    """The layout with what is counted of the imports, found by what there is of it so far."""
    roots, dots = Counter[Place](), Counter[Place]()
    module_files = Counter[tuple[Place, str]]()
    elsewhere: set[str] = set()
    for path, facts in files.items():
        folder = folder_of(path)
        found: set[tuple[Place, str]] = set()
        for each in facts.imports.values():
            place = plain.find(each, folder)
            if place is None:
                found.add(((), each.module))
                elsewhere.add(each.module.partition(".")[0])
                continue
            found.add((place, ""))
            if not each.level:
                roots[place[: len(place) - each.module.count(".")]] += 1
            if each.level or place[:1] == folder[:1]:
                for end in range(len(folder) + 1):
                    dots[folder[:end]] += 1 if each.level else -1
        module_files.update(found)
    return replace(
        plain,
        roots=roots,
        dots=dots,
        module_files=module_files,
        elsewhere=frozenset(elsewhere),
    )


def _is_importable(place: Place) -> bool:
    return all(map(str.isidentifier, place))


def _tops(modules: frozenset[Place]) -> dict[str, tuple[Place, ...]]:
    found: dict[str, set[Place]] = {}
    for place in modules:
        for end, name in enumerate(place):
            found.setdefault(name, set()).add(place[:end])
    return {name: tuple(sorted(folders, key=len)) for name, folders in found.items()}


def _dotted(files: Mapping[str, Facts]) -> set[str]:
    """The modules of absolute imports whose names tell that something is a package."""
    every = (each for facts in files.values() for each in facts.imports.values())
    return {each.module for each in every if not each.level and "." in each.module}


def _above(module: str, layout: Layout) -> Iterator[Place]:
    """The folders that are packages if the module is the project's."""
    parts = tuple(module.split("."))
    for root in layout.tops.get(parts[0], ()):
        if (not root or root[-1] in _SOURCE_FOLDERS) and layout.is_module((*root, *parts)):
            yield from ((*root, *parts[:end]) for end in range(1, len(parts)))
