"""The promises of sequences and transcripts, over generated programs and the standard library."""

import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from unidiff.patch import PatchSet

from lintseq.errors import FormatError
from lintseq.format import (
    SEPARATOR,
    Segment,
    Special,
    Transcript,
    parse,
    render,
    render_edit,
    text_of,
)
from lintseq.generated import read_generated
from lintseq.lint import added, lint
from lintseq.program import Edit, EditSequence, Hunk, Lines, split_lines
from lintseq.sample import sample_edits
from lintseq.source import Source, decode_source, replay_bytes
from tests.lintseq.programs import programs, texts

SEEDS = st.integers(0, 3)
INSTRUCTIONS = st.one_of(
    st.text(),
    st.sampled_from(
        ["<|diff|>", "<|endoftext|>", "a\n", "\n", "+x\n@@ -0,0 +1 @@", "\n\n<|diff", "@@"]
    ),
)
# Generating a program takes some time, and not every one is free of findings.
LAWS = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def sampled(lines: Lines, seed: int = 0, *, keep_findings: bool = False) -> EditSequence:
    return sample_edits(lines, random.Random(str(seed)), keep_findings=keep_findings)


def check_sequence(lines: Lines, edits: EditSequence) -> None:
    """The edits build the program, only insert, and bring no finding that it does not have."""
    baseline = lint("".join(lines))
    before: Lines = ()
    for edit, state in zip(edits.edits, edits.states(), strict=True):
        assert edit.hunks
        assert is_subsequence(before, state)
        assert len(state) == len(before) + edit.inserted
        assert not added(baseline, lint("".join(state)))
        before = state
    assert before == lines


def is_subsequence(some: Lines, lines: Lines) -> bool:
    rest = iter(lines)
    return all(line in rest for line in some)


@LAWS
@given(programs(), SEEDS)
def test_sampling(lines: Lines, seed: int) -> None:
    edits = sampled(lines, seed)
    check_sequence(lines, edits)
    assert edits == sampled(lines, seed)


@LAWS
@given(texts(), SEEDS)
def test_no_prefix_adds_a_finding(lines: Lines, seed: int) -> None:
    check_sequence(lines, sampled(lines, seed, keep_findings=True))


@LAWS
@given(st.lists(st.sampled_from(["x", "def f(:", " y", "\t)", "'''", "", "\\"]), max_size=12))
def test_sampling_of_what_does_not_parse(lines: list[str]) -> None:
    program = split_lines("\n".join(lines))
    edits = sampled(program, keep_findings=True)
    assert edits.replay() == program


@LAWS
@given(texts(), SEEDS, st.integers(0, 30))
def test_fixed_lines_stay(lines: Lines, seed: int, fixed: int) -> None:
    fixed = min(fixed, len(lines))
    edits = sample_edits(lines, random.Random(seed), keep_findings=True, fixed=fixed)
    assert edits.replay(lines[:fixed]) == lines
    assert all(edit.hunks[0].at >= fixed for edit in edits.edits)


@LAWS
@given(texts(), INSTRUCTIONS)
def test_transcripts_are_read_as_they_were_written(lines: Lines, instruction: str) -> None:
    assume(SEPARATOR not in instruction)
    transcript = Transcript(instruction, sampled(lines, keep_findings=True))
    assert parse(text_of(render(transcript))) == transcript


@LAWS
@given(texts(), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_bytes_come_back(lines: Lines, mark: bytes) -> None:
    data = mark + "".join(lines).encode()
    source = decode_source(data)
    assert source == Source("".join(lines), "utf-8", mark)
    edits = sampled(lines, keep_findings=True)
    assert replay_bytes(source.transcript(edits)) == data


PIECES = (
    *("@", "+", "-", ",", "0", "1", " ", "\n", "x", "\\", "\r"),
    *("<|diff|>", "<|endoftext|>", "\n<|diff|>", "+x\n", "\\ No newline at end of file\n"),
    *("@@ -0,0 +1 @@\n", "@@ -0,0 +1,2 @@\n", "@@ -1,0 +2 @@\n", "@@ -1,0 +3,0 @@\n"),
)


@settings(max_examples=400)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for ending in ("", "\n<|diff|>\n<|diff|><|endoftext|>"):
        check_parse(text + ending)


def check_parse(text: str) -> None:
    """A text is refused, or is what its parts are rendered to."""
    try:
        transcript = parse(text)
    except FormatError:
        return
    assert text_of(render(transcript)) == text


@LAWS
@given(programs(), st.data())
def test_damaged_transcripts_are_parsed_or_refused(lines: Lines, data: st.DataObject) -> None:
    text = text_of(render(Transcript("", sampled(lines))))
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(start + 20, len(text))))
    patch = data.draw(st.sampled_from(["", "@@", "+", "\n", "-", "9", "<|diff|>", "\n<|diff|>"]))
    check_parse(text[:start] + patch + text[stop:])


def generated_of(edits: EditSequence) -> tuple[Segment, ...]:
    """What a model writes behind the `<|diff|>` of a prompt with an empty state."""
    return render(Transcript("", edits))[2:]


def without_missing_newline(edits: EditSequence) -> EditSequence:
    """Generated lines are whole lines, whatever stands behind them."""
    return EditSequence(
        tuple(
            Edit(
                tuple(
                    Hunk(hunk.at, tuple(line.removesuffix("\n") + "\n" for line in hunk.lines))
                    for hunk in edit.hunks
                )
            )
            for edit in edits.edits
        )
    )


@LAWS
@given(programs())
def test_generated_edits_are_read(lines: Lines) -> None:
    edits = sampled(lines)
    generated = read_generated(generated_of(edits))
    assert generated.edits == without_missing_newline(edits).edits
    assert generated.ended


@LAWS
@given(programs(), st.data())
def test_cut_generations_give_the_first_lines(lines: Lines, data: st.DataObject) -> None:
    edits = sampled(lines)
    whole = without_missing_newline(edits).edits
    cut, is_whole = cut_segments(generated_of(edits), data.draw(st.integers(0, 2000)))
    got = read_generated(cut)
    assert not got.ended or is_whole or got.edits == whole
    *full, last = got.edits or [Edit()]
    assert tuple(full) == whole[: len(full)]
    if last.hunks:
        check_beginning(last, whole[len(full)])


def check_beginning(part: Edit, whole: Edit) -> None:
    """An edit is the beginning of another, line by line."""
    *hunks, last = part.hunks
    assert tuple(hunks) == whole.hunks[: len(hunks)]
    other = whole.hunks[len(hunks)]
    assert last.at == other.at
    assert last.lines == other.lines[: len(last.lines)]


def cut_segments(segments: tuple[Segment, ...], length: int) -> tuple[list[Segment], bool]:
    """The segments up to a number of characters; a control token is one."""
    cut: list[Segment] = []
    for segment in segments:
        if length <= 0:
            return cut, False
        if isinstance(segment, Special):
            cut.append(segment)
            length -= 1
        else:
            cut.append(segment[:length])
            length -= len(segment)
    return cut, length >= 0


@LAWS
@given(st.lists(st.one_of(st.sampled_from(Special), st.text("@+-,0123 \nx\\", max_size=30))))
def test_any_generation_is_read(segments: list[Segment]) -> None:
    for edit in read_generated(segments).edits:
        assert edit.hunks


@LAWS
@given(programs())
def test_unidiff_reads_every_edit(lines: Lines) -> None:
    # unidiff ends lines where `str.splitlines` does, which a diff does not.
    assume(all(len(line.splitlines()) == 1 for line in lines))
    before: Lines = ()
    edits = sampled(lines)
    for edit, state in zip(edits.edits, edits.states(), strict=True):
        assert applied_by_unidiff(before, edit) == state
        before = state


def applied_by_unidiff(before: Lines, edit: Edit) -> Lines:
    (file,) = PatchSet(f"--- a/x.py\n+++ b/x.py\n{render_edit(edit)}")
    after = list(before)
    for hunk in file:
        assert hunk.source_length == 0
        written = [line.value for line in hunk if line.is_added]
        if any(line.line_type == "\\" for line in hunk):
            written[-1] = written[-1].removesuffix("\n")
        after[hunk.target_start - 1 : hunk.target_start - 1] = written
    return tuple(after)


def small_modules() -> list[Path]:
    root = Path(sysconfig.get_path("stdlib"))
    found = sorted(
        path
        for path in (*root.glob("*.py"), *root.glob("[a-s]*/*.py"))
        if "site-packages" not in path.parts and path.read_bytes().count(b"\n") < 400
    )
    return found[::12]


@pytest.mark.parametrize(
    "path", small_modules(), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_module_of_the_standard_library(path: Path) -> None:
    source = decode_source(path.read_bytes())
    lines = split_lines(source.text)
    edits = sampled(lines, keep_findings=True)
    check_sequence(lines, edits)
    assert replay_bytes(source.transcript(edits)) == path.read_bytes()
