from dataclasses import replace

import pytest

from lintseq.infer.ghost import Ghost
from server.changes import Change
from server.habits import Habits
from server.snooze import Snooze

TEXT = "def f(first):\n    return \n"
AT = TEXT.index("return ") + len("return ")


class Typist:
    """A text, what is shown in it, and what is remembered of it."""

    def __init__(self, text: str = TEXT) -> None:
        self.text = text
        self.ghost: Ghost | None = None
        self.habits = Habits()

    def show(self, shown: str, at: int = AT) -> None:
        self.ghost = Ghost(self.text, at, shown, 1.0)

    def write(self, text: str, at: int, removed: int = 0) -> None:
        change = Change(at, at + removed, text)
        after = self.text[:at] + text + self.text[at + removed :]
        self.habits = self.habits.after(change, self.text, after, self.ghost)
        if self.ghost and self.ghost.after_typing(after, at + len(text)) is None:
            self.ghost = None
        self.text = after

    def unwanted(self, at: int = AT) -> frozenset[str]:
        return self.habits.unwanted_at(self.text, at)


def test_typing_is_not_quiet_and_rejects_nothing() -> None:
    typist = Typist()
    typist.show("first")
    for number, letter in enumerate("first"):
        typist.write(letter, AT + number)
        assert typist.habits.quiet == ""
    assert typist.unwanted() == frozenset()


def test_typing_something_else_rejects_what_was_shown() -> None:
    typist = Typist()
    typist.show("first")
    typist.write("f", AT)
    typist.write("o", AT + 1)
    assert typist.unwanted() == {"return first"}
    # In another place the same line is another matter.
    assert typist.unwanted(0) == frozenset()
    assert typist.habits.quiet == ""


def test_a_change_elsewhere_rejects_nothing() -> None:
    typist = Typist()
    typist.show("first")
    typist.write("g", 4, removed=1)
    assert typist.habits.rejections == ()


@pytest.mark.parametrize("removed", ["first", "first + 1"])
def test_taking_back_what_was_accepted_rejects_it(removed: str) -> None:
    typist = Typist()
    typist.show(removed)
    typist.write(removed, AT)
    assert typist.habits.accepted is not None
    typist.write("", AT, removed=len(removed))
    assert typist.habits.quiet == "right after an undo" if removed else ""
    assert f"return {removed}" in typist.unwanted()
    typist.write("x", AT)
    assert typist.habits.quiet == ""
    assert f"return {removed}" in typist.unwanted()


def test_a_deletion_is_quiet_until_something_is_typed() -> None:
    typist = Typist()
    typist.write("1", AT)
    typist.write("", 0, removed=3)
    assert typist.habits.quiet == "right after a deletion"
    typist.write("d", 0)
    assert typist.habits.quiet == ""


def test_one_letter_typed_again_is_no_undo() -> None:
    typist = Typist()
    typist.write("a", AT)
    typist.write("", AT, removed=1)
    typist.write("a", AT)
    assert typist.habits.quiet == ""


def test_a_line_that_was_taken_apart_does_not_come_back() -> None:
    typist = Typist("def f(first):\n    return first\n")
    typist.write("", AT, removed=5)
    typist.write("x", AT)
    assert "return first" in typist.unwanted()


def test_a_replacement_that_grows_is_typing() -> None:
    typist = Typist()
    typist.write("fi", AT)
    typist.write("first", AT, removed=2)
    assert typist.habits.quiet == ""


def test_said_rejections_count_and_what_is_kept_is_bounded() -> None:
    typist = Typist()
    for number in range(300):
        ghost = Ghost(TEXT, AT, f"{number}", 1.0)
        typist.habits = typist.habits.rejected(ghost)
    assert "return 299" in typist.unwanted()
    assert len(typist.habits.rejections) == 200
    for _ in range(100):
        typist.write("x", 0)
    assert len(typist.habits.texts) == 50


def test_rejections_at_the_top_of_a_file() -> None:
    typist = Typist("\n")
    typist.ghost = replace(Ghost("\n", 0, "import os", 1.0))
    typist.write("x", 0)
    assert typist.unwanted(1) == {"import os"}


def test_a_snooze_is_over_by_itself() -> None:
    times = [1000.0]
    snooze = Snooze(lambda: times[-1])
    ends: list[float | None] = []
    for minutes, now in ((None, 1000.0), (10, 1000.0), (None, 1600.0), (0, 1600.0)):
        if minutes is not None:
            snooze.begin(minutes)
        times.append(now)
        ends.append(snooze.until.timestamp() if snooze.until else None)
    assert ends == [None, 1600.0, None, None]
