"""Kills inside the writing of `generate`, `pretrain`, `export` and `adapt`.

Whatever is written lies under a name with ".part" until it is whole. The process is stopped at
a random moment after such a file appeared, and killed and counted if it is still there.
Afterwards what was there before has to be there still, and the command has to come to the same end
as one that nobody disturbed.
"""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from lintseq.dataset.generate import GenerateOptions, generate
from lintseq.dataset.verify import verify as verify_data
from lintseq.infer.model_file import verify as verify_model
from tests.training import kill_proof
from tests.training.test_adapt import write_code, write_model
from training.adapt import AdaptConfig, adapt
from training.export import ExportConfig, export_gguf

_RECORDS = 1500
_CURSORS = 6
_MOST_PASSED_BY = 8
_PRELOADED = (*kill_proof.PRELOADED, "training.adapt", "training.export")
_Seen = frozenset[tuple[Path, int, int]]


def kill_generate(folder: Path, kills: int, seed: int = 0) -> int:
    """How many kills it survived."""
    source = folder / "programs.jsonl"
    rows = (json.dumps({"instruction": "", "program": _program(n)}) for n in range(_RECORDS))
    source.write_text("\n".join(rows), "utf-8")
    rng = random.Random(seed)
    whole = folder / "whole.jsonl"
    generate(GenerateOptions((source,), whole), _show)
    count = number = 0
    while count < kills:
        number += 1
        output = folder / f"{number}.jsonl"
        while _kill(_generate, (source, output), folder, rng):
            count += 1
        assert output.read_bytes() == whole.read_bytes(), "another data set than undisturbed"
        assert not verify_data(output, 1, None, _show).failures
        assert not output.with_name(f"{output.name}.partial").exists(), "pieces are left"
        output.unlink()
    return count


def kill_export(folder: Path, kills: int, seed: int = 0) -> int:
    """How many kills it survived."""
    write_model(folder)
    checkpoint, output = folder / "checkpoint", folder / "out/lintseq.gguf"
    export_gguf(checkpoint, output, ExportConfig("f32"))
    before = _digest(output)
    rng = random.Random(seed)
    for _ in range(kills):
        assert _kill(_export_for_ever, (checkpoint, output), output.parent, rng)
        assert _digest(output) == before, "the file that was there is lost"
    export_gguf(checkpoint, output, ExportConfig("f32"))
    assert [path.name for path in output.parent.iterdir()] == [output.name], "a file is left"
    return kills


def kill_adapt(folder: Path, kills: int, seed: int = 0) -> int:
    """How many kills it survived."""
    model, code = write_model(folder), write_code(folder / "code")
    before = {path: _digest(path) for path in model.parent.iterdir()}
    rng = random.Random(seed)
    count = number = 0
    while count < kills:
        number += 1
        run, output = folder / f"run{number}", folder / f"own{number}/lintseq-own.gguf"
        output.parent.mkdir()
        while count < kills and _kill(_adapt, (code, model, run, output), folder, rng):
            count += 1
            assert {path: _digest(path) for path in before} == before, "the model is touched"
        # It comes to its end, also where the kills were enough before.
        _adapt(code, model, run, output)
        verify_model(output)
        assert json.loads((run / "report.json").read_text())["lines"] == _CURSORS
    return count


def kill_pretrain(folder: Path, kills: int, seed: int = 0) -> int:
    """How many kills it survived."""
    return sum(kill_proof.prove(folder, kills, seed).values())


DATA: dict[str, Callable[[Path, int, int], int]] = {
    "generate killed while it writes": kill_generate,
    "pretrain killed while it writes": kill_pretrain,
    "export killed while it writes": kill_export,
    "adapt killed while it writes": kill_adapt,
}


def _kill(
    work: Callable[..., None], arguments: tuple[Path, ...], folder: Path, rng: random.Random
) -> bool:
    """Whether the work was killed while it wrote; it may come to its end before."""
    process = _context().Process(target=work, args=arguments)
    before = _being_written(folder)
    # Not always in the first thing that is written.
    passed_by = rng.randrange(_MOST_PASSED_BY)
    process.start()
    while process.is_alive():
        if not (found := _being_written(folder) - before):
            time.sleep(0.0005)
            continue
        if passed_by:
            passed_by -= 1
            before |= found
            continue
        time.sleep(rng.uniform(0, 0.002))
        if _is_stopped(process):
            if _being_written(folder) - before:
                os.kill(process.pid or 0, signal.SIGKILL)
                process.join()
                return True
            os.kill(process.pid or 0, signal.SIGCONT)
    process.join()
    assert process.exitcode == 0, f"it failed by itself: {process.exitcode}"
    return False


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


def _is_stopped(process: BaseProcess) -> bool:
    """Stop the process; it may have come to its end."""
    try:
        os.kill(process.pid or 0, signal.SIGSTOP)
        state = ""
        while state != "T":
            state = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state in "ZX":
                return False
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def _being_written(folder: Path) -> _Seen:
    found = []
    for path in folder.rglob("*"):
        if ".part" in f"{path.parent.name}/{path.name}".replace(".partial", ""):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            found.append((path, status.st_mtime_ns, status.st_size))
    return frozenset(found)


def _generate(source: Path, output: Path) -> None:
    generate(GenerateOptions((source,), output), _show)


def _export_for_ever(checkpoint: Path, output: Path) -> None:
    while True:
        export_gguf(checkpoint, output, ExportConfig("f32"))


def _adapt(code: Path, model: Path, run: Path, output: Path) -> None:
    config = AdaptConfig(
        code, model, run, output, minutes=0.03, held_out=0.3, cursors=_CURSORS, workers=1
    )
    assert adapt(config) is not None


def _program(number: int) -> str:
    return f"import os\n\n\ndef f{number}(a):\n    b = a + {number}\n    return os.sep * b\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _show(_done: int, _total: int) -> None:
    pass
