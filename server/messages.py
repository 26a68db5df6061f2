"""The parameters and results of the custom requests, and how a JSON value becomes one.

Positions and edits inside them are LSP's own types, so that a plain client works with them.
"""

from dataclasses import dataclass
from typing import Literal, TypeVar

import cattrs
from cattrs.v import format_exception
from lsprotocol import converters, types

STATUS = "lintseq/status"
PROPOSE = "lintseq/propose"
STEPS = "lintseq/steps"
ACCEPT = "lintseq/accept"
SKIP = "lintseq/skip"
UNDO = "lintseq/undo"
TAB = "lintseq/tab"
REJECT = "lintseq/reject"

Kind = Literal["cursor", "implement", "nextEdit", "instruct", "import", "define"]
Parameters = TypeVar("Parameters")


@dataclass(frozen=True, slots=True)
class ProposeParameters:
    """Asks for a proposal at a place of an open text."""

    uri: str
    version: int
    position: types.Position
    kind: Kind = "cursor"
    end: types.Position | None = None
    """For "instruct": the end of the selection that begins at `position`."""
    instruction: str = ""
    """For "instruct": the user's words."""
    name: str = ""
    """For "import" and "define": the undefined name; "" is the word at the position."""
    statement: str = ""
    """For "import": the line to insert; "" is the likeliest that is known."""
    test: str = ""
    """For "implement": a test function of the same file to be passed, if such may be run."""

    def __post_init__(self) -> None:
        if (self.kind == "instruct") != bool(self.instruction.strip()):
            raise ValueError(
                f'"instruct" and no other kind has an instruction, got {self.kind!r} with '
                f"{self.instruction!r}"
            )


@dataclass(frozen=True, slots=True)
class PlaceParameters:
    """A place of an open text, at a version."""

    uri: str
    version: int
    position: types.Position


@dataclass(frozen=True, slots=True)
class Tab:
    """Whether the Tab key accepts ghost text at a place, or indents."""

    accepts: bool
    reason: str = ""
    """Why it does not."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Whether there was something to reject."""

    rejected: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """The answer to `lintseq/propose`: the best proposal, or why there is none."""

    edit: types.WorkspaceEdit | None = None
    """The whole proposal as one edit."""
    shown: str = ""
    """For the kind "cursor": the text to insert at the cursor."""
    steps: tuple[str, ...] = ()
    """The whole text after each step."""
    confidence: float | None = None
    passed: int = 0
    """How many examples and tests it was run against, and passed."""
    silent: str | None = None
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One verified step: the edit of the text that the step before left, and that as a diff."""

    number: int
    """From 0, the same as long as the proposal is stepped through."""
    label: str
    edit: types.WorkspaceEdit
    diff: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The answer to `lintseq/steps`: the steps of the best proposal, or why there is none."""

    id: int | None = None
    """What the proposal is called in what is asked next."""
    steps: tuple[Step, ...] = ()
    silent: str | None = None
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class StepParameters:
    """Asks to accept, skip or undo a step of the proposal that `lintseq/steps` called `id`."""

    uri: str
    version: int
    id: int
    step: int | None = None
    """The last step to accept, or the one to skip; None is the next one."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What to apply, and what is offered then."""

    edit: types.WorkspaceEdit | None = None
    """None for a step that is skipped, and when there is something wrong."""
    steps: tuple[Step, ...] = ()
    """The steps ahead, the first one an edit of the text behind `edit`."""
    taken: tuple[int, ...] = ()
    """The numbers of the steps that are in the text then."""
    silent: str | None = None


def _strict_converter() -> cattrs.Converter:
    """LSP's converter, which would make a text of any value."""
    converter = converters.get_converter()
    converter.register_structure_hook(str, _text)
    return converter


def _text(value: object, _wanted: type) -> str:
    if not isinstance(value, str):
        raise ValueError(f"wanted a string, got {value!r}")
    return value


_CONVERTER = _strict_converter()


def structured(value: object, wanted: type[Parameters]) -> Parameters:
    """`value`, a JSON value, as the parameters `wanted`.

    Raises:
        ValueError: something is missing or of another type; the message says what.
    """
    try:
        return _CONVERTER.structure(value, wanted)
    except (cattrs.BaseValidationError, TypeError, KeyError, ValueError) as error:
        problems = (
            cattrs.transform_error(error, format_exception=_in_words)
            if isinstance(error, cattrs.BaseValidationError)
            else [str(error)]
        )
        raise ValueError(f"not {wanted.__name__}: {'; '.join(problems)}") from error


def _in_words(error: BaseException, wanted: type | None) -> str:
    """What is wrong; a check of our own says more than that a value is invalid."""
    return str(error) if type(error) is ValueError else format_exception(error, wanted)
