"""The findings of pyflakes in what is left of a program, at the cost of what has left.

One pass of pyflakes over the whole program tells what every line does with which name. When lines
leave, only the names that they bound can become undefined elsewhere, so only these are looked up
again. `tests/lintseq/test_names.py` holds the outcome to that of linting the whole text.

A new pass is made where the old one does not hold for what is left: when a star import or
`from __future__ import annotations` leaves, or a part of a statement that changes what the rest of
it means.
"""

import ast
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lintseq.closure import LANDMARK, Alone, Departure, alone
from lintseq.lint import (
    Finding,
    Pyflakes,
    added,
    findings_of,
    has_waiver,
    unbound_nonlocals,
)
from lintseq.program import Lines, split_lines
from lintseq.recording import Event, Kind, Op, Record, record
from lintseq.resolution import Resolution, before_first_assignment
from lintseq.structure import NONE, Piece, Structure
from lintseq.syntax import parse


@dataclass(frozen=True, slots=True)
class Group:
    """All that is done with one name in the scopes in which it may mean the same."""

    name: str
    events: tuple[Event, ...]
    is_plain: bool
    """Whether a use is defined if, and only if, there is an assignment before it."""

    @classmethod
    def of(
        cls, name: str, events: Sequence[Event], kinds: Sequence[Kind], *, is_builtin: bool
    ) -> "Group":
        """The group of these events."""
        scopes = {scope for event in events for scope in _bound_scopes(event)}
        is_plain = (
            not is_builtin
            and len(scopes) == 1
            and not any(kinds[scope] is Kind.CLASS for scope in scopes)
            and all(map(_is_plain, events))
        )
        return cls(name, tuple(events), is_plain)


def _is_plain(event: Event) -> bool:
    match event.op:
        case Op.LOAD:
            return not (event.starred or event.forgiven or event.excuses)
        case Op.BIND:
            return not event.weak
        case _:
            return False


_FUTURE = "from __future__ import annotations\n"


class NameIndex:
    """Which lines matter to which names, by one pass over a text."""

    def __init__(self, made: Record, lines: Lines) -> None:
        self.record = made
        self.groups: list[Group] = []
        self.groups_of_name: dict[str, list[int]] = {}
        self.groups_of_line: dict[int, list[int]] = {}
        """The groups in which something may become undefined when the line leaves."""
        self._lines = lines
        self._same: dict[tuple[int, ...], bool] = {}
        for name, events in _by_name(made.events).items():
            is_builtin = name in made.builtins
            for group in _connected(events, made.kinds, is_builtin=is_builtin):
                self._add(Group.of(name, group, made.kinds, is_builtin=is_builtin), is_builtin)

    def undefined(self, number: int, present: Sequence[int]) -> tuple[Finding, ...]:
        """What pyflakes reports of the group when only the lines `present` are left."""
        group = self.groups[number]
        if group.is_plain:
            reports = before_first_assignment(group.events, present)
        else:
            player = Resolution(self.record.kinds, is_builtin=group.name in self.record.builtins)
            reports = player.play(group.events, present)
        return tuple(
            Finding(each.kind, group.name, each.line)
            for each in reports
            if not has_waiver(self._lines[each.line])
        )

    def means_the_same(self, piece: Piece, left: Alone) -> bool:
        """Whether what is left of a statement does, alone, what it did with the rest."""
        key = tuple(left.kept)
        if key not in self._same:
            self._same[key] = self._compare(piece, left)
        return self._same[key]

    def _compare(self, piece: Piece, left: Alone) -> bool:
        future = _FUTURE if self.record.postpones else "\n"
        origin = [NONE] * (1 + left.above) + [*left.kept, NONE, NONE, NONE]
        made = record(ast.parse(future + left.text), "", origin)
        findings = findings_of(made.messages, split_lines(future + left.text))
        around = range(piece.first, piece.last + 1)
        before = [event for line in around for event in self._events_of_line.get(line, ())]
        outermost = min((len(event.scopes) for event in before), default=0)
        kept = set(left.kept)
        return all(each.kind.startswith("Undefined") for each in findings) and _essence(
            made.events, kept, _depth_of_landmark(made.events)
        ) == _essence(before, kept, outermost)

    @cached_property
    def _events_of_line(self) -> dict[int, list[Event]]:
        events: dict[int, list[Event]] = {}
        for event in self.record.events:
            events.setdefault(event.line, []).append(event)
        return events

    def _add(self, group: Group, is_builtin: bool) -> None:
        number = len(self.groups)
        self.groups.append(group)
        self.groups_of_name.setdefault(group.name, []).append(number)
        all_matter = _has_local_check(group, self.record.kinds, is_builtin=is_builtin)
        matter = {
            line
            for event in group.events
            for line in (event.excuses if event.op is Op.LOAD and not all_matter else (event.line,))
        }
        matter |= {line for event in group.events for line in event.excuses}
        for line in matter:
            self.groups_of_line.setdefault(line, []).append(number)


def _depth_of_landmark(events: Iterable[Event]) -> int:
    return next(
        len(event.scopes)
        for event in events
        if event.op is Op.LOAD and event.line == NONE and event.name == LANDMARK
    )


def _essence(
    events: Iterable[Event], lines: Container[int], depth: int
) -> list[tuple[Op, str, int, bool, int]]:
    """What is done in turn with which name on these lines, in how many scopes below `depth`."""
    return [
        (event.op, event.name, event.line, event.postponed, len(event.scopes) - depth)
        for event in events
        if event.line in lines
    ]


def _by_name(events: Iterable[Event]) -> dict[str, list[Event]]:
    result: dict[str, list[Event]] = {}
    for event in events:
        result.setdefault(event.name, []).append(event)
    return result


def _connected(
    events: Sequence[Event], kinds: Sequence[Kind], *, is_builtin: bool
) -> Iterable[list[Event]]:
    """The events of one name, apart where they cannot concern each other.

    Two do if a scope that binds the name is around both.
    """
    bound = {scope for event in events for scope in _bound_scopes(event)}
    if not bound:
        return () if is_builtin else (list(events),)
    parent = {scope: scope for scope in bound}

    def root(scope: int) -> int:
        while parent[scope] != scope:
            scope = parent[scope]
        return scope

    around = [[scope for scope in event.scopes if scope in bound] for event in events]
    for scopes in around:
        for scope in scopes[1:]:
            parent[root(scope)] = root(scopes[0])
    groups: dict[int, list[Event]] = {}
    for event, scopes in zip(events, around, strict=True):
        if scopes or not is_builtin:
            groups.setdefault(root(scopes[0]) if scopes else -1, []).append(event)
    return groups.values()


def _bound_scopes(event: Event) -> tuple[int, ...]:
    match event.op:
        case Op.LOAD:
            return ()
        case Op.BIND | Op.ANNOTATE:
            return (event.target, event.scopes[-1])
        case Op.DECLARE:
            return event.scopes
        case _:
            return event.scopes[-1:]


def _has_local_check(group: Group, kinds: Sequence[Kind], *, is_builtin: bool) -> bool:
    """Whether a use may be reported once a later one is gone (UndefinedLocal)."""
    if not any(event.checks or event.op is Op.ENTER for event in group.events):
        return False
    scopes = {scope for event in group.events for scope in _bound_scopes(event)}
    return is_builtin or len(scopes) > 1


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is left of a program at some point, and what pyflakes does there."""

    lines: Lines
    """Of the whole program; so are all line numbers."""
    structure: Structure
    linter: Pyflakes
    index: NameIndex
    findings: tuple[Finding, ...]
    found: Mapping[int, tuple[Finding, ...]]
    """Those about undefined names, by the number of their group."""

    @classmethod
    def of(
        cls,
        tree: ast.Module,
        lines: Lines,
        structure: Structure,
        linter: Pyflakes,
        kept: Sequence[int],
    ) -> "Indexed":
        """The lines `kept`, whose tree is `tree`.

        Raises:
            LimitError: they are nested too deeply for the linter.
        """
        made = record(tree, linter.filename, kept)
        text = tuple([lines[line] for line in kept])
        found_in_text = (*findings_of(made.messages, text), *unbound_nonlocals(tree, text))
        findings = tuple(replace(each, line=kept[each.line]) for each in found_in_text)
        index = NameIndex(made, lines)
        present = bytearray(len(lines))
        for line in kept:
            present[line] = 1
        found = {
            number: index.undefined(number, present)
            for name in {finding.name for finding in findings}
            for number in index.groups_of_name.get(name, ())
        }
        return cls(lines, structure, linter, index, findings, found)

    def of_what_is_left(self, present: bytearray) -> "Indexed":
        """The same for fewer lines, which parse since they are those of whole statements.

        Raises:
            LimitError: they are nested too deeply for the linter.
        """
        kept = [line for line, is_left in enumerate(present) if is_left]
        tree = parse("".join([self.lines[line] for line in kept]))
        return Indexed.of(tree, self.lines, self.structure, self.linter, kept)

    def means_the_same(self, number: int, present: bytearray) -> bool:
        """Whether what is left of a torn piece does with names what it did, less what is gone."""
        piece = self.structure.pieces[number]
        return self.index.means_the_same(piece, alone(self.lines, piece, present))


class NameWatch:
    """Follows the findings of pyflakes as lines leave; see `lintseq.closure.Watch`."""

    def __init__(
        self,
        program: Indexed,
        baseline: Sequence[Finding],
        present: bytearray,
    ) -> None:
        self._program, self._baseline, self._present = program, baseline, present
        self._index = program.index
        self._found = dict(program.found)

    def after(self, departure: Departure) -> Sequence[int]:
        """The lines with new findings, now that these have left."""
        index = self._index
        if not index.record.decisive.isdisjoint(departure.lines) or any(
            not self._program.means_the_same(number, self._present) for number in departure.torn
        ):
            return self._look_again()
        groups = {
            number for line in departure.lines for number in index.groups_of_line.get(line, ())
        }
        for number in groups:
            self._found[number] = index.undefined(number, self._present)
        return [
            finding.line
            for name in {index.groups[number].name for number in groups}
            for finding in self._excess(name)
        ]

    def _excess(self, name: str) -> tuple[Finding, ...]:
        findings = [
            finding
            for number in self._index.groups_of_name[name]
            for finding in self._found.get(number, ())
            if self._present[finding.line]
        ]
        if not findings:
            return ()
        return added(self._baseline, sorted(findings, key=lambda finding: finding.line))

    def _look_again(self) -> Sequence[int]:
        """Make a new pass over what is left."""
        again = self._program.of_what_is_left(self._present)
        self._program, self._index, self._found = again, again.index, dict(again.found)
        return [finding.line for finding in added(self._baseline, again.findings)]
