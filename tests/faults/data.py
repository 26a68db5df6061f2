"""Kills inside the writing of `generate`, `pretrain`, `export` and `adapt`.

After each kill what was there before has to be there still, and the command has to come to the same
end as one that nobody disturbed.
"""

import hashlib
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import gguf

from lintseq.dataset.generate import RECORDS_AT_ONCE, GenerateOptions, generate
from lintseq.dataset.verify import verify as verify_data
from lintseq.infer.model_file import verify as verify_model
from tests.faults.kill import When, kill_while_writing
from tests.training import kill_proof
from tests.training.checkpoints import fixed_texts
from tests.training.test_adapt import write_model
from training.adapt import AdaptConfig, adapt
from training.export import ExportConfig, export_gguf

Kills = Counter[str]
"""How many there were, by what was being written."""
_RECORDS = 4 * RECORDS_AT_ONCE
_CURSORS = 6
_WHEN = When(32)


def kill_generate(folder: Path, kills: int, seed: int = 0, when: When = _WHEN) -> Kills:
    """The kills that it survived."""
    source = folder / "programs.jsonl"
    rows = (json.dumps({"instruction": "", "program": _program(n)}) for n in range(_RECORDS))
    source.write_text("\n".join(rows), "utf-8")
    rng = random.Random(seed)
    whole = folder / "whole.jsonl"
    generate(GenerateOptions((source,), whole), _show)
    killed: Kills = Counter()
    while killed.total() < kills:
        run = folder / "run"
        run.mkdir()
        output = run / "data.jsonl"
        while killed.total() < kills and (
            written := kill_while_writing(_generate, (source, output), run, rng, when)
        ):
            killed[_kind(written)] += 1
        _generate(source, output)
        assert output.read_bytes() == whole.read_bytes(), "another data set than undisturbed"
        assert not verify_data(output, 1, None, _show).failures
        assert not output.with_name(f"{output.name}.partial").exists(), "pieces are left"
        _check_nothing_left(run)
        shutil.rmtree(run)
    return killed


def kill_export(folder: Path, kills: int, seed: int = 0) -> Kills:
    """The kills that it survived."""
    write_model(folder)
    checkpoint, output = folder / "checkpoint", folder / "out/lintseq.gguf"
    export_gguf(checkpoint, output, ExportConfig("f32"))
    before = _tensors(output)
    rng = random.Random(seed)
    killed: Kills = Counter()
    while killed.total() < kills:
        if written := kill_while_writing(
            _export, (checkpoint, output), output.parent, rng, When(3)
        ):
            killed[_kind(written)] += 1
        assert _tensors(output) == before, "the file that was there is lost"
    export_gguf(checkpoint, output, ExportConfig("f32"))
    assert [path.name for path in output.parent.iterdir()] == [output.name], "a file is left"
    return killed


def kill_adapt(folder: Path, kills: int, seed: int = 0) -> Kills:
    """The kills that it survived."""
    model, code = write_model(folder), _write_code(folder / "code")
    before = {path: _digest(path) for path in model.parent.iterdir()}
    rng = random.Random(seed)
    killed: Kills = Counter()
    while killed.total() < kills:
        own = folder / "own"
        run, output = own / "run", own / "lintseq-own.gguf"
        own.mkdir()
        while killed.total() < kills and (
            written := kill_while_writing(_adapt, (code, model, run, output), own, rng, _WHEN)
        ):
            killed[_kind(written)] += 1
            assert {path: _digest(path) for path in before} == before, "the model is touched"
        # It comes to its end, also where the kills were enough before.
        _adapt(code, model, run, output)
        verify_model(output)
        assert json.loads((run / "report.json").read_text())["lines"] == _CURSORS
        _check_nothing_left(own)
        shutil.rmtree(own)
    return killed


def kill_pretrain(folder: Path, kills: int, seed: int = 0) -> Kills:
    """The kills that it survived."""
    return kill_proof.prove(folder, kills, seed)


DATA: dict[str, Callable[[Path, int, int], Kills]] = {
    "generate killed while it writes": kill_generate,
    "pretrain killed while it writes": kill_pretrain,
    "export killed while it writes": kill_export,
    "adapt killed while it writes": kill_adapt,
}


def _check_nothing_left(folder: Path) -> None:
    left = [str(path.relative_to(folder)) for path in folder.rglob("*.part")]
    assert not left, f"files are left: {left}"


def _kind(written: str) -> str:
    """The name of a file without its numbers, which are those of a piece or a process."""
    return re.sub(r"\d+", "N", written)


def _generate(source: Path, output: Path) -> None:
    generate(GenerateOptions((source,), output), _show)


def _export(checkpoint: Path, output: Path) -> None:
    export_gguf(checkpoint, output, ExportConfig("f32"))


def _adapt(code: Path, model: Path, run: Path, output: Path) -> None:
    config = AdaptConfig(
        code, model, run, output, minutes=0.01, held_out=0.3, cursors=_CURSORS, workers=1
    )
    assert adapt(config) is not None


def _write_code(folder: Path) -> Path:
    folder.mkdir()
    for number, text in enumerate(fixed_texts()):
        (folder / f"program_{number}.py").write_text(text, "utf-8")
    return folder


def _program(number: int) -> str:
    return f"import os\n\n\ndef f{number}(a):\n    b = a + {number}\n    return os.sep * b\n"


def _tensors(path: Path) -> dict[str, str]:
    """What the file holds, but for what it says of itself, such as the revision of the code."""
    tensors = gguf.GGUFReader(path).tensors
    return {each.name: hashlib.sha256(each.data.tobytes()).hexdigest() for each in tensors}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _show(_done: int, _total: int) -> None:
    pass
