"""The stages of the corpus around its building: fetch, pack, examples; killed, and scanned."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.training.checkpoints import write_tokenizer
from training.__main__ import main
from training.corpus.build import CorpusConfig, build_corpus
from training.corpus.document import read_documents
from training.corpus.fetch import fetch
from training.corpus.pack import PackConfig, pack
from training.corpus.plan import Sources
from training.corpus.quality import Quality
from training.corpus.recipe import Pin
from training.examples import ExamplesConfig, build_examples, examples_of
from training.packing import Shards

ROOT = Path(__file__).parents[2]
SOLUTION = (
    "def total_above(rows, least):\n"
    '    """Add the amounts of all rows that lie above the least one."""\n'
    "    amounts = [row.amount for row in rows if row.amount > least]\n"
    "    return sum(amounts)\n"
)
LONGER = (
    "def running(rows, least):\n"
    "    total, totals = 0, []\n"
    "    for row in rows:\n"
    "        if row.amount > least and row.amount % 2 == 0:\n"
    "            total += row.amount * 3\n"
    "        totals.append(total)\n"
    "    return totals[::-1]\n"
)


def module(name: str) -> str:
    """A module of several functions like no other."""
    return "".join(
        f"def {name}_{number}(first, other):\n"
        f'    """Weigh the {name} of two parts against each other, {number} times."""\n'
        f"    {name} = first.{name} * {number}\n"
        f"    return {name} + other\n\n\n"
        for number in range(20)
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of four projects, whose packs are several."""
    for name in ("alpha", "beta", "gamma", "delta"):
        folder = tmp_path / "sources" / name
        folder.mkdir(parents=True)
        (folder / "m.py").write_text(module(name))
        (folder / "LICENSE").write_text(
            "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this"
        )
    trees = tuple(sorted((tmp_path / "sources").iterdir()))
    build_corpus(CorpusConfig(Sources(trees), tmp_path / "corpus"))
    return tmp_path / "corpus"


@pytest.fixture
def against(tmp_path: Path) -> Path:
    """An evaluation set of one problem."""
    folder = tmp_path / "evaluation"
    folder.mkdir()
    (folder / "set.jsonl").write_text(json.dumps({"prompt": SOLUTION}) + "\n")
    return folder


def contaminate(corpus: Path) -> None:
    """Put the solution into a document of a corpus that is built, past every filter."""
    path = corpus / "documents-0002.jsonl.gz"
    with gzip.open(path, "rt") as lines:
        record = json.loads(lines.read())
    record["text"] += SOLUTION
    del record["sha256"]
    with gzip.open(path, "wt") as lines:
        lines.write(json.dumps(record) + "\n")


def killed(code: str, *words: str | Path) -> None:
    """Run a program that kills itself."""
    command = [sys.executable, "-c", code, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_packs_read_like_the_corpus(corpus: Path, against: Path, tmp_path: Path) -> None:
    packs = pack(PackConfig(corpus, tmp_path / "packs", against))
    assert [each.name for each in packs] == ["documents-000-000.jsonl.xz"]
    assert packs[0].documents == 4
    assert list(read_documents(tmp_path / "packs")) == list(read_documents(corpus))


def test_a_contaminated_corpus_is_not_packed(
    corpus: Path, against: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contaminate(corpus)
    words = ["--output", str(tmp_path / "packs"), "--against", str(against)]
    assert main(["corpus", "pack", str(corpus), *words]) == 2
    error = capsys.readouterr().err
    assert "delta, m.py: wanted nothing of the evaluation sets, got a unit of one" in error
    assert not list((tmp_path / "packs").glob("*.xz"))


@pytest.mark.parametrize("words", [[], ["--every-function"]])
def test_no_rows_are_made_of_a_contaminated_corpus(
    corpus: Path,
    against: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    write_tokenizer(tmp_path / "tokenizer.json")
    command = ["examples", str(corpus), "--tokenizer", str(tmp_path / "tokenizer.json"), *words]
    output = ["--output", str(tmp_path / "rows"), "--against", str(against)]
    assert main([*command, *output]) == 0
    assert Shards(tmp_path / "rows").metas[0].examples
    contaminate(corpus)
    output = ["--output", str(tmp_path / "others"), "--against", str(against)]
    assert main([*command, *output]) == 2
    assert "delta, m.py: wanted nothing of the evaluation sets" in capsys.readouterr().err
    assert not (tmp_path / "others/meta.json").exists()


def test_contaminated_pairs_are_left_out_and_counted(
    against: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_tokenizer(tmp_path / "tokenizer.json")
    caplog.set_level("INFO")
    (against / "other.jsonl").write_text(json.dumps({"code": LONGER}) + "\n")
    renamed = LONGER.replace("total", "result").replace("row", "line").replace("least", "bound")
    codes = (SOLUTION, "print('hello')\n", renamed)
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text(
        "".join(json.dumps({"instruction": "Do.", "code": code}) + "\n" for code in codes)
    )
    command = ["examples", "--tokenizer", str(tmp_path / "tokenizer.json"), "--against"]
    output = ["--output", str(tmp_path / "rows"), "--instructions", str(pairs)]
    assert main([*command, str(against), *output]) == 0
    assert Shards(tmp_path / "rows").metas[0].examples == 1
    assert "1 pairs left out: ten words in a row of an evaluation set" in caplog.messages
    assert "1 pairs left out: a function of an evaluation set under other names" in caplog.messages


PACK_KILLED = """
import os, signal, sys
from pathlib import Path
from training.corpus import pack

def die(config, done):
    write_list(config, done)
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

write_list, pack._write_list, pack._GROUP_BYTES = pack._write_list, die, 1
if __name__ == "__main__":
    pack.pack(pack.PackConfig(*map(Path, sys.argv[1:])))
"""


def test_a_killed_pack_goes_on(
    corpus: Path, against: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.corpus.pack._GROUP_BYTES", 1)
    killed(PACK_KILLED, corpus, tmp_path / "packs", against)
    first = tmp_path / "packs/documents-000-000.jsonl.xz"
    written = first.stat().st_mtime_ns
    packs = pack(PackConfig(corpus, tmp_path / "packs", against))
    assert first.stat().st_mtime_ns == written
    assert len(packs) == 4
    assert packs == pack(PackConfig(corpus, tmp_path / "whole", against))
    assert bytes_below(tmp_path / "packs") == bytes_below(tmp_path / "whole")


def test_a_group_that_grew_is_packed_again(corpus: Path, against: Path, tmp_path: Path) -> None:
    whole = (corpus / "report.json").read_text()
    report = json.loads(whole)
    del report["shards"]["documents-0003.jsonl.gz"]
    (corpus / "report.json").write_text(json.dumps(report))
    packs = pack(PackConfig(corpus, tmp_path / "packs", against))
    assert [each.documents for each in packs] == [3]
    (corpus / "report.json").write_text(whole)
    packs = pack(PackConfig(corpus, tmp_path / "packs", against))
    assert [each.documents for each in packs] == [4]


EXAMPLES_KILLED = """
import os, signal, sys
from pathlib import Path
from training import examples, pieces

def die(make, batch, path):
    if len(list(path.parent.glob("*.npz"))) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    write(make, batch, path)

write, pieces._make, pieces._BATCH = pieces._make, die, 1
corpus, tokenizer, output = map(Path, sys.argv[1:])
examples.build_examples(examples.ExamplesConfig((corpus,), tokenizer, output))
"""


def test_killed_examples_go_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.pieces._BATCH", 1)
    tokenizer = tmp_path / "tokenizer.json"
    write_tokenizer(tokenizer)
    killed(EXAMPLES_KILLED, corpus, tokenizer, tmp_path / "rows")
    assert len(list((tmp_path / "rows/pieces").glob("*.npz"))) == 2
    for name in ("rows", "whole"):
        build_examples(ExamplesConfig((corpus,), tokenizer, tmp_path / name))
    assert not (tmp_path / "rows/pieces").exists()
    assert bytes_below(tmp_path / "rows") == bytes_below(tmp_path / "whole")


def test_equal_functions_count_once(corpus: Path, tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer.json"
    write_tokenizer(tokenizer)
    for name, files in (("once", (corpus,)), ("twice", (corpus, corpus))):
        given = ExamplesConfig(files, tokenizer, tmp_path / name, every_function=True)
        assert build_examples(given).examples == 80


def test_well_written_documents_give_more_examples(corpus: Path) -> None:
    (document, *_) = read_documents(corpus)
    counts = []
    for quality in (Quality(1, 1, 0.1, 0, False, 0), Quality(0, 0, 0, 0.1, True, 0)):
        given = ExamplesConfig((corpus,), Path(), Path(), by_quality=True, characters=100)
        made = examples_of(dataclasses.replace(document, quality=quality), given)
        counts.append(sum(1 for _ in made))
    assert counts[0] > 4 * counts[1] > 0


FETCH_KILLED = """
import os, signal, sys
from pathlib import Path
from training.corpus import fetch
from tests.training.test_corpus_stages import pins_in

def die(group, cache):
    if len(list(cache.glob("*.whl"))) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return fetch_group(group, cache)

fetch_group, fetch._fetch_group, fetch._AT_ONCE = fetch._fetch_group, die, 1
fetch.fetch(pins_in(Path(sys.argv[1])), Path(sys.argv[2]), 1)
"""


def pins_in(index: Path) -> list[Pin]:
    """A pin for every wheel in a folder."""
    return [
        Pin(
            path.name.split("-")[0],
            "1.0",
            path.name,
            hashlib.sha256(path.read_bytes()).hexdigest(),
            "MIT",
        )
        for path in sorted(index.glob("*.whl"))
    ]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes wheels from, instead of a package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in ("alpha", "beta", "gamma"):
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
            information = f"{name}-1.0.dist-info"
            archive.writestr(f"{name}.py", module(name))
            archive.writestr(
                f"{information}/METADATA",
                f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n",
            )
            archive.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            archive.writestr(f"{information}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_killed_fetch_goes_on(index: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    killed(FETCH_KILLED, index, cache)
    left = {path.name: path.stat().st_mtime_ns for path in cache.glob("*.whl")}
    assert len(left) == 2
    assert fetch(pins_in(index), cache, 1) == {}
    assert {name: (cache / name).stat().st_mtime_ns for name in left} == left
    wheels = {path.name: path.read_bytes() for path in cache.glob("*.whl")}
    assert wheels == bytes_below(index)


def test_all_in_one_command(
    index: Path, against: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "recipe.json"
    pins = [dataclasses.asdict(pin) for pin in pins_in(index)]
    commit = {"name": "owner/absent", "commit": "0" * 40, "license": "MIT"}
    recipe.write_text(
        json.dumps({"standard_libraries": False, "packages": pins, "repositories": [commit]})
    )
    words = [str(recipe), "--output", str(tmp_path / "out"), "--against", str(against)]
    for _ in range(2):
        assert main(["corpus", "prepare", *words]) == 0
        assert "3 documents  documents-000-000.jsonl.xz" in capsys.readouterr().out
    packed = [each.package for each in read_documents(tmp_path / "out/packs")]
    assert packed == ["alpha", "beta", "gamma"]


def test_what_has_another_hash_is_not_taken(index: Path, tmp_path: Path) -> None:
    good, bad, _ = pins_in(index)
    bad = Pin(bad.name, bad.version, bad.file, "0" * 64, bad.license)
    failures = fetch([good, bad], tmp_path / "cache", 1)
    assert list(failures) == [bad.file]
    assert "hash" in failures[bad.file].lower()
    assert os.listdir(tmp_path / "cache") == [good.file]
