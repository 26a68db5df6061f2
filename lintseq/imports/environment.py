"""The modules of a project's environment, from the names of its folders: nothing of it is run."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_USUAL = (".venv", "venv", "env")
_LIBRARIES = ("lib/python3*/site-packages", "Lib/site-packages")


def installed_modules(folder: Path, environment: Mapping[str, str]) -> frozenset[str] | None:
    """The modules that lie in the environment of the project in `folder`; None if it has none.

    It is the folder `.venv`, `venv` or `env` of the project, else what $VIRTUAL_ENV of the
    `environment` names, unless that is where this program itself is installed.
    """
    for candidate in _candidates(folder, environment):
        libraries = [found for way in _LIBRARIES for found in _matching(candidate, way)]
        if libraries:
            return frozenset(name for library in libraries for name in _modules(library))
    return None


def _candidates(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    yield from (folder / name for name in _USUAL)
    named = environment.get("VIRTUAL_ENV")
    if named and Path(named).resolve() != Path(sys.prefix).resolve():
        yield Path(named)


def _matching(folder: Path, way: str) -> list[Path]:
    try:
        return sorted(folder.glob(way))
    except OSError:
        return []


def _modules(library: Path) -> Iterator[str]:
    try:
        names = [each.name for each in library.iterdir()]
    except OSError:
        return
    for name in names:
        first = name.partition(".")[0]
        if name.endswith((".dist-info", ".egg-info")):
            # Of one that is installed in place there is nothing else.
            first = name.partition("-")[0].lower()
        if first.isidentifier():
            yield first
