"""What is asked of a benchmark on held-out documents."""

from dataclasses import dataclass
from pathlib import Path

from lintseq.infer.ghost import THRESHOLDS
from training.evaluate.surroundings import Nearby


@dataclass(frozen=True, slots=True)
class Options:
    """Each benchmark takes what concerns it."""

    data: tuple[Path, ...]
    """Where the documents come from, for the report."""
    without: tuple[str, ...] = ()
    """The packages left out of them, for the report."""
    count: int = 500
    """Problems, at most."""
    seed: int = 0
    threads: int | None = None
    """Of the model, for the report."""
    format: str = "edits"
    """`lines`: what the model is asked in, one of `fill_in_the_middle.FORMATS`."""
    nearby: Nearby = "folder"
    """At cursors: whose text a proposal may repeat."""
    lines: int = 1
    """How many a proposal may have, where not more are missing."""
    next_lines: int = 3
    """`lines`: how many lines below the cursor's are missing in the second round; 0 for none."""
    calibrate_to: Path | None = None
    """`lines`: fit the confidence and write it to this file."""
    install_calibration: bool = False
    """`lines`: fit the confidence and write it into the manifest beside the model."""
    plot: Path | None = None
    """`lines`, `typing`: the picture to draw."""
    samples: int = 8
    """`repair`: candidates at each problem."""
    threshold: float = THRESHOLDS["normal"]
    """`quiet`, `typing`: the confidence from which on something is shown."""
    length: int = 8
    """`typing`: lines of a passage."""
    alone: bool = False
    """`typing`: nothing follows a passage."""
    training: tuple[Path, ...] = ()
    """`memorized`: the documents that the model was trained on."""

    @property
    def is_calibrating(self) -> bool:
        """Whether half of the documents is for fitting."""
        return self.calibrate_to is not None or self.install_calibration
