"""The training loop: one plan from first to last step, through as many interruptions as come.

A run lives in a folder: `config.json`, `provenance.json`, `metrics.jsonl`, `loss.png`,
`checkpoint/` (the newest). Started again with the same folder it goes on where the checkpoint
left off, with the same rows; with a plan in steps, a CPU and the same number of workers the
result is the same to the bit.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from training.checkpoint import (
    Checkpoint,
    RunState,
    find_checkpoint,
    load_optimizer,
    load_state,
    load_weights,
    save_checkpoint,
)
from training.device import choose_device, choose_workers
from training.gradients import Gradients
from training.heldout import bytes_per_token, evaluate_held_out
from training.interrupt import Interrupt
from training.metrics import (
    HeldOutMetrics,
    StepMetrics,
    append_metrics,
    cut_metrics,
    plot_loss,
)
from training.mixture import Mixture, Source
from training.model import ModelConfig, build_model
from training.optimizer import Optimizer, OptimizerConfig
from training.packing import Shards
from training.progress import RunProgress
from training.run_folder import PROVENANCE, joint_hash, write_description
from training.schedule import ScheduleConfig
from training.tokenizer import load_tokenizer
from training.window import Window

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint"
METRICS = "metrics.jsonl"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides a run."""

    schedule: ScheduleConfig
    model: ModelConfig = field(default_factory=ModelConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    mixture: tuple[Source, ...] = ()
    held_out: str | None = None
    """Folder of packed rows that are never learned from."""
    tokenizer: str | None = None
    """The `tokenizer.json` of the rows; goes into every checkpoint."""
    start: str | None = None
    """A checkpoint whose weights to start from, with a fresh optimizer; None = random weights."""
    batch_rows: int = 16
    """Rows of one optimizer step."""
    micro_rows: int = 2
    """Rows that go through the model together."""
    held_out_rows: int = 256
    evaluate_every: int = 100
    """Steps between two looks at the held-out rows."""
    log_every: int = 10
    """Steps between two lines of metrics: a GPU is waited for only here."""
    checkpoint_minutes: float = 5.0
    device: str = "auto"
    """"auto" = CUDA if there is one, else the CPU."""
    workers: int | None = None
    """Threads on a CPU; None = one a core."""
    compiled: bool = False
    """Compile the model: pays on a GPU."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse counts below one."""
        counts = {
            "batch_rows": self.batch_rows,
            "micro_rows": self.micro_rows,
            "evaluate_every": self.evaluate_every,
            "log_every": self.log_every,
        }
        for name, count in counts.items():
            if count < 1:
                raise ValueError(f"{name} must be at least 1, got {count}")


def train(config: TrainConfig, folder: Path) -> bool:
    """Return whether the plan was finished; False if it was interrupted, with a checkpoint.

    Raises:
        ValueError: The data does not fit the model, the folder holds another run, or the loss
            is no number any more.
    """
    run = _Run(config, folder)
    try:
        return run.go()
    finally:
        run.gradients.close()


class _Run:
    """A run in progress."""

    def __init__(self, config: TrainConfig, folder: Path) -> None:
        self.config, self.folder = config, folder
        self.mixture = Mixture(config.mixture, config.seed)
        self.held_out = Shards(Path(config.held_out)) if config.held_out else None
        rows = [*self.mixture.shards, *filter(None, [self.held_out])]
        _check_rows(config.model, rows)
        self.tokenizer = Path(config.tokenizer) if config.tokenizer else None
        _check_tokenizer(self.tokenizer, rows)
        self.token_bytes = bytes_per_token(self.tokenizer) if self.tokenizer else None
        data_hash = joint_hash([shards.data_hash for shards in self.mixture.shards])
        self.device = choose_device(config.device)
        self.model = build_model(config.model, config.seed)
        torch.nn.Module.to(self.model, self.device)
        if config.start:
            load_weights(self.model, Path(config.start) / "model.safetensors")
        self.optimizer = Optimizer(self.model, config.optimizer)
        self.state = RunState(0, 0, 0, 0.0, (0,) * len(config.mixture), data_hash)
        self._resume()
        # Only now: a run that is refused leaves the description of the one that lies there.
        write_description(folder, config, data_hash)
        self.window = Window(self.state)
        self.gradients = Gradients(
            self.model,
            workers=choose_workers(config.workers, self.device),
            micro_rows=config.micro_rows,
            compiled=config.compiled,
        )

    def go(self) -> bool:
        """Return whether the plan was finished."""
        began = saved = time.monotonic()
        first, earlier_s = self.state.step, self.state.elapsed_s
        with Interrupt() as interrupt, RunProgress(self.config.schedule) as progress:
            while (done := self._done()) < 1 and not interrupt.asked:
                self._step(done, began - earlier_s)
                if self.state.step % self.config.log_every == 0:
                    progress.show(self._log())
                if self.state.step % self.config.evaluate_every == 0:
                    self._evaluate()
                if time.monotonic() - saved > 60 * self.config.checkpoint_minutes:
                    self._save()
                    saved = time.monotonic()
        finished = self._done() >= 1
        if finished and self.state.step > first:
            self._close()
        self._save()
        return finished

    def _close(self) -> None:
        """Write the figures of the last step, where it was not their turn."""
        if not self.window.is_empty:
            self._log()
        if self.state.step % self.config.evaluate_every:
            self._evaluate()

    def _done(self) -> float:
        return self.config.schedule.progress(self.state.step, self.state.elapsed_s)

    def _step(self, done: float, epoch_s: float) -> None:
        """Do one optimizer step.

        Args:
            done: the share of the plan that is done.
            epoch_s: when the run would have begun if it had never been interrupted.
        """
        schedule, state = self.config.schedule, self.state
        rows = self.mixture.draw(state.step, self.config.batch_rows, schedule.decayed(done))
        loss, gradients = self.gradients.take(rows)
        rate = schedule.rate(done)
        norm = self.optimizer.step(gradients, rate, self.gradients.run)
        self.window.add(loss, norm, rate)
        self.state = RunState(
            step=state.step + 1,
            tokens=state.tokens + rows[0].size,
            # Nothing stands before the first token of a row to predict it from.
            targets=state.targets + int(np.count_nonzero(rows[1][:, 1:])),
            elapsed_s=time.monotonic() - epoch_s,
            drawn=tuple(self.mixture.drawn),
            data_hash=state.data_hash,
        )

    def _log(self) -> StepMetrics:
        self._check_finite()
        metrics = self.window.close(self.state, self.mixture.epochs)
        append_metrics(self.folder / METRICS, metrics)
        return metrics

    def _check_finite(self) -> None:
        if not self.window.is_finite:
            raise ValueError(
                f"loss or gradient is no number any more at step {self.state.step}: try lower"
                f" learning rates; the last checkpoint is in {self.folder / CHECKPOINT}"
            )

    def _evaluate(self) -> None:
        if self.held_out is None:
            return
        result = evaluate_held_out(
            self.gradients, self.held_out, self.config.held_out_rows, self.token_bytes
        )
        state = self.state
        metrics = HeldOutMetrics(
            state.step, state.tokens, state.elapsed_s, result.loss, result.bits_per_byte
        )
        append_metrics(self.folder / METRICS, metrics)
        log.info(
            "step %d: held-out loss %.4f, bits per byte %s",
            state.step,
            result.loss,
            "unknown" if result.bits_per_byte is None else f"{result.bits_per_byte:.4f}",
        )

    def _save(self) -> None:
        self._check_finite()
        files = {PROVENANCE: self.folder / PROVENANCE}
        if self.tokenizer is not None:
            files["tokenizer.json"] = self.tokenizer
        save_checkpoint(
            self.folder / CHECKPOINT,
            Checkpoint(self.model, self.config.model, self.optimizer, self.state, files),
        )
        plot_loss(self.folder / METRICS, self.folder / "loss.png")

    def _resume(self) -> None:
        checkpoint = find_checkpoint(self.folder / CHECKPOINT)
        if checkpoint is None:
            cut_metrics(self.folder / METRICS, 0)
            return
        state = load_state(checkpoint)
        if state.data_hash != self.state.data_hash:
            raise ValueError(
                f"{checkpoint} was trained on other rows: wanted data {self.state.data_hash},"
                f" got {state.data_hash}"
            )
        load_weights(self.model, checkpoint / "model.safetensors")
        load_optimizer(checkpoint, self.optimizer, self.device)
        self.mixture.drawn = list(state.drawn)
        self.state = state
        cut_metrics(self.folder / METRICS, state.step)
        log.info("going on at step %d", state.step)


def _check_rows(model: ModelConfig, shards: Sequence[Shards]) -> None:
    for each in shards:
        if each.context > model.context or each.vocabulary > model.vocabulary:
            raise ValueError(
                f"the rows hold {each.context} of {each.vocabulary} tokens, more than the model's"
                f" context {model.context} or vocabulary {model.vocabulary}"
            )


def _check_tokenizer(tokenizer: Path | None, shards: Sequence[Shards]) -> None:
    if tokenizer is None:
        return
    got = load_tokenizer(tokenizer).hash
    for wanted in (meta.tokenizer_hash for each in shards for meta in each.metas):
        if wanted and wanted != got:
            raise ValueError(
                f"{tokenizer} is not the tokenizer of the rows: wanted {wanted[:12]},"
                f" got {got[:12]}"
            )
