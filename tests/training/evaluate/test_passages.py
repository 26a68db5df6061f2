import textwrap
from itertools import pairwise

import pytest

from lintseq.syntax import parse_module
from tests.training.evaluate.oracle import documents
from training.corpus.document import Document
from training.evaluate.passages import Passage, passages

PASSAGE = Passage("0" * 64, "import os\n", "if os:\n    x = 1\n\n    y = 2", "z = 3\n")


def test_a_passage_and_what_is_around_it_are_the_document() -> None:
    texts = {document.sha256: document.text for document in documents()}
    for passage in passages(documents(), 50, 8, seed=0):
        typed = passage.written + "\n"
        assert passage.before + typed + passage.after == texts[passage.document]
        assert passage.written[:1].strip() or passage.written[:1] == " "


def test_passages_share_no_line() -> None:
    found = passages(documents(1), 50, 6, seed=0)
    spans = sorted((p.before.count("\n"), p.before.count("\n") + lines_of(p)) for p in found)
    assert len(found) > 3
    assert all(stop <= start for (_, stop), (start, _) in pairwise(spans))


@pytest.mark.parametrize("length", [1, 2, 3, 6, 12, 36])
def test_a_passage_is_some_whole_statements_of_one_block(length: int) -> None:
    found = passages(documents(1), 50, length, seed=0)
    assert found
    for passage in found:
        assert length / 2 <= lines_of(passage) <= 2 * length
        assert parse_module(textwrap.dedent(passage.written + "\n")) is not None
        indentation = " " * (len(passage.written) - len(passage.written.lstrip()))
        assert parse_module(f"{passage.before}{indentation}pass\n{passage.after}") is not None


def test_nothing_follows_a_passage_that_is_alone() -> None:
    alone = passages(documents(), 9, 5, seed=0, alone=True)
    within = passages(documents(), 9, 5, seed=0)
    assert [p.written for p in alone] == [p.written for p in within]
    assert [p.after for p in alone] == [""] * 9


def test_passages_depend_on_the_seed_alone() -> None:
    assert passages(documents(), 9, 8, 3) == passages(documents(), 9, 8, 3)
    assert passages(documents(), 9, 8, 3) != passages(documents(), 9, 8, 4)


@pytest.mark.parametrize("text", ["", "def f(:\n", "x = 1\r\ny = 2\r\n"])
def test_passages_noop(text: str) -> None:
    assert passages([Document("p", "a.py", "MIT", text)], 9, 8, 0) == []


def test_every_character_is_typed_but_the_indentation() -> None:
    states = [PASSAGE.state(place) for place in PASSAGE.places()]
    lines = [state.text.split("\n")[state.line] for state in states]
    # Six characters and the place in front of them, then five, then an empty line, then five.
    assert len(states) == 7 + 6 + 1 + 6
    assert lines[:3] == ["", "i", "if"]
    assert lines[6:9] == ["if os:", "    ", "    x"]
    assert all(state.character == len(line) for state, line in zip(states, lines, strict=True))
    assert states[0].text == "import os\n\nz = 3\n"
    assert states[-1].text == "import os\nif os:\n    x = 1\n\n    y = 2\nz = 3\n"


def test_an_empty_line_is_indented_like_the_one_above() -> None:
    state = PASSAGE.state(PASSAGE.written.index("\n\n") + 1)
    assert state.text == "import os\nif os:\n    x = 1\n    \nz = 3\n"
    assert state.text[: state.offset].endswith("x = 1\n    ")


def test_offset() -> None:
    for place in PASSAGE.places():
        state = PASSAGE.state(place)
        assert state.text[state.offset :] == "\nz = 3\n"


def test_characters_are_without_newlines_and_indentation() -> None:
    assert PASSAGE.characters() == len("if os:x = 1y = 2")
    start = PASSAGE.written.index("= 1")
    assert PASSAGE.characters(start, len(PASSAGE.written)) == len("= 1y = 2")


def test_a_whole_file() -> None:
    (whole,) = passages(documents(1), 1, 36, seed=0)
    assert whole.written == documents(1)[0].text.rstrip("\n")
    assert (whole.before, whole.after) == ("", "")


def lines_of(passage: Passage) -> int:
    return passage.written.count("\n") + 1
