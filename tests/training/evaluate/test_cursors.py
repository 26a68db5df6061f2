import io
import tokenize

from tests.training.evaluate.oracle import SHOP, documents
from training.evaluate.cursors import random_cursors


def test_a_cursor_and_what_was_written_are_the_document() -> None:
    texts = {document.sha256: document.text for document in documents()}
    cursors = random_cursors(documents(), 30, seed=0)
    assert len(cursors) == 30
    for cursor in cursors:
        lines = cursor.text.split("\n")
        assert cursor.character == len(lines[cursor.line])
        assert cursor.written.strip()
        lines[cursor.line] += cursor.written
        assert "\n".join(lines) == texts[cursor.document]


def test_no_cursor_is_in_a_string_or_a_comment() -> None:
    inside = {
        (line, character)
        for token in tokenize.generate_tokens(io.StringIO(SHOP).readline)
        if token.type in (tokenize.STRING, tokenize.COMMENT)
        for line in range(token.start[0], token.end[0] + 1)
        for character in range(token.start[1] + 1, token.end[1])
    }
    places = {(c.line + 1, c.character) for c in random_cursors(documents(300), 900, seed=1)}
    assert len(places) > 100
    assert not places & inside


def test_cursors_depend_on_the_seed_alone() -> None:
    assert random_cursors(documents(), 9, 3) == random_cursors(documents(), 9, 3)
    assert random_cursors(documents(), 9, 3) != random_cursors(documents(), 9, 4)
    assert set(random_cursors(documents(), 5, 3)) <= set(random_cursors(documents(), 9, 3))


def test_cursors_noop() -> None:
    broken = [type(one)(one.package, one.path, "MIT", "'''") for one in documents(2)]
    short = [type(one)(one.package, one.path, "MIT", "x = 1\n") for one in documents(2)]
    assert random_cursors(broken + short, 9, 0) == []
