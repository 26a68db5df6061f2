"""The imports that are known to bring a name, the likeliest first.

Each names a module that is there: one of the project's, one that the project imports or that lies
in its environment, one of the standard library, or one that many projects import. A model's guess
is none of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lintseq.imports.facts import facts_of
from lintseq.imports.fit import fit
from lintseq.imports.project import Evidence, Project, Target
from lintseq.imports.public import PublicCode, public_code
from lintseq.imports.rank import likelihood
from lintseq.imports.statement import Import, import_of
from lintseq.imports.use import Use, use_of

# Of more, and of what is unlikely, nobody reads the list.
_MOST = 5
_LEAST_SHARE = 0.01
# A module that so many projects import may be meant also where nothing is taken from it.
_USUAL = 10


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a file lies: what can be known of its imports besides its own text."""

    path: str = "untitled.py"
    """From the project's folder, with forward slashes."""
    project: Project = field(default_factory=Project)
    installed: frozenset[str] | None = None
    """The modules in the project's environment; None if that was not found."""
    public: PublicCode = field(default_factory=public_code, repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """An import that is known to bring a name."""

    statement: Import
    share: float
    """Of all that speaks for any, from 0 to 1."""
    is_sure: bool
    """Whether it can come along with a text that nobody has asked for."""


def known_imports(name: str, use: str, text: str, where: Surroundings) -> tuple[Known, ...]:
    """The imports that bring `name`, the likeliest first; none, if it is not known.

    Args:
        name: the undefined name.
        use: the lines that use it, from which follows what may be meant.
        text: the file, which need not parse.
        where: what is known besides.
    """
    own, used = facts_of(text), use_of(name, use)
    project = where.project
    evidence = project.evidence(name, where.path, own)
    counts: dict[Target, int] = {}
    for statement, count in _elsewhere(name, where).items():
        target = project.target(statement, where.path)
        if target not in evidence:
            # Others mean another module of that name.
            target = Target((), statement.module, statement.name, statement.bound)
        counts[target] = max(count, counts.get(target, 0))
    total = 1 + sum(counts.values())
    found: dict[Import, Known] = {}
    for target in {**evidence, **counts}:
        said = evidence.get(target) or Evidence(module_files=project.module_files(target))
        how = _How(said, counts.get(target, 0), fit(target, used, project, where.public))
        is_absent = _is_absent(target, said, where)
        if not _is_possible(name, target, how, used, where, is_absent=is_absent):
            continue
        mass = likelihood(
            said,
            how.projects / total,
            how.fit,
            is_standard=target.module in where.public.standard,
            is_absent=is_absent,
        )
        line = project.statement(target, where.path, own)
        is_sure = said.is_there or (_is_clear(name, how, used) and bool(how.projects or how.fit))
        found[line] = Known(line, mass, is_sure and not is_absent and how.fit >= 0)
    return _in_order(found)


def sure_imports(name: str, use: str, text: str, where: Surroundings) -> tuple[str, ...]:
    """Of `known_imports`, the lines of those that can come along unasked."""
    known = known_imports(name, use, text, where)
    return tuple(each.statement.line for each in known if each.is_sure)


def is_known(line: str, name: str, text: str, where: Surroundings) -> bool:
    """Whether an import line brings `name` from a module that has it, as far as that is known.

    For a module outside of the project and the standard library it is enough that a file of the
    project imports from it.
    """
    statement = import_of(line)
    if statement is None or statement.bound != name:
        return False
    target = where.project.target(statement, where.path)
    own = {each.module for each in facts_of(text).imports.values() if not each.level}
    has = where.project.has(target)
    if has is not None:
        return has
    if statement in where.public.counted.get(name, {}):
        return True
    standard = where.public.standard
    if statement.module.partition(".")[0] in standard:
        whole = f"{statement.module}.{statement.name}"
        names = standard.get(statement.module)
        return names is not None and (statement.name in {*names, ""} or whole in standard)
    return statement.module in own or bool(where.project.module_files(target))


@dataclass(frozen=True, slots=True)
class _How:
    said: Evidence
    projects: int
    fit: int


def _elsewhere(name: str, where: Surroundings) -> Mapping[Import, int]:
    """The imports from outside of the project, and how many public projects have each."""
    found = where.public.imports(name)
    if name in where.project.layout.elsewhere or name in (where.installed or ()):
        found.setdefault(Import(name, 0, "", name), 0)
    return found


def _is_absent(target: Target, said: Evidence, where: Surroundings) -> bool:
    """Whether nothing says that the module is there."""
    top = target.module.partition(".")[0]
    if not top or said.is_there or top in where.public.standard:
        return False
    return top not in where.project.layout.elsewhere and top not in (where.installed or ())


def _is_possible(
    name: str, target: Target, how: _How, used: Use, where: Surroundings, *, is_absent: bool
) -> bool:
    """Whether the import is worth showing to somebody who has asked."""
    if is_absent and where.installed is not None:
        return False
    if how.said.is_there:
        return True
    if how.fit < 0:
        return False
    if not target.name and how.projects < _USUAL and how.fit == 0:
        return bool(used.first) and target.module not in where.public.standard
    return bool(how.projects) or _is_clear(name, how, used)


def _is_clear(name: str, how: _How, used: Use) -> bool:
    """Whether the name's use tells that it is no variable: a plain word may be one."""
    return how.fit > 0 or name[:1].isupper() or (used.is_called and not used.first)


def _in_order(found: Mapping[Import, Known]) -> tuple[Known, ...]:
    total = sum(each.share for each in found.values()) or 1.0
    ordered = sorted(found.values(), key=lambda each: (-each.share, each.statement.line))[:_MOST]
    shares = (replace(each, share=each.share / total) for each in ordered)
    return tuple(each for each in shares if each.share >= _LEAST_SHARE)
