import pytest

from training.evaluate.keystrokes import Key, Proposed, Replay, is_right
from training.evaluate.passages import Passage
from training.evaluate.typist import Taken, Tally, as_a_whole, by_word, total, type_out

LINE = Passage("0" * 64, "", "total = a + b", "")
TWO = Passage("0" * 64, "", "if a:\n    go(a)", "")


def replay(passage: Passage, proposed: dict[int, Proposed]) -> Replay:
    """The passage with proposals at some of its places."""
    return Replay(passage, {place: Key(proposed.get(place)) for place in passage.places()})


@pytest.mark.parametrize(
    ("passage", "place", "shown", "right"),
    [
        (LINE, 0, "total = a + b", True),
        (LINE, 5, " = a + b", True),
        (LINE, 5, " = a + b  ", True),
        (LINE, 5, " = a", False),
        (LINE, 5, " = a + b\nx", False),
        (LINE, 5, "= a + b", False),
        (TWO, 0, "if a:", True),
        (TWO, 0, "if a:\n    go(a)", True),
        (TWO, 0, "if a:\n    go(b)", False),
        (TWO, 5, "\n    go(a)", True),
    ],
)
def test_right(passage: Passage, place: int, shown: str, right: bool) -> None:
    assert is_right(passage, place, shown) is right


def test_without_help_every_character_and_newline_is_a_key() -> None:
    tally = type_out(replay(TWO, {}), 0.0)
    # The indentation comes by itself.
    assert tally == Tally(characters=10, keys=5 + 1 + 5, keys_unaided=11)


def test_what_is_right_is_accepted_with_one_key() -> None:
    tally = type_out(replay(LINE, {5: Proposed(" = a + b", 0.9)}), 0.5)
    assert tally == Tally(
        characters=13, completed=8, keys=5 + 1, keys_unaided=13, shown=1, right=1, visible=1
    )


def test_a_text_of_several_lines_is_accepted_with_one_key() -> None:
    tally = type_out(replay(TWO, {1: Proposed("f a:\n    go(a)", 0.9)}), 0.5)
    assert (tally.completed, tally.keys, tally.right) == (9, 2, 1)


@pytest.mark.parametrize(("threshold", "shown"), [(0.0, 1), (0.4, 1), (0.41, 0), (1.0, 0)])
def test_the_threshold_decides_what_is_shown(threshold: float, shown: int) -> None:
    tally = type_out(replay(LINE, {0: Proposed("total = a + b", 0.4)}), threshold)
    assert (tally.shown, tally.right, tally.completed) == (shown, shown, 13 * shown)


def test_what_is_wrong_is_typed_past() -> None:
    tally = type_out(replay(LINE, {0: Proposed("total = 0", 0.9, lasting=8)}), 0.5)
    assert tally == Tally(characters=13, keys=13, keys_unaided=13, shown=1, visible=9)


def test_nothing_new_appears_while_something_is_on_screen() -> None:
    proposed = {0: Proposed("total = 0", 0.9, lasting=8), 5: Proposed(" = a + b", 0.9)}
    assert type_out(replay(LINE, proposed), 0.5).completed == 0
    # From where the first one ends, the model is asked again.
    tally = type_out(replay(LINE, {**proposed, 9: Proposed(" + b", 0.6)}), 0.5)
    assert (tally.shown, tally.right, tally.completed, tally.keys) == (2, 1, 4, 10)
    # Had it not been shown, the second one would have been.
    quiet = {0: Proposed("total = 0", 0.4, lasting=8), 5: Proposed(" = a + b", 0.9)}
    assert type_out(replay(LINE, quiet), 0.5).completed == 8


def test_by_word_the_beginning_of_a_wrong_text_is_accepted() -> None:
    proposed = {0: Proposed("total = a - b", 0.9, lasting=10)}
    tally = type_out(replay(LINE, proposed), 0.5, by_word)
    assert (tally.completed, tally.keys) == (len("total = a"), 3 + 4)
    assert (tally.shown, tally.right) == (1, 0)


@pytest.mark.parametrize(
    ("place", "shown", "taken"),
    [
        (0, "total = a + b", Taken(13, 1)),
        (0, "total += a", Taken(5, 1)),
        (0, "totals = a", Taken()),
        (2, "tal = b", Taken(5, 2)),
        (13, "s", Taken()),
    ],
)
def test_by_word(place: int, shown: str, taken: Taken) -> None:
    assert by_word(LINE, place, shown) == taken


def test_as_a_whole() -> None:
    assert as_a_whole(LINE, 5, " = a + b ") == Taken(8, 1)
    assert as_a_whole(LINE, 5, " = a") == Taken()


def test_total() -> None:
    assert total([Tally(1, 2, 3, 4, 5, 6, 7)] * 2) == Tally(2, 4, 6, 8, 10, 12, 14)
    assert total([]) == Tally()
