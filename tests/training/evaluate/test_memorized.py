from pathlib import Path

import pytest

from tests.training.evaluate.oracle import SHOP, Oracle, documents
from training.corpus.document import Document
from training.evaluate.cursors import Cursor
from training.evaluate.lines import Outcome, ask_lines
from training.evaluate.memorized import long_suggestions, report_memorized
from training.evaluate.surroundings import Surroundings
from training.evaluate.word_matches import scan, stands_in, words_of

LONG = "one(two, three, four, five, six, seven, eight, nine, ten)"
LONGER = f"{LONG} + eleven"


def training(*texts: str) -> list[Document]:
    return [Document("p", f"{number}.py", "MIT", text) for number, text in enumerate(texts)]


def outcome(shown: str, written: str = "", text: str = "x = ", document: str = "0") -> Outcome:
    return Outcome(Cursor(document, text, 0, len(text.split("\n", maxsplit=1)[0]), written), shown)


def test_words() -> None:
    assert words_of("a_1 = 'b c' + é") == ("a_1", "b", "c", "é")


@pytest.mark.parametrize(
    ("text", "is_whole", "has_run"),
    [
        (f"x = {LONGER}\n", True, True),
        # What stands between the words does not count.
        (f"# {LONGER.replace(',', ' -')}", True, True),
        (f"{LONG} - twelve", False, True),
        ("zero(one, two, three, four, five, six, seven, eight, nine)", False, False),
        (LONGER.upper(), False, False),
        ("", False, False),
    ],
)
def test_scan(text: str, is_whole: bool, has_run: bool) -> None:
    (match,) = scan([words_of(LONGER)], training("y = 1\n", text)).matches
    assert (match.whole is not None, match.run is not None) == (is_whole, has_run)


def test_scan_finds_each_of_many_texts_and_counts() -> None:
    texts = [words_of(LONG), words_of(LONGER), words_of(SHOP)]
    found = scan(texts, training(SHOP, LONG, SHOP))
    assert [match.whole.path if match.whole else "" for match in found.matches] == [
        "1.py",
        "",
        "0.py",
    ]
    assert found.matches[1].run is not None
    assert (found.documents, found.words) == (3, 2 * len(words_of(SHOP)) + 10)
    assert scan([], training(SHOP)).matches == []


def test_scan_refuses_short_texts() -> None:
    with pytest.raises(ValueError, match="at least 10 words, got 2: a b"):
        scan([("a", "b")], [])


def test_stands_in() -> None:
    assert stands_in(("b", "c"), "a = b(c)")
    assert not stands_in(("b", "c"), "a = bb(c)")


def test_a_suggestion_begins_with_the_word_that_the_cursor_stands_in() -> None:
    (one,) = long_suggestions([outcome(f"al + {LONG}", f"al + 1 + {LONG}", "x = tot")])
    assert one.words == ("total", *words_of(LONG))
    assert one.written == ("total", "1", *words_of(LONG)[:9])
    assert long_suggestions([outcome("short")]) == []


def test_report() -> None:
    outcomes = [
        outcome(LONGER, LONG, document="a"),
        outcome(LONG, "1", f"x = \n{LONG}\n", document="b"),
        outcome(f"{LONG} - 2", f"{LONG} - 2", document="c"),
        outcome("short", document="d"),
        outcome("", document="e"),
    ]
    figures = report_memorized(outcomes, training("x = 1", LONGER))
    assert (figures.suggestions, figures.proposed) == (3, 4)
    assert figures.whole == pytest.approx(2 / 3)
    assert figures.whole_not_in_file == pytest.approx(1 / 3)
    assert figures.run == 1.0
    assert (figures.written_whole, figures.written_run) == (1 / 2, 1.0)
    assert [(e.shown, e.is_whole, e.path, e.is_in_file) for e in figures.examples] == [
        (LONGER, True, "1.py", False),
        (LONG, True, "1.py", True),
        (f"{LONG} - 2", False, "1.py", False),
    ]
    assert (figures.training_documents, figures.training_words) == (2, 2 + 11)


def test_an_engine_that_repeats_its_training_set_is_found_out() -> None:
    text = "left = right = 1\nresult = "
    shown = " + ".join(["left", "right"] * 6)
    engine = Oracle(lambda _: shown, Path("oracle.gguf"))
    outcomes = list(ask_lines(engine, [Cursor("0" * 64, text, 1, 9, "left")], Surroundings()))
    assert report_memorized(outcomes, training(f"x = {shown}\n")).whole == 1.0
    assert report_memorized(outcomes, documents()).whole == 0.0


def test_nothing_long() -> None:
    with pytest.raises(ValueError, match="need proposals of 10 words, got none at 1 cursors"):
        report_memorized([outcome("short")], [])
