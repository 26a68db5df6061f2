"""From what a model wrote to what may be shown: applied to the exact text, and linted.

Pure: text and candidates in, proposals or reasons out. Nothing else decides what an editor
gets to see.
"""

from dataclasses import dataclass, field, replace

from lintseq.generated import Generated, read_generated
from lintseq.imports.known import Surroundings, sure_imports
from lintseq.indentation import indented_like
from lintseq.infer.bring import behind_import, bring, undefined_names, ways
from lintseq.infer.calibration import Calibration, confidence_of
from lintseq.infer.judge import Verdict, judge_line, judge_step
from lintseq.infer.needed import bring_needed
from lintseq.infer.request import Candidate
from lintseq.infer.written import (
    LONE_RETURNS,
    has_lone_returns,
    newline_of,
    without_following_lines,
    without_overlap,
    written_at_cursor,
)
from lintseq.lint import Finding, has_waiver
from lintseq.program import Edit, EditSequence, Hunk, Lines, split_lines
from lintseq.source import is_encodable
from lintseq.tasks import CursorTask, EditTask

NOTHING_MISSING = "nothing is missing on this line"
_WAIVER = "it would silence the linter"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits that were applied to the exact text and add no finding at any step."""

    edits: EditSequence
    """Whole lines to insert into the text; for a stub, into the text without its placeholder.

    Nothing for a proposal at the cursor, which continues a line.
    """
    steps: tuple[str, ...]
    """The whole text after each edit."""
    shown: str
    """What is inserted at the cursor; nothing for edits elsewhere."""
    confidence: float
    """The probability, from 0 to 1, that this is what was wanted."""
    imports: tuple[str, ...] = ()
    """For a proposal at the cursor: the import lines, without newlines, that come with it."""
    logprobs: tuple[float, ...] = field(default=(), compare=False, repr=False)
    """For a proposal at the cursor: of its tokens, what the confidence was computed from."""

    @property
    def text(self) -> str:
        """The whole text after all edits."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a candidate is not shown."""

    reason: str
    findings: tuple[Finding, ...] = ()


def propose_at_cursor(
    task: CursorTask,
    candidate: Candidate,
    p_edit: float,
    calibration: Calibration | None = None,
    where: Surroundings | None = None,
) -> Proposal | Rejected:
    """The text to insert at the cursor, verified, or why there is none.

    Args:
        task: what was asked.
        candidate: what the model answered.
        p_edit: the probability that something is missing.
        calibration: of the model.
        where: from where imports may be known; None brings no imports along.
    """
    shown = written_at_cursor(task, candidate)
    if shown is None:
        return Rejected("the model did not finish the line")
    if not shown.strip():
        return Rejected(NOTHING_MISSING)
    if not (shown := without_following_lines(task, shown)).strip():
        return Rejected("it repeats what follows")
    confidence = confidence_of(calibration, candidate.logprobs, p_edit)
    outcomes = (
        verify_at_cursor(task.text, task.offset, way, confidence, where)
        for way in (shown, *without_overlap(task, shown))
    )
    first = next(outcomes)
    for each in (first, *outcomes):
        if isinstance(each, Proposal):
            return replace(each, logprobs=candidate.logprobs)
    return first


def verify_at_cursor(
    text: str,
    offset: int,
    shown: str,
    confidence: float,
    where: Surroundings | None = None,
) -> Proposal | Rejected:
    """The proposal to insert `shown` at `offset` of `text`, if it lints clean there.

    With `where`, an undefined name that an import surely brings there is no obstacle: the import
    comes with the proposal, and both were verified as a pair, and so was the import alone, which
    follows when the text has been accepted.
    """
    if any(map(has_waiver, shown.splitlines())):
        return Rejected(_WAIVER)
    if reason := _unwritable(text, shown):
        return Rejected(reason)
    verdict = _judge_at(text, offset, shown)
    accepted = text[:offset] + shown + text[offset:]
    if verdict.is_clean:
        return Proposal(EditSequence(), (accepted,), shown, confidence)
    names = () if where is None else undefined_names(verdict.findings)
    use = text[text.rfind("\n", 0, offset) + 1 : offset] + shown
    known = [sure_imports(name, use, text, where) for name in names if where]
    for imports in ways(known):
        brought = bring(text, imports) if imports else None
        if brought is None or bring_needed(accepted, imports) is None:
            continue
        moved = offset + (brought.length if offset >= brought.offset else 0)
        if _judge_at(brought.text, moved, shown).is_clean:
            new = brought.text[:moved] + shown + brought.text[moved:]
            return Proposal(EditSequence(), (brought.text, new), shown, confidence, imports)
    return _rejected(verdict)


def _judge_at(text: str, offset: int, shown: str) -> Verdict:
    line = text.count("\n", 0, offset)
    after = split_lines(text[:offset] + shown + text[offset:])
    return judge_line(split_lines(text), line, after, line + shown.count("\n"))


def propose_edits(
    task: EditTask,
    candidate: Candidate,
    p_edit: float,
    calibration: Calibration | None = None,
    *,
    steps: int | None = None,
    where: Surroundings | None = None,
) -> Proposal | Rejected:
    """The edits of the candidate, each verified on the text the one before it leaves.

    With `steps`, at most so many of them; the model need not have finished behind those. With
    `where`, an undefined name that a known import brings is repaired by the import as the first
    edit.
    """
    generated = read_generated((task.forced, *candidate.segments))
    if reason := _unfit(generated, candidate, task, steps):
        return Rejected(reason)
    edits = EditSequence(tuple(_in_file(edit, task) for edit in generated.edits[:steps]))
    use = "".join(line for edit in edits.edits for hunk in edit.hunks for line in hunk.lines)
    if any(map(has_waiver, use.split("\n"))):
        return Rejected(_WAIVER)
    if reason := _unwritable(task.text, use):
        return Rejected(reason)
    confidence = confidence_of(calibration, candidate.logprobs, p_edit)
    outcome = _verified(task, edits, confidence)
    if isinstance(outcome, Proposal) or where is None:
        return outcome
    start = "".join(_without_placeholder(task))
    names = undefined_names(outcome.findings)
    for imports in ways([sure_imports(name, use, task.text, where) for name in names]):
        if imports and (brought := bring(start, imports)):
            repaired = _verified(task, behind_import(edits, brought), confidence)
            if isinstance(repaired, Proposal):
                return repaired
    return outcome


def _verified(task: EditTask, edits: EditSequence, confidence: float) -> Proposal | Rejected:
    start = _without_placeholder(task)
    texts = tuple(_as_file("".join(state), task.text) for state in edits.states(start))
    if texts[-1].split() in (task.text.split(), "".join(start).split()):
        return Rejected("it adds nothing but space")
    for step in texts:
        verdict = judge_step(task.text, step)
        if not verdict.is_clean:
            return _rejected(verdict)
    return Proposal(edits, texts, "", confidence)


def _unwritable(text: str, added: str) -> str:
    """Why the file could not be written as it was; nothing if it can."""
    if "\ufffd" in added:
        return "the model wrote half a character"
    if not (added.isascii() or not is_encodable(text) or is_encodable(text + added)):
        return "the encoding that the file names cannot write it"
    return LONE_RETURNS if "\n" in added and has_lone_returns(text) else ""


def _unfit(generated: Generated, candidate: Candidate, task: EditTask, steps: int | None) -> str:
    """Why what was written is no edit of the window; nothing if it is."""
    if not generated.edits:
        return "the model wrote no whole edit"
    is_whole = generated.ended or candidate.ended == "edit"
    if not is_whole and (steps is None or len(generated.edits) <= steps):
        return "the model did not finish"
    if not _is_within_window(generated.edits[:steps], task):
        return "the model named a place that is not there"
    return ""


def _is_within_window(edits: tuple[Edit, ...], task: EditTask) -> bool:
    """Whether each place is one that the model was shown, and may write at."""
    snapshot = task.snapshot
    first, last = 0, len(snapshot.before) + len(snapshot.after)
    if task.places is not None:
        first, last = task.places[0] - snapshot.first, task.places[-1] - snapshot.first
    for edit in edits:
        if edit.hunks[0].at < first or edit.hunks[-1].at > last:
            return False
        last += edit.inserted
    return True


def _without_placeholder(task: EditTask) -> Lines:
    is_ended = task.text.endswith("\n") or not task.text
    lines = split_lines(task.text if is_ended else task.text + newline_of(task.text))
    return lines[: task.removed.start] + lines[task.removed.stop :] if task.removed else lines


def _in_file(edit: Edit, task: EditTask) -> Edit:
    """The edit with the line numbers and line ends of the file instead of the window's."""
    newline = newline_of(task.text)
    return Edit(
        tuple(
            Hunk(
                hunk.at + task.snapshot.first,
                tuple(
                    indented_like(task.text, line.rstrip("\r\n")) + newline for line in hunk.lines
                ),
            )
            for hunk in edit.hunks
        )
    )


def _as_file(state: str, text: str) -> str:
    """The state with a final newline only if the file had one."""
    return state if text.endswith("\n") or not text else state.removesuffix(newline_of(text))


def _rejected(verdict: Verdict) -> Rejected:
    if verdict.reason:
        return Rejected(verdict.reason)
    first = verdict.findings[0]
    return Rejected(_in_words(first), verdict.findings)


def _in_words(finding: Finding) -> str:
    match finding.kind:
        case "UndefinedName":
            return f"undefined name {finding.name!r}"
        case "SyntaxError" | "CompilerError":
            return f"syntax error: {finding.name}"
    return f"{finding.kind} {finding.name}".strip()
