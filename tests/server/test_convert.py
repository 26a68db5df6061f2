import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from server.changes import Change
from server.convert import changed_text, line_and_character, positions, text_edits

UTF8, UTF16, UTF32 = (PositionCodec(kind) for kind in types.PositionEncodingKind)
CODECS = (UTF8, UTF16, UTF32)
TEXTS = st.text(st.sampled_from("ab \t\n\r\f\v\x1c\x85\u2028éñ€😋\u0301"), max_size=30)


@pytest.mark.parametrize(
    ("text", "offset", "line", "character"),
    [
        ("", 0, 0, 0),
        ("a\nb", 2, 1, 0),
        ("a\nb\n", 4, 2, 0),
        ("a\r\nb", 3, 1, 0),
        ("a\rb\nc", 2, 1, 0),
        ("a\rb\nc", 4, 2, 0),
        ("a\fb\u2028c\x85d", 7, 0, 7),
    ],
)
def test_lines_end_where_an_editor_ends_them(
    text: str, offset: int, line: int, character: int
) -> None:
    for codec in CODECS[2:]:
        places = positions(text, codec)
        assert places.position(offset) == types.Position(line, character)
        assert places.offset(types.Position(line, character)) == offset


@pytest.mark.parametrize(
    ("codec", "character"), [(UTF8, 4 + 3 + 1), (UTF16, 2 + 2 + 1), (UTF32, 1 + 2 + 1)]
)
def test_columns_count_units_of_the_encoding(codec: PositionCodec, character: int) -> None:
    text = "x\n😋e\u0301=1\n"
    places = positions(text, codec)
    assert places.position(6) == types.Position(1, character)
    assert places.offset(types.Position(1, character)) == 6


@pytest.mark.parametrize(
    ("position", "offset"),
    [
        ((0, 99), 1),
        ((1, 99), 4),
        ((7, 0), 5),
        ((1, 1), 3),
    ],
)
def test_a_position_outside_means_the_nearest_end(position: tuple[int, int], offset: int) -> None:
    assert positions("a\r\n😋\n", UTF16).offset(types.Position(*position)) == offset


@given(TEXTS, st.data())
def test_every_offset_survives_the_way_there_and_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    inside_line_end = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
    for codec in CODECS:
        places = positions(text, codec)
        back = places.offset(places.position(offset))
        assert back == (offset - 1 if inside_line_end else offset)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, (0, 0)),
        ("a\nb", 3, (1, 1)),
        ("a\nb\n", 4, (2, 0)),
        ("a\rb\nc", 3, (0, 3)),
        ("a\r\nb", 3, (1, 0)),
    ],
)
def test_lines_of_the_package_end_at_newlines_only(
    text: str, offset: int, expected: tuple[int, int]
) -> None:
    assert line_and_character(text, offset) == expected


def change(
    start: tuple[int, int], end: tuple[int, int], text: str
) -> types.TextDocumentContentChangePartial:
    area = types.Range(types.Position(*start), types.Position(*end))
    return types.TextDocumentContentChangePartial(range=area, text=text)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("", [change((0, 0), (0, 0), "x")], "x"),
        ("a\nb\n", [change((2, 0), (2, 0), "c")], "a\nb\nc"),
        ("a\nb\n", [change((0, 1), (1, 0), "")], "ab\n"),
        ("a\r\nb", [change((0, 1), (1, 0), "\n")], "a\nb"),
        ("a\rb", [change((1, 0), (1, 1), "c")], "a\rc"),
        ("a\fb\nc", [change((1, 0), (1, 1), "d")], "a\fb\nd"),
        ("😋b", [change((0, 2), (0, 3), "c")], "😋c"),
        ("ab", [change((0, 1), (0, 1), "X"), change((0, 2), (0, 2), "Y")], "aXYb"),
        ("ab", [types.TextDocumentContentChangeWholeDocument("new")], "new"),
        # Halves of a character, as an editor that keeps UTF-16 may write and delete them.
        ("", [change((0, 0), (0, 0), "\ud83d"), change((0, 1), (0, 1), "\ude0b")], "😋"),
        ("a😋b", [change((0, 2), (0, 3), "")], "a\ud83db"),
        ("a😋b", [change((0, 1), (0, 2), "")], "a\ude0bb"),
        ("😋😋", [change((0, 1), (0, 2), " ")], "\ud83d 😋"),
    ],
)
def test_changes_of_the_editor(
    before: str, changes: list[types.TextDocumentContentChangeEvent], after: str
) -> None:
    assert changed_text(before, changes, UTF16) == after


def test_no_changes_noop() -> None:
    assert changed_text("a\r\n", [], UTF16) == "a\r\n"


@given(TEXTS, TEXTS, st.data())
def test_text_edits_do_in_the_editor_what_the_change_says(
    text: str, new: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    starts_inside = start and text[start - 1 : start + 1] == "\r\n"
    ends_inside = end and text[end - 1 : end + 1] == "\r\n"
    if starts_inside or ends_inside:
        return
    for codec in CODECS:
        (edit,) = text_edits(positions(text, codec), [Change(start, end, new)])
        seen = [types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)]
        assert changed_text(text, seen, codec) == text[:start] + new + text[end:]
