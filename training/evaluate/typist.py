"""A simulated user: types a passage, sees what a threshold lets through, and takes what is right.

The user reads everything, at once, and never errs. What is right to the end of its last line is
accepted with one key; what is not, is typed past. `by_word` is another user, who also takes the
first words of a text as long as they are right, with a key for each. The user of a real editor
does less: the figures compare models and thresholds.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from training.evaluate.keystrokes import Proposed, Replay, is_right
from training.evaluate.passages import Passage

_WORD = re.compile(r"\s*(?:\w+|[^\w\s]+)")


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened while passages were typed."""

    characters: int = 0
    """Characters of the passages, without newlines and indentation."""
    completed: int = 0
    """Those of them that were accepted and not typed."""
    keys: int = 0
    """Keys pressed: for characters, new lines and acceptances."""
    keys_unaided: int = 0
    """Keys that it takes without any help."""
    shown: int = 0
    """Texts that appeared. One that stays while it is typed along counts once."""
    right: int = 0
    """Those of them that were right as a whole."""
    visible: int = 0
    """Keys that were pressed while something was shown."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            characters=self.characters + other.characters,
            completed=self.completed + other.completed,
            keys=self.keys + other.keys,
            keys_unaided=self.keys_unaided + other.keys_unaided,
            shown=self.shown + other.shown,
            right=self.right + other.right,
            visible=self.visible + other.visible,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A beginning of what is shown that the user accepts."""

    length: int = 0
    """In characters of the passage."""
    keys: int = 0


Accept = Callable[[Passage, int, str], Taken]


def as_a_whole(passage: Passage, place: int, shown: str) -> Taken:
    """All of what is shown, if it is right."""
    if not is_right(passage, place, shown):
        return Taken()
    return Taken(len("\n".join(line.rstrip() for line in shown.split("\n"))), 1)


def by_word(passage: Passage, place: int, shown: str) -> Taken:
    """All of what is shown if it is right, else its first words as long as they are right."""
    if is_right(passage, place, shown):
        return as_a_whole(passage, place, shown)
    taken = Taken()
    ahead = _WORD.finditer(passage.written, place)
    for word, wanted in zip(_WORD.finditer(shown), ahead, strict=False):
        if word[0] != wanted[0]:
            break
        taken = Taken(word.end(), taken.keys + 1)
    return taken


def type_out(replay: Replay, threshold: float, accept: Accept = as_a_whole) -> Tally:
    """What happens when the passage is typed and texts of this confidence or more are shown."""
    passage = replay.passage
    places = passage.places()
    tally = Tally(characters=passage.characters(), keys_unaided=len(places) - 1)
    screen = _Screen()
    number = 0
    while number < len(places):
        place = places[number]
        if number > screen.until:
            screen = _fresh(replay, number, place, threshold)
            tally += screen.appeared(passage)
        taken = accept(passage, place, screen.rest(place)) if number <= screen.until else Taken()
        visible = int(number <= screen.until)
        if taken.length:
            behind = place + taken.length
            completed = passage.characters(place, behind)
            tally += Tally(completed=completed, keys=taken.keys, visible=visible)
            number = places.index(behind)
        else:
            # Behind the last place there is nothing more to type.
            tally += Tally(keys=int(number < len(places) - 1), visible=visible)
            number += 1
    return tally


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())


@dataclass(frozen=True, slots=True)
class _Screen:
    """What is shown from the place where it appeared up to the place with the number `until`."""

    shown: Proposed | None = None
    place: int = 0
    until: int = -1

    def appeared(self, passage: Passage) -> Tally:
        if self.shown is None:
            return Tally()
        return Tally(shown=1, right=int(is_right(passage, self.place, self.shown.shown)))

    def rest(self, place: int) -> str:
        return self.shown.shown[place - self.place :] if self.shown else ""


def _fresh(replay: Replay, number: int, place: int, threshold: float) -> _Screen:
    proposed = replay.keys[place].proposed
    if proposed is None or proposed.confidence < threshold:
        return _Screen()
    return _Screen(proposed, place, number + proposed.lasting)
