"""A model adapted to one repository: from the file that was shipped to one beside it.

The steps leave files in the run's folder and are not done twice: the same command goes on where it
was stopped.

- `code/`: the files to learn from, and those held out;
- `start/`: the model to begin with, as a checkpoint;
- `rows/`: cursor tasks and edit sequences from the code;
- `before.json`, `after.json`: which held-out lines each model completes to the letter;
- `training/`: a run like any other;
- `calibration.json`: how sure the adapted model has to be, fitted on half of the held-out files.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gguf

from lintseq.infer.locality import locality_beside
from lintseq.infer.model_file import MANIFEST, check_gguf, models_folder, read_manifest
from training.adapt_report import AdaptReport, LineScores, compare
from training.adapt_score import fit_calibration, score_lines
from training.checkpoint import load_state
from training.clock import Budget
from training.corpus.document import document_writer, read_documents
from training.examples import ExamplesConfig, build_examples
from training.export import ExportConfig, export_gguf
from training.from_gguf import write_from_gguf
from training.install import install_model
from training.json_values import write_json
from training.loop import Ending, TrainConfig, train
from training.mixture import Source
from training.model import read_model_config
from training.optimizer import OptimizerConfig
from training.own_code import read_own_code
from training.quantize import TYPES, quantize_gguf
from training.run_folder import CHECKPOINT
from training.schedule import ScheduleConfig

log = logging.getLogger(__name__)

TASKS: Mapping[str, float] = {
    "cursor": 0.6,
    "block": 0.1,
    "sequence": 0.1,
    "implement": 0.05,
    "source": 0.05,
    "repair": 0.05,
    "nothing": 0.05,
}
_FULL = "full.gguf"
EXAMPLES = 4000
"""About so many are made, of some 500 tokens each: more than a laptop reads in ten minutes."""


@dataclass(frozen=True, slots=True)
class AdaptConfig:
    """Which model to adapt, to which code, for how long, and where it goes."""

    code: Path
    """Folder of the user's repository."""
    model: Path
    """The GGUF to begin with; never written to."""
    run: Path
    """Folder for everything on the way."""
    output: Path
    """The GGUF to write; its manifest goes beside it."""
    minutes: float = 10.0
    """Time of the training itself."""
    held_out: float = 0.15
    """Share of the code that is held out."""
    cursors: int = 400
    """Held-out lines that are asked about, at most."""
    workers: int | None = None
    """Threads; None = one a core."""
    device: str = "auto"
    seed: int = 0
    optimizer: OptimizerConfig = field(
        default_factory=lambda: OptimizerConfig(matrix_rate=0.008, rest_rate=0.0016)
    )

    def __post_init__(self) -> None:
        """Refuse to write over a model that came along, and impossible numbers."""
        if self.output.resolve().parent in (models_folder().resolve(), self.model.resolve().parent):
            raise ValueError(
                f"{self.output} would lie in the folder of the model that is adapted, whose"
                " manifest describes that one: give another --output"
            )
        if self.minutes <= 0 or self.cursors < 1 or not 0 < self.held_out < 1:
            raise ValueError("need minutes > 0, cursors >= 1 and 0 < held_out < 1")


def adapt(config: AdaptConfig) -> AdaptReport | None:
    """Return what came of it, once the adapted model is written; None if it was interrupted.

    Raises:
        ValueError: There is too little code, the model is not one of lintseq's own, or the run's
            folder holds an adaptation of something else.
        EngineError: The model cannot be read.
    """
    check_gguf(config.model)
    config.run.mkdir(parents=True, exist_ok=True)
    _check_same(config)
    _collect(config)
    if not (config.run / "start/model.json").is_file():
        write_from_gguf(config.model, config.run / "start")
    _make_rows(config)
    before = _scores(config, config.model, "before")
    if train(_train_config(config), config.run / "training", Budget()) is not Ending.FINISHED:
        return None
    if not config.output.is_file():
        _export(config)
    # A kill behind the last step of it leaves this.
    (config.run / _FULL).unlink(missing_ok=True)
    locality = locality_beside(config.model)
    install_model(config.output, config.output.parent, locality=locality)
    after = _scores(config, config.output, "after")
    calibration = config.run / "calibration.json"
    install_model(config.output, config.output.parent, calibration, locality)
    state = load_state(config.run / "training" / CHECKPOINT)
    report = compare(before, after, config.output, state)
    write_json(config.run / "report.json", report.as_json())
    return report


def _check_same(config: AdaptConfig) -> None:
    """Refuse a folder that was begun with other code or another model."""
    values = dataclasses.asdict(config) | {
        name: str(getattr(config, name).resolve()) for name in ("code", "model", "run", "output")
    }
    path = config.run / "adapt.json"
    if path.is_file():
        begun = json.loads(path.read_text(encoding="utf-8"))
        different = [name for name in values if values[name] != begun.get(name)]
        if different:
            raise ValueError(
                f"{config.run} holds another adaptation, with other {', '.join(different)}:"
                " give another --run"
            )
    write_json(path, values)


def _collect(config: AdaptConfig) -> None:
    held_out = config.run / "code/heldout.jsonl.gz"
    if held_out.is_file():
        return
    code = read_own_code(config.code, config.held_out, config.seed)
    for path, documents in (
        (config.run / "code/documents-000.jsonl.gz", code.training),
        (held_out, code.held_out),
    ):
        with document_writer(path) as write:
            for document in documents:
                write(document)
    log.info(
        "%d files to learn from, %d held out, left out: %s",
        len(code.training),
        len(code.held_out),
        ", ".join(f"{count} {reason}" for reason, count in code.left_out.items()) or "none",
    )


def _make_rows(config: AdaptConfig) -> None:
    context = read_model_config(config.run / "start/model.json").context
    for name, file, seed in (
        ("own", "code/documents-000.jsonl.gz", config.seed),
        ("held-out", "code/heldout.jsonl.gz", config.seed + 1),
    ):
        output = config.run / "rows" / name
        if (output / "meta.json").is_file():
            continue
        source = config.run / file
        characters = sum(len(document.text) for document in read_documents(source))
        build_examples(
            ExamplesConfig(
                corpus=(source,),
                tokenizer=config.run / "start/tokenizer.json",
                output=output,
                weights=TASKS,
                # A small repository is read many times, each time cut at other places.
                characters=max(100, min(1500, characters // EXAMPLES)),
                context=min(1024, context),
                seed=seed,
            )
        )


def _train_config(config: AdaptConfig) -> TrainConfig:
    start = config.run / "start"
    return TrainConfig(
        schedule=ScheduleConfig(minutes=config.minutes, warmup=0.05, decay=0.95),
        model=read_model_config(start / "model.json"),
        optimizer=config.optimizer,
        mixture=(Source(str(config.run / "rows/own")),),
        held_out=str(config.run / "rows/held-out"),
        tokenizer=str(start / "tokenizer.json"),
        start=str(start),
        batch_rows=8,
        held_out_rows=32,
        evaluate_every=50,
        sample_every=100,
        checkpoint_minutes=1.0,
        device=config.device,
        workers=config.workers,
        seed=config.seed,
    )


def _export(config: AdaptConfig) -> None:
    """Write the trained weights in the type that the model they come from has."""
    full = config.run / _FULL
    name = f"{config.model.stem} adapted to {config.code.resolve().name}"
    export_gguf(config.run / "training" / CHECKPOINT, full, ExportConfig("f16", name=name))
    quantization = _quantization(config.model)
    quantize_gguf(full, config.output, quantization if quantization in TYPES else "Q8_0", threads=1)


def _quantization(model: Path) -> str:
    file_type = gguf.GGUFReader(model).fields["general.file_type"].contents()
    return gguf.LlamaFileType(file_type).name.removeprefix("MOSTLY_").removeprefix("ALL_")


def _scores(config: AdaptConfig, model: Path, name: str) -> LineScores:
    path = config.run / f"{name}.json"
    if path.is_file():
        return LineScores(**json.loads(path.read_text(encoding="utf-8")))
    documents = list(read_documents(config.run / "code/heldout.jsonl.gz"))
    scores, outcomes = score_lines(model, documents, config.cursors, config.seed, title=name)
    if name == "after":
        entry = fit_calibration(outcomes, model) or _inherited(config.model)
        write_json(config.run / "calibration.json", entry)
    write_json(path, dataclasses.asdict(scores))
    return scores


def _inherited(model: Path) -> dict[str, Any]:
    """Return the calibration of the model that was adapted: the next best."""
    if not (model.parent / MANIFEST).is_file():
        return {}
    manifest = read_manifest(model.parent)
    return dict(manifest.calibration) if manifest.file == model.name else {}
