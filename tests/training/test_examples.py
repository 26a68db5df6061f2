"""The mixture of tasks, and instruction pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lintseq.examples import MAKERS, Example
from lintseq.format import Special
from tests.training.modules import MODULES
from tests.training.rows import read_rows
from training.corpus.document import document_writer
from training.examples import (
    PRETRAINING,
    ExamplesConfig,
    build_examples,
    examples_of,
    tokenize,
)
from training.tokenizer import TokenizerConfig, load_tokenizer, train_tokenizer

DIFF, END = Special.DIFF, Special.END


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "documents-0.jsonl.gz"
    with document_writer(path) as write:
        for module in MODULES:
            write(module)
    return path


@pytest.fixture(scope="module")
def tokenizer(corpus: Path) -> Path:
    output = corpus.with_name("tokenizer.json")
    train_tokenizer(TokenizerConfig((corpus,), output, vocabulary=400))
    return output


def config(corpus: Path, **changes: Any) -> ExamplesConfig:  # noqa: ANN401
    given = ExamplesConfig((corpus,), corpus.with_name("tokenizer.json"), corpus.with_name("rows"))
    return replace(given, **changes)


def test_any_number_of_processes_writes_the_same_rows(
    corpus: Path, tokenizer: Path, tmp_path: Path
) -> None:
    rows = []
    for jobs in (1, 2):
        output = tmp_path / str(jobs)
        meta = build_examples(
            config(corpus, tokenizer=tokenizer, output=output, jobs=jobs, characters=6000)
        )
        assert meta.examples > len(MODULES)
        packed = read_rows(output)
        rows.append([bytes(each) for each in (packed.tokens, packed.mask, packed.begins)])
    assert rows[0] == rows[1]


def test_the_weights_are_respected(corpus: Path) -> None:
    weights = {"cursor": 0.75, "source": 0.25}
    counts = counted(config(corpus, weights=weights, characters=300))
    assert set(counts) == set(weights)
    assert 0.65 < counts["cursor"] / counts.total() < 0.85


def test_pretraining_has_every_task(corpus: Path) -> None:
    assert set(PRETRAINING) == set(MAKERS) == set(counted(config(corpus, characters=300)))
    assert sum(PRETRAINING.values()) == pytest.approx(1)


def test_a_seed_gives_other_examples(corpus: Path) -> None:
    first, other = (list(examples_of(MODULES[0], config(corpus, seed=seed))) for seed in (1, 2))
    assert first == list(examples_of(MODULES[0], config(corpus, seed=1)))
    assert first != other


def counted(given: ExamplesConfig) -> Counter[str]:
    return Counter(example.task for module in MODULES for example in examples_of(module, given))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weights": {"curser": 1.0}}, r"tasks are cursor, .*got \['curser'\]"),
        ({"characters": 0}, "characters >= 1"),
        ({"jobs": 0}, "jobs >= 1"),
        ({"share": 0.0}, "0 < share <= 1"),
    ],
)
def test_a_mixture_out_of_form(corpus: Path, changes: Mapping[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        config(corpus, **changes)


def test_masks(tokenizer: Path) -> None:
    loaded = load_tokenizer(tokenizer)
    example = Example("cursor", ("do\n", DIFF), ("@@ -0,0 +1 @@\n+x\n", DIFF, END))
    prompt = loaded.encode_segments(example.prompt)
    answer = loaded.encode_segments(example.answer)
    ((tokens, learned),) = tokenize([example], loaded, "all")
    assert tokens == prompt + answer
    assert list(learned) == [True] * len(tokens)
    ((tokens, learned),) = tokenize([example], loaded, "answer")
    assert tokens == prompt + answer
    assert list(learned) == [False] * len(prompt) + [True] * len(answer)
