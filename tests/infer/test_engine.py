"""The engine on a tiny random model, through a real worker and a real llama.cpp."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lintseq.errors import EngineError
from lintseq.format import HEADER, Segment, Special, header, text_of
from lintseq.generated import read_generated
from lintseq.infer.engine import Answer, Engine, PromptTooLong, Request, start_engine
from tests.infer.tiny_model import TinyModel, write_tiny_model

DIFF = Special.DIFF
PROMPT: tuple[Segment, ...] = ("\n", DIFF, f"{header(0, 1, 2)}+a = 1\n+b = 2\n", DIFF)
HEADER_3 = header(2, 3, 1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")
    started = start_engine(path, threads=1)
    yield started
    started.close()


@pytest.fixture(scope="module")
def slow_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    model = TinyModel(layers=16, context=8192)
    path = write_tiny_model(tmp_path_factory.mktemp("model") / "slow.gguf", model)
    started = start_engine(path, threads=1)
    yield started
    started.close()


def ask(engine: Engine, prompt: tuple[Segment, ...] = PROMPT, **options: Any) -> Answer:  # noqa: ANN401
    return engine.generate(Request(prompt, **options))


def long_prompt(lines: int) -> tuple[Segment, ...]:
    body = "".join(f"+name_{number} = {number}\n" for number in range(lines))
    return ("\n", DIFF, f"{header(0, 1, lines)}{body}", DIFF)


def text(answer: Answer, index: int = 0) -> str:
    return text_of(answer.candidates[index].segments)


def test_model_info(engine: Engine) -> None:
    info = engine.model
    assert (info.name, info.format_version, info.linter) == ("tiny", 1, "pyflakes 4.1.0")
    assert info.context == 512
    assert info.size_bytes == info.path.stat().st_size
    assert info.parameters > 100_000
    assert "F32" in info.quantization
    assert info.metadata["general.architecture"] == "llama"


def test_markers_typed_as_text_are_text(engine: Engine) -> None:
    assert engine.count((DIFF,)) == 1
    assert engine.count(("<|diff|>", DIFF)) > 4
    assert engine.count(("<|endoftext|>",)) > 4
    typed = ask(engine, ("x = '<|diff|>'\n", DIFF))
    real = ask(engine, ("x = '", DIFF, "'\n", DIFF))
    assert typed.prompt_tokens > real.prompt_tokens
    assert typed.p_edit != real.p_edit


@pytest.mark.parametrize(
    "prompt", [(DIFF,), ("", DIFF), ("\n", DIFF), (" \t\r\n\0\x0c", DIFF), ("\ud800é🙂", DIFF)]
)
def test_odd_prompts(engine: Engine, prompt: tuple[Segment, ...]) -> None:
    answer = ask(engine, prompt, forced=f"{header(0, 1, 1)}+é🙂")
    assert answer.candidates[0].ended in ("edit", "tokens")


def test_adjacent_texts_are_one(engine: Engine) -> None:
    assert engine.count(("im", "port", DIFF)) == engine.count(("import", DIFF))


@pytest.mark.parametrize("typed", ["", "import", "impor", "    return", "x = (", "'é", "    "])
def test_line_ends_with_its_newline(engine: Engine, typed: str) -> None:
    answer = ask(engine, forced=f"{HEADER_3}+{typed}", max_tokens=200)
    candidate = answer.candidates[0]
    assert candidate.ended == "edit"
    assert text(answer).endswith("\n")
    assert text(answer).count("\n") == 1
    assert candidate.line_tokens == (len(candidate.logprobs),)
    assert all(logprob <= 0 for logprob in candidate.logprobs)


def test_free_choice_is_an_edit_or_none(engine: Engine) -> None:
    answer = ask(engine, samples=16, temperature=5.0, top_p=1.0, stop="edits", max_tokens=60)
    for candidate in answer.candidates:
        for edit in text_of(candidate.segments).removesuffix(Special.END).split(DIFF):
            assert edit == "" or edit[0] in "\n@"
            assert all(line[0] in "+@\\" for line in edit.split("\n") if line)


def test_closed_sequence_is_read_as_closed(engine: Engine) -> None:
    candidate = ask(engine).candidates[0]
    assert candidate.ended == "sequence"
    assert read_generated(candidate.segments).ended


def test_further_lines_are_edits_at_the_next_numbers(tmp_path: Path) -> None:
    model = TinyModel(edit_bias=20.0)
    engine = start_engine(write_tiny_model(tmp_path / "eager.gguf", model), threads=1)
    try:
        answer = ask(
            engine, forced=f"{HEADER_3}+x", lines=3, line_number=3, max_tokens=400, budget_ms=20_000
        )
    finally:
        engine.close()
    candidate = answer.candidates[0]
    headers = [part for part in candidate.segments if HEADER.match(part)]
    assert answer.p_edit > 0.5
    assert candidate.ended == "edit"
    assert [HEADER.match(part)[0] for part in headers] == [header(3, 4, 1), header(4, 5, 1)]  # type: ignore[index]
    assert len(candidate.line_tokens) == 3
    assert sum(candidate.line_tokens) == len(candidate.logprobs)


def test_decision_is_the_same_beside_forced_text(engine: Engine) -> None:
    prompt = ("x = 12\n", DIFF)
    forced = ask(engine, prompt, forced=f"{header(0, 1, 1)}+y")
    ask(engine, long_prompt(5))
    alone = ask(engine, prompt, max_tokens=0)
    assert forced.p_edit == pytest.approx(alone.p_edit, rel=1e-2)
    assert alone.candidates[0].segments == ()


def test_what_has_become_too_unlikely_is_not_finished(engine: Engine) -> None:
    options: dict[str, Any] = {"forced": f"{HEADER_3}+", "stop": "edits", "max_tokens": 30}
    options |= {"samples": 8, "temperature": 2.0}
    whole = ask(engine, **options)
    cut = ask(engine, **options, gives_up_below=-8.0)
    given_up = [each for each in cut.candidates if each.ended == "unsure"]
    assert given_up
    assert cut.generated_tokens < whole.generated_tokens
    for candidate in cut.candidates:
        *earlier, _ = candidate.logprobs
        assert sum(earlier) >= -8.0
        assert (sum(candidate.logprobs) < -8.0) == (candidate in given_up)


def test_first_of_many_is_the_greedy_one(engine: Engine) -> None:
    forced = f"{HEADER_3}+if "
    alone = ask(engine, forced=forced).candidates[0]
    many = ask(engine, forced=forced, samples=8, temperature=3.0).candidates
    assert many[0].segments == alone.segments
    assert many[0].logprobs == pytest.approx(alone.logprobs, abs=0.02)
    assert len({candidate.segments for candidate in many}) > 1


def test_samples_depend_on_the_seed_only(engine: Engine) -> None:
    options: dict[str, Any] = {"forced": f"{HEADER_3}+if ", "samples": 6, "temperature": 3.0}
    first = ask(engine, seed=1, **options)
    again = ask(engine, seed=1, **options)
    other = ask(engine, seed=2, **options)
    texts = [[text(answer, index) for index in range(6)] for answer in (first, again, other)]
    assert texts[0] == texts[1] != texts[2]


def test_growing_prompt_is_reused(engine: Engine) -> None:
    ask(engine, ("nothing in common\n", DIFF))
    cold = ask(engine, long_prompt(30), forced=f"{header(30, 31, 1)}+x")
    warm = ask(engine, long_prompt(30), forced=f"{header(30, 31, 1)}+x = ")
    other = ask(engine, (*long_prompt(30), f"{header(30, 31, 1)}+x = 1\n", DIFF))
    assert cold.reused_tokens < 5
    assert warm.reused_tokens >= engine.count(long_prompt(30))
    assert warm.p_edit == cold.p_edit
    assert other.reused_tokens >= engine.count(long_prompt(30))


def test_full_cache_cuts_the_last_samples_first(tmp_path: Path) -> None:
    # This model never closes a sequence, so 16 candidates of 400 tokens need 6,400 cells.
    path = write_tiny_model(tmp_path / "endless.gguf", TinyModel(edit_bias=40.0))
    engine = start_engine(path, threads=1)
    try:
        answer = ask(
            engine, stop="edits", samples=16, max_tokens=400, temperature=1.0, budget_ms=60_000
        )
    finally:
        engine.close()
    lengths = [len(candidate.logprobs) for candidate in answer.candidates]
    assert {candidate.ended for candidate in answer.candidates} == {"tokens"}
    assert lengths[0] == 400
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < 400


def test_what_was_asked_before_does_not_matter(engine: Engine) -> None:
    """The cache follows the prompts, also behind branches, refused edits and cut-off answers."""
    rng = random.Random(5)
    wanted = {lines: ask(engine, long_prompt(lines), max_tokens=0).p_edit for lines in (3, 9, 20)}
    for _ in range(30):
        lines = rng.choice([3, 9, 20])
        answer = ask(
            engine,
            long_prompt(lines),
            forced=rng.choice(["", f"{header(lines, lines + 1, 1)}+na", "@@ -3,0 +4"]),
            samples=rng.choice([1, 3]),
            stop=rng.choice(["line", "edits"]),
            lines=rng.choice([1, 3]),
            line_number=lines + 1,
            max_tokens=rng.choice([0, 3, 40]),
            temperature=3.0,
        )
        assert answer.p_edit == pytest.approx(wanted[lines], rel=1e-2)


def test_token_limit(engine: Engine) -> None:
    candidate = ask(engine, forced=f"{HEADER_3}+(", max_tokens=1).candidates[0]
    assert len(candidate.logprobs) <= 1


def test_prompt_too_long(engine: Engine) -> None:
    with pytest.raises(PromptTooLong, match="context of 512"):
        ask(engine, long_prompt(200))
    assert ask(engine).candidates


@pytest.mark.parametrize(
    "options",
    [
        {"prompt": ()},
        {"prompt": ("x\n",)},
        {"prompt": ("<|diff|>",)},
        {"samples": 0},
        {"samples": 17},
        {"first_sample": -1},
        {"min_p": 1.5},
        {"until": ("x",)},
        {"stop": "text", "until": ("",)},
        {"stop": "text", "prompt": ("",)},
        {"lines": 2},
        {"max_tokens": -1},
        {"budget_ms": 0},
        {"temperature": 0.0},
        {"top_p": 1.5},
    ],
)
def test_wrong_requests_cannot_be_made(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got"):
        Request(**{"prompt": PROMPT, **options})


def test_cancel_stops_a_long_prompt_and_keeps_what_was_done(slow_engine: Engine) -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    request = Request(long_prompt(600), budget_ms=60_000, samples=2)
    answer = slow_engine.generate(request, cancel)
    assert time.monotonic() - started < 20
    assert [candidate.ended for candidate in answer.candidates] == ["cancelled", "cancelled"]
    # The warm part is not computed again.
    resumed = slow_engine.generate(Request(long_prompt(600), budget_ms=200))
    assert resumed.reused_tokens >= 512
    assert resumed.candidates[0].ended == "time"


def test_budget_ends_a_long_prompt(slow_engine: Engine) -> None:
    answer = ask(slow_engine, ("other\n", *long_prompt(600)), budget_ms=200)
    assert answer.candidates[0].ended == "time"


def test_one_waits_for_the_other_and_may_be_cancelled_meanwhile(slow_engine: Engine) -> None:
    first_cancel, second_cancel = threading.Event(), threading.Event()
    request = Request(("first\n", *long_prompt(600)), budget_ms=60_000)
    first = threading.Thread(target=slow_engine.generate, args=[request, first_cancel])
    first.start()
    time.sleep(0.1)
    second_cancel.set()
    started = time.monotonic()
    waiting = slow_engine.generate(Request(PROMPT), second_cancel)
    assert waiting.candidates[0].ended == "cancelled"
    assert slow_engine.count(PROMPT) > 10
    assert time.monotonic() - started < 20
    first_cancel.set()
    first.join()
    assert ask(slow_engine).candidates[0].ended == "sequence"


def test_broken_weights_are_an_error(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "nan.gguf", TinyModel(newline_bias=float("nan")))
    engine = start_engine(path, threads=1)
    try:
        with pytest.raises(EngineError, match="output is broken"):
            ask(engine)
    finally:
        engine.close()
