"""How far repetitions nearby are trusted: fitted by the command, into the manifest."""

import json
import re
from pathlib import Path

import pytest

from lintseq.infer.locality import Facts, Locality, Trust, locality_beside
from lintseq.infer.model_file import MANIFEST
from tests.infer.tiny_model import TinyModel, write_tiny_model
from training.__main__ import main
from training.corpus.document import Document, document_writer
from training.install import install_model
from training.locality_fit import fit_locality
from training.locality_reader import UNTRUSTED, Reader, Repetition, Written


def module(name: str) -> str:
    """A module in which every function is like the others, and like those of its folder."""
    return "import math\n" + "".join(
        f"\n\ndef {name}_{number}(radius, height):\n"
        f"    area = math.pi * radius**{number}\n"
        f"    return area * height / {number}\n"
        for number in range(2, 8)
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights with a manifest that trusts nothing."""
    folder = tmp_path_factory.mktemp("model")
    source = write_tiny_model(folder / "source.gguf", TinyModel(context=2048))
    install_model(source, folder / "models")
    return folder / "models" / source.name


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "heldout.jsonl.gz"
    with document_writer(path) as write:
        for name in ("cone", "disk", "tube", "ring", "ball", "cube"):
            write(Document("shapes", f"shapes/{name}.py", "MIT", module(name)))
    return path


def test_what_repeats_is_trusted_and_worth_it(
    model: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locality_beside(model) is None
    manifest = json.loads((model.parent / MANIFEST).read_text())
    assert main(["locality", str(data), "--model", str(model), "--cursors", "60"]) == 0
    alone, file, folder = map(float, re.findall(r"(\d+\.\d+)$", capsys.readouterr().out, re.M))
    assert alone > 2 * file > 2 * folder * 0.9
    locality = locality_beside(model)
    assert locality is not None
    seen = Facts(8, is_only=True, best=-3.0, likely=-6.0, is_agreed=False)
    assert locality.own.share(seen) > 0.5
    changed = json.loads((model.parent / MANIFEST).read_text())
    assert {**changed, "locality": {}} == manifest


def test_a_model_without_a_manifest_is_refused_before_it_is_read(
    model: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lone = tmp_path / "lone.gguf"
    lone.write_bytes(model.read_bytes())
    assert main(["locality", str(data), "--model", str(lone)]) == 2
    assert "no manifest" in capsys.readouterr().err


def test_the_reader_sees_every_token_of_the_line(model: Path) -> None:
    from training.evaluate.cursors import Cursor

    text = module("cone")
    line = text.split("\n").index("    return area * height / 5")
    before = text.replace("    return area * height / 5\n", "    return area\n")
    read = Reader(model).read(Cursor("0", before, line, 15, " * height / 5"), [module("disk")])
    assert 5 <= len(read) <= 40
    assert all(0 <= token.probability <= 1 for token in read)
    # "area * height / " stands in the file and in the other, before several numbers.
    repeated = [token.own.share for token in read if token.own]
    assert max(repeated) == 1
    assert [token.others for token in read if token.others]


def test_nothing_repeated_is_no_ground_to_fit_on() -> None:
    written = [Written(0.5, None, None)] * 4
    with pytest.raises(ValueError, match="nothing is repeated"):
        fit_locality(written, written)


def test_the_fit_follows_how_often_a_repetition_is_right() -> None:
    def tokens(right: int, of: int) -> list[Written]:
        facts = Facts(4, is_only=True, best=-1.0, likely=-2.0, is_agreed=False)
        found = [Repetition(facts, float(number < right)) for number in range(of)]
        return [Written(0.01, each, each) for each in found]

    seldom, often = (fit_locality(tokens(n, 400), tokens(n, 400)).locality for n in (40, 360))
    facts = tokens(1, 1)[0].own
    assert facts is not None
    assert seldom.others.share(facts.facts) == pytest.approx(0.1, abs=0.05)
    assert often.others.share(facts.facts) == pytest.approx(0.9, abs=0.05)
    assert fit_locality(tokens(40, 400), tokens(40, 400)).model_nats == pytest.approx(4.6, abs=0.01)


def test_untrusted_is_untrusted() -> None:
    facts = Facts(8, is_only=True, best=-1.0, likely=-1.0, is_agreed=True)
    assert Locality(UNTRUSTED, UNTRUSTED).own.share(facts) < 1e-6
    assert Trust(0, 0, 0, 0, 0, 0).share(facts) == 0.5
