"""What goes into which shard: decided before the first file is read, so that a run can go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.corpus.find import find_installed, find_projects, find_standard_libraries
from training.corpus.project import Kind, Project, base_name, is_held_out
from training.corpus.recipe import Recipe, find_clone, read_recipe
from training.corpus.repository import repository_project

HELD_OUT = "heldout.jsonl.gz"

_SHARD_BYTES = 8 << 20
"""Of archives as they lie there; they unpack to about five times that."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where projects come from."""

    paths: tuple[Path, ...] = ()
    """Directories, archives and repositories; of two duplicates the earlier one is kept."""
    recipe: Path | None = None
    cache: Path | None = None
    """Where `fetch` put the distributions of the recipe."""
    clones: Path | None = None
    """Local clones of the recipe's repositories, as `owner/name` or `owner+name`."""
    installed: bool = False
    """Whether the packages that this Python has installed belong to it."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of the corpus, and the projects whose documents it gets."""

    name: str
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All shards, and what could not be used."""

    shards: tuple[Shard, ...]
    absent: tuple[str, ...]
    """Why archives were refused, and what the recipe names and is not there."""
    hold_out: tuple[str, ...]
    """The names of the projects to hold out, those of the recipe among them."""


def make_plan(sources: Sources, names: tuple[str, ...], share: float) -> Plan:
    """Return the plan of a corpus.

    Args:
        names: projects to hold out.
        share: of all other projects, to hold out.

    Raises:
        ValueError: A path is no source, or the recipe cannot be read.
    """
    absent: list[str] = []
    recipe = read_recipe(sources.recipe) if sources.recipe else None
    projects: list[Project] = []
    if recipe:
        projects += _of_recipe(recipe, sources, absent)
        names, share = (*names, *recipe.hold_out), share or recipe.hold_out_share
    for path in sources.paths:
        projects += _found(path, absent)
    if sources.installed:
        projects += _found(find_installed(), absent)
    held_out = [each for each in projects if is_held_out(each.name, names, share)]
    training = [each for each in projects if not is_held_out(each.name, names, share)]
    training = _without_copies(training, absent)
    shards = [Shard(HELD_OUT, tuple(held_out))]
    for number, group in enumerate(_groups(training)):
        shards.append(Shard(f"documents-{number:04}.jsonl.gz", tuple(group)))
    return Plan(tuple(shards), tuple(absent), names)


def _without_copies(projects: Iterable[Project], absent: list[str]) -> list[Project]:
    """Return the projects without distributions whose repository is there: nearly all the same."""
    projects = list(projects)
    there = {base_name(each.name) for each in projects if each.kind is Kind.REPOSITORY}
    distributions = (Kind.ARCHIVE, Kind.DISTRIBUTION)
    kept = []
    for project in projects:
        if project.kind in distributions and base_name(project.name) in there:
            absent.append(f"{project.name} {project.version}: its repository is there")
        else:
            kept.append(project)
    return kept


def _of_recipe(recipe: Recipe, sources: Sources, absent: list[str]) -> Iterator[Project]:
    """Yield repositories first: of a file that several projects have, theirs has its tests near."""
    for clone in recipe.repositories:
        path = find_clone(sources.clones, clone) if sources.clones else None
        if path is None:
            absent.append(f"{clone.name}: no local clone")
            continue
        name = clone.name.replace("/", "+")
        try:
            yield repository_project(path, name, clone.commit)
        except ValueError as error:
            absent.append(str(error))
    if recipe.standard_libraries:
        for library in find_standard_libraries():
            yield from find_projects(library)
    for pin in recipe.packages:
        archive = sources.cache / pin.file if sources.cache else None
        if archive is None or not archive.is_file():
            absent.append(f"{pin.file}: not fetched")
            continue
        yield from _found(archive, absent)


def _found(path: Path, absent: list[str]) -> tuple[Project, ...]:
    """Return the projects at a path; one archive that is refused is not the end of a long run."""
    if path.is_dir():
        return find_projects(path)
    try:
        return find_projects(path)
    except ValueError as error:
        if not path.exists():
            raise
        absent.append(str(error))
        return ()


def _groups(projects: Iterable[Project]) -> Iterator[list[Project]]:
    """Yield neighbours that make a shard together: a repository or a directory is one alone."""
    group: list[Project] = []
    size = 0
    for project in projects:
        weight = _weight(project)
        if group and size + weight > _SHARD_BYTES:
            yield group
            group, size = [], 0
        group.append(project)
        size += weight
    if group:
        yield group


def _weight(project: Project) -> int:
    if project.kind is Kind.ARCHIVE:
        return project.location.stat().st_size
    return 10_000 * len(project.paths) if project.kind is Kind.DISTRIBUTION else _SHARD_BYTES
