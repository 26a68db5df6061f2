"""Tables, plots and excerpts of a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.checkpoints import write_tokenizer
from training.__main__ import main
from training.corpus.build import CorpusConfig, build_corpus
from training.corpus.describe import DescribeConfig, describe
from training.corpus.document import Document, read_documents
from training.corpus.excerpts import MOST_LINES, Drawn, document_excerpt, function_excerpt
from training.corpus.plan import Sources
from training.tokenizer import load_tokenizer

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this"


def document(number: int, name: str = "part") -> str:
    return "".join(
        f"def {name}_{number}_{place}(first, other):\n"
        f'    """Weigh the {name} {number} of two parts against each other."""\n'
        f"    {name}{number} = first.{name} * {place}\n"
        f"    return {name}{number} + other{number}\n\n\n"
        for place in range(9)
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    source = tmp_path / "project"
    source.mkdir()
    (source / "LICENSE").write_text(MIT)
    for number in range(12):
        (source / f"m{number}.py").write_text(document(number, f"part{number:03}" * 3))
    build_corpus(CorpusConfig(Sources((source,)), tmp_path / "corpus"))
    return tmp_path / "corpus"


def test_figures(corpus: Path, tmp_path: Path) -> None:
    write_tokenizer(tmp_path / "tokenizer.json")
    loaded = load_tokenizer(tmp_path / "tokenizer.json")
    texts = [each.text for each in read_documents(corpus)]
    found = describe(DescribeConfig(corpus, tmp_path / "tokenizer.json", samples=3))
    assert found.tokens == sum(len(loaded.encode_text(text)) for text in texts)
    assert found.token_bytes == sum(len(text.encode()) for text in texts)
    assert list(found.column("lines")) == [text.count("\n") for text in texts]
    assert list(found.column("described")) == [9] * len(texts)
    assert found.distinct_functions == 9 * len(texts)
    assert (len(found.documents), len(found.functions)) == (3, 3)
    part = describe(DescribeConfig(corpus, tmp_path / "tokenizer.json", token_share=0.5))
    assert part.tokens is not None
    assert 0 < part.tokens < found.tokens
    assert part.documents == ()


def test_the_same_documents_are_drawn_in_any_order(corpus: Path) -> None:
    documents = list(read_documents(corpus))
    drawn = []
    for order in (documents, documents[::-1], [*documents[5:], *documents[:5]]):
        some = Drawn(4, "document")
        for each in order:
            some.offer(each)
        drawn.append([each.path for each in some.taken()])
    assert drawn[0] == drawn[1] == drawn[2]
    assert len(set(drawn[0])) == 4
    none = Drawn(0, "document")
    none.offer(documents[0])
    assert none.taken() == []


def test_excerpts_are_short() -> None:
    whole = Document("owner+name", "a/b.py", "MIT", document(1), "1.0")
    excerpt = document_excerpt(whole)
    assert excerpt.title == "owner+name, `a/b.py` (MIT)"
    assert len(excerpt.text.split("\n")) <= MOST_LINES + 1
    function = function_excerpt(whole)
    assert function is not None
    assert function.instruction.startswith("Weigh the part 1 of two parts")
    assert '"""' not in function.text
    text = 'def f(\n    x,\n):\n    """Weigh both parts of it."""\n    y = x\n    return y\n'
    long = function_excerpt(Document("p", "a.py", "MIT", text))
    assert long is not None
    assert long.text == "def f(\n    x,\n):\n    y = x\n    return y"
    assert function_excerpt(Document("p", "a.py", "MIT", "x = 1\n")) is None


def test_the_command(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.jsonl"
    record = {"instruction": "Say hi.", "code": "print('hi')\n", "source": "s", "license": "MIT"}
    pairs.write_text(json.dumps(record) + "\n")
    plot, table, excerpts = (tmp_path / name for name in ("plot.png", "all.csv", "excerpts.md"))
    words = ["--plots", str(plot), "--projects", str(table), "--excerpts", str(excerpts)]
    assert main(["corpus", "describe", str(corpus), *words, "--pairs", str(pairs)]) == 0
    printed = capsys.readouterr().out
    assert "| documents kept | 12 |" in printed
    assert "| MIT | 12 |" in printed
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert "project,directory,,MIT,0,12,12," in table.read_text()
    shown = excerpts.read_text()
    assert shown.count("\n1. ") == 3
    assert "> Say hi.\n\n````python\nprint('hi')\n````" in shown


@pytest.mark.parametrize(
    ("line", "message"), [("{}", "line 1: no pair"), ("no JSON", "line 1: no pair")]
)
def test_no_pairs(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    (tmp_path / "pairs.jsonl").write_text(line + "\n")
    words = ["--excerpts", str(tmp_path / "e.md"), "--pairs", str(tmp_path / "pairs.jsonl")]
    assert main(["corpus", "describe", str(corpus), *words]) == 2
    assert message in capsys.readouterr().err


def test_bad_configs(tmp_path: Path) -> None:
    for changes in ({"token_share": 0.0}, {"jobs": 0}, {"samples": -1}):
        with pytest.raises(ValueError, match="need 0 < token_share"):
            DescribeConfig(tmp_path, **changes)
