"""What a comparison consists of: a list of commands, each of which a person could type.

Each arm is packed, tuned and exported, then every arm writes programs with every setting of the
sweep. What a command leaves lies in a folder of its own, so that an interrupted comparison goes on
where it was: a command that is done is not run again, and one that was cut off goes on by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = ("humaneval", "mbpp")


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to show the same programs to the same model."""

    name: str
    """A method of `examples --method`."""
    format: str
    """How the tuned model writes: a key of `training.answers.FORMATS`."""
    is_sampled: bool
    """Whether a program gives several sequences that differ."""
    title: str


ARMS = (
    Arm("whole", "whole", False, "whole programs"),
    Arm("lintseq", "edits", True, "LintSeq"),
    Arm("random", "edits", True, "RandSeq"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """How samples are drawn."""

    temperature: float
    top_p: float = 0.95
    min_p: float = 0.0

    @property
    def name(self) -> str:
        """What folders and tables call it."""
        parts = [f"T={self.temperature:g}"]
        parts += [f"top-p={self.top_p:g}"] if self.top_p < 1 else []
        parts += [f"min-p={self.min_p:g}"] if self.min_p else []
        return ",".join(parts)


def parse_setting(text: str) -> Setting:
    """The setting that `TEMPERATURE[:TOP_P[:MIN_P]]` names.

    Raises:
        ValueError: it is none with which several samples can be drawn.
    """
    try:
        numbers = [float(part) for part in text.split(":")]
        setting = Setting(*numbers)
    except (ValueError, TypeError) as error:
        raise ValueError(f"wanted TEMPERATURE[:TOP_P[:MIN_P]], got {text!r}") from error
    if not (setting.temperature > 0 and 0 < setting.top_p <= 1 and 0 <= setting.min_p <= 1):
        raise ValueError(f"need temperature > 0, 0 < top-p <= 1 and 0 <= min-p <= 1, got {text!r}")
    return setting


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a comparison."""

    base: Path
    """The checkpoint that is tuned: of a run, or a published model."""
    pairs: Path
    """Instruction and program pairs, JSON lines."""
    folder: Path
    humaneval: Path
    mbpp: Path
    steps: int
    """Optimizer steps of each arm."""
    is_published: bool = False
    instructions: Path | None = None
    """HumanEvalPack, for its wording."""
    sequences: int = 5
    """Edit sequences of each program (the paper's s)."""
    context: int = 1024
    """Tokens in a row."""
    settings: tuple[Setting, ...] = (Setting(0.4), Setting(0.8), Setting(1.0, 1.0, 0.05))
    """The sweep."""
    samples: int = 50
    """Of each problem, with each setting."""
    ks: tuple[int, ...] = (1, 10, 50)
    problems: Mapping[str, int] = field(default_factory=dict)
    """Of a benchmark, at most; all of those that are not named."""
    max_tokens: int = 512
    jobs: int = 2
    device: str = "cpu"
    """What writes programs: "cpu" is llama.cpp, else torch."""
    quantization: str = "F16"
    """Of the models that llama.cpp gets."""
    overrides: tuple[str, ...] = field(default=())
    """Settings of the tuning, `name=value`."""
    seed: int = 0

    def __post_init__(self) -> None:
        counts = (self.steps, self.sequences, self.context, self.samples, self.max_tokens)
        if min(*counts, self.jobs, *self.problems.values()) < 1:
            raise ValueError("steps, sequences, context, samples, problems, max_tokens, jobs >= 1")
        if not self.settings or len(set(self.settings)) < len(self.settings):
            raise ValueError(f"need settings that differ, got {len(self.settings)}")
        if not self.ks or not 1 <= min(self.ks) <= max(self.ks) <= self.samples:
            raise ValueError(f"need 1 <= k <= {self.samples} samples, got k={self.ks}")

    @property
    def tokenizer(self) -> Path:
        """The tokenizer of the rows."""
        return (self.folder if self.is_published else self.base) / "tokenizer.json"

    def model(self, arm: Arm) -> Path:
        """What writes the programs of an arm."""
        is_gguf = self.device == "cpu"
        name = f"model-{self.quantization.lower()}.gguf" if is_gguf else "run/checkpoint"
        return self.folder / arm.name / name

    def data(self, benchmark: str) -> Path:
        """The problems of a benchmark."""
        return self.humaneval if benchmark == "humaneval" else self.mbpp

    def samples_folder(self, arm: Arm, benchmark: str, setting: Setting) -> Path:
        """Where `evaluate --run` keeps the samples of an arm."""
        return self.folder / arm.name / benchmark / setting.name


@dataclass(frozen=True, slots=True)
class Stage:
    """A command of `lintseq-train`."""

    words: tuple[str, ...]
    done: Path | None
    """The file that is there when it is done; None for one that always looks for itself."""


def stages(plan: Plan) -> Iterator[Stage]:
    """The commands, in their order."""
    if plan.is_published:
        words = ("tokenizer", "--from", str(plan.base), "--output", str(plan.tokenizer))
        yield Stage(words, plan.tokenizer)
    for arm in ARMS:
        yield from _made(plan, arm)
    # Arms in turns: what there is after an interruption can be compared.
    for benchmark in BENCHMARKS:
        for setting in plan.settings:
            for arm in ARMS:
                yield _measured(plan, arm, benchmark, setting)


def _made(plan: Plan, arm: Arm) -> Iterator[Stage]:
    """The commands that make the model of an arm."""
    folder = plan.folder / arm.name
    rows, run = folder / "rows", folder / "run"
    yield Stage(
        (
            "examples",
            *("--instructions", str(plan.pairs), "--method", arm.name),
            *("--samples", str(plan.sequences if arm.is_sampled else 1), "--loss", "answer"),
            *("--tokenizer", str(plan.tokenizer), "--context", str(plan.context)),
            *("--seed", str(plan.seed), "--output", str(rows)),
        ),
        rows / "meta.json",
    )
    start = ("--from", str(plan.base)) if plan.is_published else (str(plan.base),)
    overrides = (word for one in plan.overrides for word in ("--set", one))
    yield Stage(
        (
            *("finetune", *start, "--run", str(run), "--rows", str(rows)),
            *("--steps", str(plan.steps), *overrides),
        ),
        None,
    )
    if plan.device == "cpu":
        exported, model = folder / "model-f16.gguf", plan.model(arm)
        words = ("export", str(run / "checkpoint"), str(exported), "--type", "f16")
        yield Stage((*words, "--name", f"lintseq-{arm.name}"), exported)
        if model != exported:
            words = ("quantize", str(exported), str(model), "--type", plan.quantization)
            yield Stage(words, model)


def _measured(plan: Plan, arm: Arm, benchmark: str, setting: Setting) -> Stage:
    folder = plan.samples_folder(arm, benchmark, setting)
    # MBPP's text with the function's signature in it, as the paper asked: models that were tuned on
    # instructions without tests go on with tests when they are shown some.
    prompt = "signature" if benchmark == "mbpp" else "instruction"
    wording = plan.instructions if benchmark == "humaneval" else None
    problems = plan.problems.get(benchmark)
    words = (
        *("evaluate", benchmark, "--model", str(plan.model(arm))),
        *("--data", str(plan.data(benchmark))),
        *(("--instructions", str(wording)) if wording else ()),
        *(("--problems", str(problems)) if problems else ()),
        *("--prompt", prompt, "--format", arm.format, "--samples", str(plan.samples)),
        *("--k", ",".join(map(str, plan.ks)), "--temperature", str(setting.temperature)),
        *("--top-p", str(setting.top_p), "--min-p", str(setting.min_p)),
        *("--max-tokens", str(plan.max_tokens), "--jobs", str(plan.jobs)),
        *(() if plan.device == "cpu" else ("--device", plan.device)),
        *("--seed", str(plan.seed), "--run", str(folder)),
    )
    # A report that is there may be of fewer problems.
    return Stage(words, None)
