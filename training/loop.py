"""The training loop: one plan from first to last step, through as many interruptions as come.

A run lives in a folder (`training.run_folder`). Started again with the same folder it goes on where
the checkpoint left off, with the same rows; with a plan in steps, on a CPU, the result is the same
to the bit, whatever the number of threads. Under `torchrun` several processes do the same, each
with its part of the rows; a checkpoint of any number of processes is one for any other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from training.checkpoint import Checkpoint, RunState, save_checkpoint
from training.clock import Budget, Clock
from training.device import Pace
from training.distributed import MODES, World, join_world
from training.heldout import evaluate_held_out
from training.interrupt import Interrupt
from training.metrics import HeldOutMetrics, cut_metrics
from training.mixture import Ahead, Source
from training.model import ModelConfig
from training.optimizer import OptimizerConfig
from training.recorder import Recorder, Records, Silence
from training.run_folder import CHECKPOINT, METRICS, PROVENANCE, SAMPLES, write_description
from training.run_parts import put_together
from training.samples import write_samples
from training.schedule import ScheduleConfig
from training.window import Step, Window


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
    published: str | None = None
    """A published checkpoint to start from instead; `model` is then its outline."""
    lora_rank: int | None = None
    """Train small matrices of this rank beside those of a published model; None = all of it."""
    batch_rows: int = 16
    """Rows of one optimizer step, over all processes."""
    micro_rows: int = 2
    """Rows that go through the model together; on a CPU at most two."""
    held_out_rows: int = 256
    evaluate_every: int = 100
    """Steps between two looks at the held-out rows."""
    sample_every: int = 500
    """Steps between two looks at what the model writes behind fixed prompts."""
    log_every: int = 10
    """Steps between two lines of metrics: a GPU is waited for only here."""
    checkpoint_minutes: float = 5.0
    device: str = "auto"
    """"auto" = CUDA if there is one, else the CPU."""
    workers: int | None = None
    """Threads on a CPU; None = one a core."""
    separate: bool = True
    """Let no example look at those in front of it in its row."""
    compiled: bool = False
    """Compile the model: pays on a GPU."""
    parallel: str = "ddp"
    """Under `torchrun`: "ddp" = a whole model in each process, "fsdp" = a part of each weight."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse counts below one, and what is not known."""
        counts = {
            "batch_rows": self.batch_rows,
            "micro_rows": self.micro_rows,
            "evaluate_every": self.evaluate_every,
            "sample_every": self.sample_every,
            "log_every": self.log_every,
        }
        for name, count in counts.items():
            if count < 1:
                raise ValueError(f"{name} must be at least 1, got {count}")
        if self.parallel not in MODES:
            raise ValueError(f"parallel is one of {', '.join(MODES)}; got {self.parallel!r}")
        if self.published is not None and self.parallel != "ddp":
            raise ValueError(f"a published model is trained with ddp, got {self.parallel}")


class Ending(StrEnum):
    """Why a command stopped; in each case there is a checkpoint of where it stands."""

    FINISHED = "finished"
    OUT_OF_TIME = "out of time"
    INTERRUPTED = "interrupted"


def train(config: TrainConfig, folder: Path, budget: Budget | None = None) -> Ending:
    """Return how it ended: the plan is finished, or there is a checkpoint to go on from.

    Args:
        budget: the time that this piece of the plan may take; None = whatever the plan takes.

    Raises:
        ValueError: The data does not fit the model, the folder holds another run, or the loss
            is no number any more.
    """
    budget = budget or Budget()
    with join_world() as world:
        run = _Run(config, folder, world)
        try:
            return run.go(Clock(config.schedule.minutes, budget, run.state.elapsed_s))
        finally:
            run.close()


class _Run:
    """A run in progress."""

    def __init__(self, config: TrainConfig, folder: Path, world: World) -> None:
        self.config, self.folder, self.world = config, folder, world
        self.parts = put_together(config, folder, world)
        self.data, self.gradients = self.parts.data, self.parts.gradients
        self.state = self.parts.state
        # Only now: a run that is refused leaves the description of the one that lies there.
        self.recorder = self._record()
        self.rows = Ahead(self.data.mixture, config.batch_rows)
        self.pace = Pace(self.parts.device)
        self.looked: dict[str, int] = {}

    def go(self, clock: Clock) -> Ending:
        """Train until the plan is finished, the time is up, or somebody interrupts."""
        self.clock = clock
        self.state = replace(self.state, elapsed_s=clock.elapsed_s)
        self.window = Window(self.state, self.parts.speedometer)
        self.first, ending = self.state.step, Ending.FINISHED
        self.saved = time.monotonic()
        # What a first step takes is mostly preparation: it is no measure of the others.
        self.stepped: float | None = None
        with Interrupt() as interrupt, self.recorder:
            while self.state.done < 1:
                interrupted, out_of_time, save = self._agree_on_next(interrupt)
                if interrupted or out_of_time:
                    ending = Ending.INTERRUPTED if interrupted else Ending.OUT_OF_TIME
                    break
                if save:
                    self._save()
                self._step()
                self._look()
            if self.state.step > self.first:
                self._close(ending)
            else:
                # A kill behind the last checkpoint left it half drawn.
                self.recorder.draw()
        return ending

    def _close(self, ending: Ending) -> None:
        """Write what is not written yet."""
        if ending is Ending.FINISHED:
            self._look(is_last=True)
        self.state = replace(self.state, elapsed_s=self.clock.charged_s)
        self._save()
        self.recorder.draw()

    def close(self) -> None:
        """End all threads."""
        self.rows.close()
        self.gradients.close()

    def _agree_on_next(self, interrupt: Interrupt) -> tuple[float, ...]:
        """Return whether to stop for somebody, to stop for the time, to save first: all the same.

        The first process's clock and signals count for all.
        """
        is_old = time.monotonic() - self.saved > 60 * self.config.checkpoint_minutes
        return self.world.agree(
            interrupt.asked,
            # A plan that ends with this piece gets its last step, and is finished.
            self.clock.left_of_piece_s <= 0 < self.clock.left_of_plan_s,
            is_old and self.state.step > self.first,
        )

    def _step(self) -> None:
        schedule, state = self.config.schedule, self.state
        draw = self.rows.take(state.step, *self._decayed())
        loss, gradients = self.gradients.take(draw.rows)
        rate = schedule.rate(state.done)
        norm = self.parts.optimizer.step(gradients, rate, self.gradients.run)
        self.window.add(Step(loss, norm, rate))
        self.pace.step()
        done, elapsed_s = self.world.agree(*self._advance())
        self.state = RunState(
            step=state.step + 1,
            tokens=state.tokens + draw.rows.tokens.size,
            targets=state.targets + draw.rows.targets,
            elapsed_s=elapsed_s,
            drawn=draw.drawn,
            data_hash=state.data_hash,
            done=done,
        )

    def _decayed(self) -> tuple[float, float]:
        """Return the share of the decay that is done now, and when the next step begins."""
        schedule, state = self.config.schedule, self.state
        following = schedule.advance(state.done, state.step + 1, 0.0, float("inf"))
        return schedule.decayed(state.done), schedule.decayed(following)

    def _advance(self) -> tuple[float, float]:
        """Return the share of the plan that is done after this step, and the time it is."""
        now = time.monotonic()
        spent_s = 0.0 if self.stepped is None else now - self.stepped
        self.stepped = now
        left_s = self.clock.left_of_plan_s
        done = self.config.schedule.advance(self.state.done, self.state.step + 1, spent_s, left_s)
        return done, self.clock.elapsed_s

    def _look(self, *, is_last: bool = False) -> None:
        """Write the figures whose turn it is; after the last step those of that step."""
        config, step = self.config, self.state.step
        if (is_last or step % config.log_every == 0) and not self.window.is_empty:
            self._check_finite()
            epochs = self.data.mixture.epochs(self.state.drawn)
            self.recorder.steps(self.window.close(self.state, epochs))
        for name, every, look in (
            ("evaluate", config.evaluate_every, self._evaluate),
            ("sample", config.sample_every, self._sample),
        ):
            # At the end there is time for each: that is what the clock keeps in reserve.
            is_due = is_last or (step % every == 0 and self._has_time_to(name))
            if is_due and self.looked.get(name) != step:
                self.looked[name] = step
                with self.clock.measure(name):
                    look()

    def _has_time_to(self, name: str) -> bool:
        (has_time,) = self.world.agree(self.clock.has_time_to(name))
        return bool(has_time)

    def _sample(self) -> None:
        if self.data.tokenizer is not None:
            logits, step = self.gradients.next_logits, self.state.step
            self.recorder.samples(write_samples(logits, self.data.tokenizer, step))

    def _evaluate(self) -> None:
        if self.data.held_out is None:
            return
        result = evaluate_held_out(
            self.gradients, self.data.held_out, self.config.held_out_rows, self.data.token_bytes
        )
        state = self.state
        self.recorder.held_out(
            HeldOutMetrics(
                state.step, state.tokens, state.elapsed_s, result.loss, result.bits_per_byte
            )
        )

    def _check_finite(self) -> None:
        if not self.window.is_finite:
            raise ValueError(
                f"loss or gradient is no number any more at step {self.state.step}: try lower"
                f" learning rates; the last checkpoint is in {self.folder / CHECKPOINT}"
            )

    def _save(self) -> None:
        self._check_finite()
        files = {PROVENANCE: self.folder / PROVENANCE}
        if self.config.tokenizer is not None:
            files["tokenizer.json"] = Path(self.config.tokenizer)
        checkpoint = Checkpoint(self.parts.subject, self.parts.optimizer, self.state, files)
        with self.clock.measure("save"):
            save_checkpoint(self.folder / CHECKPOINT, checkpoint, is_writer=self.world.is_first)
        self.saved = time.monotonic()

    def _record(self) -> Records:
        if not self.world.is_first:
            return Silence()
        write_description(self.folder, self.config, self.data.data_hash, self.parts.machine)
        for name in (METRICS, SAMPLES):
            cut_metrics(self.folder / name, self.state.step)
        return Recorder(self.folder)
