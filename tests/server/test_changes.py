import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq.program import Edit, EditSequence, Hunk, split_lines
from server.changes import Change, changes, combined

LINES = st.lists(st.sampled_from(["a\n", "b\r\n", "c\r\n", "\n", "d\re\n"]), max_size=6)


def sequence(*edits: tuple[tuple[int, str], ...]) -> EditSequence:
    return EditSequence(
        tuple(Edit(tuple(Hunk(at, split_lines(text)) for at, text in hunks)) for hunks in edits)
    )


def apply(text: str, wanted: tuple[Change, ...]) -> str:
    """The text after all changes; their offsets refer to `text`, ascending."""
    parts, copied = [], 0
    for change in wanted:
        parts += [text[copied : change.start], change.text]
        copied = change.end
    return "".join([*parts, text[copied:]])


def check(before: str, edits: EditSequence, after: str, expected: tuple[Change, ...]) -> None:
    found = changes(before, edits, after)
    assert found == expected
    assert apply(before, found) == after


@pytest.mark.parametrize(
    ("before", "edits", "after", "expected"),
    [
        ("", sequence(((0, "a\n"),)), "a\n", (Change(0, 0, "a\n"),)),
        ("a\n", sequence(((1, "b\n"),)), "a\nb\n", (Change(2, 2, "b\n"),)),
        (
            "a\nz\n",
            sequence(((0, "x\n"), (2, "y\n"))),
            "x\na\nz\ny\n",
            (Change(0, 0, "x\n"), Change(4, 4, "y\n")),
        ),
        # The second edit counts the lines that the first one inserted.
        (
            "a\nz\n",
            sequence(((1, "b\nd\n"),), ((2, "c\n"),)),
            "a\nb\nc\nd\nz\n",
            (Change(2, 2, "b\nc\nd\n"),),
        ),
    ],
)
def test_known_insertions_stay_insertions(
    before: str, edits: EditSequence, after: str, expected: tuple[Change, ...]
) -> None:
    check(before, edits, after, expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\npass\nz\n", "a\nbody\nz\n", (Change(2, 7, "body\n"),)),
        ("a", "a\nb", (Change(0, 1, "a\nb"),)),
        ("a\r\nb", "a\nb", (Change(0, 3, "a\n"),)),
        ("a\r", "a\r\n", (Change(0, 2, "a\r\n"),)),
    ],
)
def test_what_is_no_insertion_of_lines_changes_whole_lines(
    before: str, after: str, expected: tuple[Change, ...]
) -> None:
    check(before, EditSequence(), after, expected)


def test_the_same_text_noop() -> None:
    assert changes("a\n", EditSequence(), "a\n") == ()


@given(st.text("a\r\nb", max_size=12), st.text("a\r\nb", max_size=12))
def test_one_change_leads_from_any_text_to_any_other(before: str, after: str) -> None:
    found = changes(before, EditSequence(), after)
    assert apply(before, found) == after
    for change in found:
        for offset in (change.start, change.end):
            assert offset == 0 or before[offset - 1 : offset + 1] != "\r\n"


@given(LINES, st.data())
def test_a_combined_edit_does_what_the_sequence_does(lines: list[str], data: st.DataObject) -> None:
    edits, length = [], len(lines)
    for _ in range(data.draw(st.integers(0, 4))):
        inserted = tuple(data.draw(LINES.filter(bool)))
        edits.append(Edit((Hunk(data.draw(st.integers(0, length)), inserted),)))
        length += len(inserted)
    wanted = EditSequence(tuple(edits))
    start = tuple(lines)
    assert combined(wanted, len(lines)).apply(start) == wanted.replay(start)
