"""The three ways to show a cursor, and how they are scored."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from lintseq.format import Special, text_of
from lintseq.program import Edit, EditSequence, Hunk
from lintseq.tasks import Snapshot, cursor_task
from training.corpus.document import Document, document_writer
from training.packing import Shards
from training.state_formats import FORMATS, Case, cases, score, write_format
from training.tokenizer import Tokenizer, TokenizerConfig, load_tokenizer, train_tokenizer

DIFF, END = Special.DIFF, Special.END
CASE = Case(Snapshot(0, ("a = 1\n", "b = 2\n"), ("e = 5\n",)), ("c = 3\n", "d = 4\n"))
EDITS = ("@@ -2,0 +3 @@\n+c = 3\n", DIFF, "@@ -3,0 +4 @@\n+d = 4\n", DIFF, "\n", DIFF, END)
TEXT = "".join(f"def area{n}(radius):\n    return 3.14 * radius * {n}\n\n\n" for n in range(150))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "documents-0.jsonl.gz"
    with document_writer(path) as write:
        for number in range(3):
            write(Document("shapes", f"{number}.py", "MIT", f"{TEXT}NUMBER = {number}\n"))
    return path


@pytest.fixture(scope="module")
def tokenizer(corpus: Path) -> Path:
    output = corpus.with_name("tokenizer.json")
    train_tokenizer(TokenizerConfig((corpus,), output, vocabulary=400, share=1.0))
    return output


@pytest.mark.parametrize(
    ("name", "prompt", "answer"),
    [
        ("fim", ("a = 1\nb = 2\n", DIFF, "e = 5\n", DIFF), ("c = 3\nd = 4\n", END)),
        ("one", ("@@ -0,0 +1,3 @@\n+a = 1\n+b = 2\n+e = 5\n", DIFF), EDITS),
        (
            "two",
            ("@@ -0,0 +1 @@\n+e = 5\n", DIFF, "@@ -0,0 +1,2 @@\n+a = 1\n+b = 2\n", DIFF),
            EDITS,
        ),
    ],
)
def test_formats(name: str, prompt: tuple[str, ...], answer: tuple[str, ...]) -> None:
    example = FORMATS[name](CASE)
    assert example.task == name
    assert example.prompt == ("\n", DIFF, *prompt)
    assert example.answer == answer


def test_an_empty_state_is_no_insertion() -> None:
    case = Case(Snapshot(0, (), ()), ("x = 1\n",))
    assert FORMATS["one"](case).prompt == FORMATS["two"](case).prompt == ("\n", DIFF)


def test_two_is_what_the_editor_asks() -> None:
    text = "a = 1\nb = 2\n\ne = 5\n"
    assert FORMATS["two"](CASE).prompt == cursor_task(text, 2, 0).prompt()


def test_cases_stand_in_the_documents(corpus: Path) -> None:
    chosen = list(cases((corpus,), 0))
    assert chosen == list(cases((corpus,), 0)) != list(cases((corpus,), 1))
    assert len(chosen) == 3 * (len(TEXT) // 1500)
    for case in chosen:
        assert 1 <= len(case.missing) <= 6
        assert case.missing[0].strip()
        state = case.snapshot.before + case.snapshot.after
        edit = Edit((Hunk(len(case.snapshot.before), case.missing),))
        whole = "".join(EditSequence((edit,)).replay(state))
        assert whole in TEXT + "NUMBER = 0\n" or "NUMBER" in whole


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_cases_are_packed_in_every_format(
    name: str, corpus: Path, tokenizer: Path, tmp_path: Path
) -> None:
    meta = write_format(name, (corpus,), tokenizer, tmp_path, 9)
    assert meta.examples == 9
    assert meta.targets == meta.tokens
    assert len(Shards(tmp_path)) == meta.rows


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_scored_is_the_first_missing_line(name: str, corpus: Path, tokenizer: Path) -> None:
    loaded = load_tokenizer(tokenizer)
    judged: list[tuple[str, str]] = []

    def scorer(tokens: list[int], count: int) -> tuple[float, list[bool]]:
        judged.append((decoded(loaded, tokens[:-count]), decoded(loaded, tokens[-count:])))
        # Every fourth line is predicted, and of every second one all but its first token.
        return math.log(2), [len(judged) % 4 == 0, *[len(judged) % 2 == 0] * (count - 1)]

    figures = score(name, (corpus,), loaded, scorer, 8)
    expected = list(cases((corpus,), 1))[:8]
    for case, (known, wanted) in zip(expected, judged, strict=True):
        # The mark of an inserted line may be one token with the first word of the line.
        assert wanted.removeprefix("+") == case.missing[0]
        assert (known + wanted).startswith(text_of(FORMATS[name](case).prompt))
    size = sum(len(case.missing[0].encode()) for case in expected)
    assert (figures.cases, figures.exact, figures.exact_half) == (8, 0.25, 0.5)
    assert figures.bits_per_byte == pytest.approx(8 / size)


def test_scores_by_line(corpus: Path, tokenizer: Path) -> None:
    def scorer(tokens: list[int], count: int) -> tuple[float, list[bool]]:
        return 1.0, [len(tokens) > count + 200] * count

    loaded = load_tokenizer(tokenizer)
    figures = score("two", (corpus,), loaded, scorer, 30)
    chosen = list(cases((corpus,), 1))[:30]
    sizes = {
        key: sum(low <= len(case.snapshot.before) < high for case in chosen)
        for key, low, high in [
            *(("below 10", 0, 10), ("below 20", 10, 20), ("below 40", 20, 40)),
            ("40 and more", 40, 10**6),
        ]
    }
    assert set(figures.exact_half_by_line) == {key for key, size in sizes.items() if size}
    total = sum(figures.exact_half_by_line[key] * size for key, size in sizes.items() if size)
    assert total == pytest.approx(figures.exact_half * figures.cases)


def decoded(tokenizer: Tokenizer, tokens: list[int]) -> str:
    return text_of(tokenizer.decode(tokens))
