"""Plain text, and many samples that are all drawn, from a tiny random model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lintseq.format import Segment, Special, text_of
from lintseq.infer.engine import Answer, Engine, Request, start_engine
from tests.infer.tiny_model import TinyModel, write_tiny_model

DIFF, END = Special.DIFF, Special.END
PROMPT: tuple[Segment, ...] = ("def twice(number):\n",)
EDITS: tuple[Segment, ...] = ("Twice.\n", DIFF)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    model = TinyModel(newline_bias=0.5)
    path = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", model)
    started = start_engine(path, threads=1, has_separate_caches=True)
    yield started
    started.close()


def ask(engine: Engine, prompt: tuple[Segment, ...] = PROMPT, **options: Any) -> Answer:  # noqa: ANN401
    return engine.generate(Request(prompt, **{"stop": "text", "max_tokens": 40, **options}))


def texts(answer: Answer) -> list[str]:
    return [text_of(candidate.segments) for candidate in answer.candidates]


def test_plain_text_has_lines_of_any_form_and_no_marker(engine: Engine) -> None:
    answer = ask(engine, samples=16, temperature=3.0, top_p=1.0)
    written = texts(answer)
    assert sum("\n" in text for text in written) > 8
    assert any(not line.startswith(("+", "@")) for text in written for line in text.split("\n"))
    for candidate in answer.candidates:
        assert DIFF not in candidate.segments
        assert candidate.ended == ("sequence" if candidate.segments[-1] is END else "tokens")
        assert len(candidate.logprobs) <= 40
    assert answer.generated_tokens == sum(len(one.logprobs) for one in answer.candidates)


def test_a_prompt_may_end_anywhere(engine: Engine) -> None:
    for prompt in (("x",), ("x = '<|diff|>'",), ("x\n", DIFF, "\n"), ("é🙂\ud800",)):
        assert ask(engine, prompt).candidates[0].logprobs


@pytest.mark.parametrize("until", [("\n",), ("e", "(("), ("\n", "t"), ("  ", "\n\n")])
def test_it_ends_in_front_of_a_text(engine: Engine, until: tuple[str, ...]) -> None:
    for seed in range(8):
        # One at a time: what else is in a batch decides how its sums are rounded.
        options: dict[str, Any] = {"is_greedy_first": False, "seed": seed, "is_fresh": True}
        (whole,) = texts(ask(engine, **options))
        (candidate,) = ask(engine, until=until, **options).candidates
        places = [whole.find(text) for text in until if text in whole]
        assert text_of(candidate.segments) == (whole[: min(places)] if places else whole)
        assert (candidate.ended == "until") == bool(places)


def test_the_first_may_be_drawn_too(engine: Engine) -> None:
    greedy = texts(ask(engine))[0]
    firsts = {
        texts(ask(engine, is_greedy_first=False, temperature=2.0, seed=seed))[0]
        for seed in range(3)
    }
    assert len(firsts) == 3
    assert greedy not in firsts


@pytest.mark.parametrize(("prompt", "stop"), [(PROMPT, "text"), (EDITS, "edits")])
def test_a_sample_is_known_by_its_number(
    engine: Engine, prompt: tuple[Segment, ...], stop: str
) -> None:
    options: dict[str, Any] = {
        **{"stop": stop, "is_greedy_first": False, "is_fresh": True},
        **{"temperature": 2.0, "min_p": 0.01, "seed": 5},
    }
    together = texts(ask(engine, prompt, samples=8, **options))
    later = texts(ask(engine, prompt, samples=3, first_sample=5, **options))
    assert sum(one == other for one, other in zip(together[5:], later, strict=True)) >= 2
    assert len(set(together)) > 4


def test_what_was_asked_before_changes_nothing_if_it_is_fresh(engine: Engine) -> None:
    options: dict[str, Any] = {"samples": 16, "temperature": 2.0, "is_fresh": True}
    first = ask(engine, **options)
    ask(engine, EDITS, stop="edits", samples=9)
    ask(engine, (*PROMPT, "    return number"), samples=3)
    again = ask(engine, **options)
    assert again.candidates == first.candidates
    assert again.reused_tokens == 0
    assert ask(engine, samples=1).reused_tokens > 0


def test_no_sample_takes_room_from_another(tmp_path: Path) -> None:
    # A model that ends nothing: shared caches cut the last of such samples off.
    path = write_tiny_model(tmp_path / "endless.gguf", TinyModel(edit_bias=40.0))
    engine = start_engine(path, threads=1, has_separate_caches=True)
    try:
        answer = ask(engine, EDITS, stop="edits", samples=16, max_tokens=400, budget_ms=60_000)
    finally:
        engine.close()
    assert {len(candidate.logprobs) for candidate in answer.candidates} == {400}
