"""Which uses of one name are undefined, when only some lines of the module are left.

The record of `lintseq.recording` is played again with the lookup rules of pyflakes 4.1 for a
single name, in all scopes in which it means the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lintseq.recording import Event, Kind, Op


class Undefined(NamedTuple):
    """A use that is reported."""

    kind: str
    """The class of the pyflakes message."""
    line: int


@dataclass(slots=True)
class _Bound:
    is_annotation: bool
    use: tuple[int, int] | None = None
    """The scope and the line of the last use."""


def before_first_assignment(events: Iterable[Event], present: Sequence[int]) -> list[Undefined]:
    """What is reported of a name that is only used and, in one scope, assigned to.

    The same as `Resolution.play` finds, without looking further than has to be.
    """
    reports: list[Undefined] = []
    for event in events:
        if present[event.line]:
            if event.op is Op.BIND:
                break
            reports.append(Undefined("UndefinedName", event.line))
    return reports


class Resolution:
    """Plays the events of one name."""

    def __init__(self, kinds: Sequence[Kind], *, is_builtin: bool) -> None:
        self._kinds = kinds
        self._scopes: dict[int, _Bound] = {0: _Bound(is_annotation=False)} if is_builtin else {}
        self._hidden: list[_Bound | None] = []
        self._reports: list[Undefined] = []

    def play(self, events: Iterable[Event], present: Sequence[int]) -> list[Undefined]:
        """What is reported when, of all lines, only those `present` are left."""
        for event in events:
            if not present[event.line]:
                continue
            match event.op:
                case Op.LOAD:
                    self._load(event, present)
                case Op.BIND | Op.ANNOTATE:
                    self._bind(event)
                case Op.EXPORT:
                    self._export(event, present)
                case _:
                    self._unbind_or_declare(event)
        return self._reports

    def _load(self, event: Event, present: Sequence[int]) -> None:
        is_excused = event.forgiven or any(present[line] for line in event.excuses)
        if not self._finds(event) and not is_excused:
            self._reports.append(Undefined("UndefinedName", event.line))

    def _finds(self, event: Event) -> bool:
        """Whether the name is bound where it is used, or may be by a star import."""
        use = (event.scopes[-1], event.line)
        sees_class: bool | None = None
        is_starred = False
        for scope in reversed(event.scopes):
            kind = self._kinds[scope]
            if kind is Kind.CLASS and event.name == "__class__":
                return True
            if kind is Kind.CLASS and sees_class is False:
                continue
            bound = self._scopes.get(scope)
            if bound is not None:
                bound.use = use
                if not bound.is_annotation or event.postponed:
                    return True
                continue
            is_starred = is_starred or (event.starred and scope == 0)
            if sees_class is not False:
                sees_class = kind is Kind.INNER
        return is_starred

    def _export(self, event: Event, present: Sequence[int]) -> None:
        is_excused = event.starred or event.forgiven
        if 0 not in self._scopes and not is_excused and present[event.shown]:
            self._reports.append(Undefined("UndefinedExport", event.shown))

    def _unbind_or_declare(self, event: Event) -> None:
        match event.op:
            case Op.DELETE:
                if self._scopes.pop(event.scopes[-1], None) is None:
                    self._reports.append(Undefined("UndefinedName", event.line))
            case Op.DECLARE:
                self._declare(event)
            case Op.ENTER:
                self._enter(event)
            case Op.LEAVE:
                self._leave(event)

    def _bind(self, event: Event) -> None:
        scope = event.scopes[-1]
        if event.checks:
            self._check_local(event.scopes)
        here = self._scopes.get(scope)
        is_annotation = event.op is Op.ANNOTATE
        if here is not None and is_annotation:
            return
        bound = _Bound(is_annotation, here.use if here is not None else None)
        there = self._scopes.get(event.target)
        if not event.weak or there is None or there.is_annotation:
            self._scopes[event.target] = bound

    def _check_local(self, scopes: tuple[int, ...]) -> None:
        scope = scopes[-1]
        if self._kinds[scope] is not Kind.FUNCTION or scope in self._scopes:
            return
        for outer in scopes[:-1]:
            bound = self._scopes.get(outer)
            if self._kinds[outer] not in {Kind.FUNCTION, Kind.MODULE} or bound is None:
                continue
            if bound.use is not None and bound.use[0] == scope:
                self._reports.append(Undefined("UndefinedLocal", bound.use[1]))
                return

    def _declare(self, event: Event) -> None:
        self._reports = [each for each in self._reports if each.kind != "UndefinedName"]
        bound = _Bound(is_annotation=False)
        self._scopes.setdefault(0, bound)
        bound.use = (0, event.line)
        for scope in event.scopes[1:]:
            self._scopes[scope] = bound

    def _enter(self, event: Event) -> None:
        scope = event.scopes[-1]
        if scope in self._scopes:
            self._check_local(event.scopes)
        self._hidden.append(self._scopes.pop(scope, None))
        self._check_local(event.scopes)
        self._scopes[scope] = _Bound(is_annotation=False)

    def _leave(self, event: Event) -> None:
        scope = event.scopes[-1]
        self._scopes.pop(scope, None)
        hidden = self._hidden.pop()
        if hidden is not None:
            self._scopes[scope] = hidden
