"""What stands near a cursor, and what of its repetition is mixed into the model's distribution."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq.format import Special, header, text_of
from lintseq.infer.ask import Judgement, complete
from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.local_model import Followers, Scope, followers, mixed
from lintseq.infer.locality import (
    LONGEST,
    MOST_CHARACTERS,
    Facts,
    Locality,
    Nearby,
    Trust,
    nearby,
    read_locality,
)
from lintseq.infer.request import Request
from lintseq.infer.sampling import normalized
from lintseq.infer.wire import decode_request, encode_request
from lintseq.tasks import cursor_task
from tests.infer.tiny_model import write_tiny_model

FULL = Trust(20.0, 0.0, 0.0, 0.0, 0.0, 0.0)
NONE = Trust(-20.0, 0.0, 0.0, 0.0, 0.0, 0.0)
TOKENS = st.lists(st.integers(0, 4), max_size=40)
TEXT = "import os\n\n\ndef first(path):\n    return os.stat(path)\n\n\ndef second(path):\n    \n"


def followers_by_hand(tokens: Sequence[int], context: Sequence[int]) -> tuple[int, Counter[int]]:
    for length in range(min(LONGEST, len(context)), 0, -1):
        wanted = list(context[-length:])
        found = Counter(
            tokens[end]
            for end in range(length, len(tokens))
            if list(tokens[end - length : end]) == wanted and tokens[end] >= 0
        )
        if found:
            return length, found
    return 0, Counter()


@given(TOKENS, TOKENS, TOKENS)
def test_what_follows_is_what_a_search_by_hand_finds(
    one: list[int], other: list[int], context: list[int]
) -> None:
    tokens = [*one, -1, *other]
    found = followers(np.array(tokens, dtype=np.int32), context)
    length, counts = followers_by_hand(tokens, context)
    if found is None:
        assert not counts
    else:
        assert found.length == length
        assert dict(zip(found.tokens.tolist(), found.counts.tolist(), strict=True)) == counts


@given(
    st.lists(st.floats(-8, 8), min_size=5, max_size=5),
    st.sets(st.integers(0, 4), max_size=4),
    TOKENS,
    TOKENS,
    st.floats(-5, 5),
)
def test_a_mixture_is_a_distribution(
    logits: list[float], forbidden: set[int], tokens: list[int], context: list[int], trust: float
) -> None:
    mask = np.array([-np.inf if token in forbidden else 0 for token in range(5)], dtype=np.float32)
    logprobs = normalized(np.array(logits, dtype=np.float32) + mask)
    scope = Scope(np.array(tokens, dtype=np.int32), Trust(trust, 1.0, 1.0, 1.0, 1.0, 1.0))
    mixture = mixed(logprobs, [scope, scope], context)
    assert np.exp(mixture.astype(np.float64)).sum() == pytest.approx(1, abs=1e-4)
    assert all(mixture[token] == -np.inf for token in forbidden)


def test_full_trust_repeats_and_none_leaves_the_model_its_word() -> None:
    logprobs = normalized(np.zeros(5, dtype=np.float32))
    tokens = np.array([0, 1, 2, 3, 0, 1, 4], dtype=np.int32)
    assert mixed(logprobs, [Scope(tokens, FULL)], [3, 0, 1]).argmax() == 4
    assert mixed(logprobs, [Scope(tokens, FULL)], [9, 0, 1])[[2, 4]] == pytest.approx(-math.log(2))
    assert mixed(logprobs, [Scope(tokens, NONE)], [3, 0, 1]) == pytest.approx(logprobs, abs=1e-5)
    assert mixed(logprobs, [Scope(tokens, FULL)], []) is logprobs


def test_the_own_file_has_the_last_word() -> None:
    logprobs = normalized(np.zeros(5, dtype=np.float32))
    others = Scope(np.array([0, 1, 2], dtype=np.int32), FULL)
    own = Scope(np.array([0, 1, 3], dtype=np.int32), FULL)
    assert mixed(logprobs, [others, own], [0, 1]).argmax() == 3


def test_trust_grows_with_what_it_depends_on() -> None:
    trust = Trust(-1.0, 2.0, 1.0, 0.0, 0.0, 0.0)
    short = Facts(1, is_only=False, best=-1.0, likely=-2.0, is_agreed=False)
    long = Facts(LONGEST, is_only=True, best=-1.0, likely=-2.0, is_agreed=False)
    assert trust.share(short) == pytest.approx(1 / (1 + math.exp(0.75)))
    assert trust.share(long) == pytest.approx(1 / (1 + math.exp(-2)))


def test_nearby_is_all_but_the_line_of_the_cursor() -> None:
    found = nearby("a\nb\nc\n", 1, ["other\n", "a\nb\nc\n"], Locality(FULL, FULL))
    assert (found.before, found.after, found.others) == ("a\n", "c\n", ("other\n",))


def test_of_much_text_the_nearest_is_taken() -> None:
    line = "x" * 99 + "\n"
    text = "far\n" + line * 2000 + "here\n" + line * 2000 + "far\n"
    others = ["y" * (MOST_CHARACTERS - 1), "small", "z"]
    found = nearby(text, 2001, others, Locality(FULL, FULL))
    assert found.before == found.after == line * 1000
    assert found.others == (others[0], "z")


@pytest.mark.parametrize(
    "entry",
    [
        {"others": {}},
        {"others": {"intercept": 1.0}, "own": {"intercept": 1.0}},
        {"others": [1.0] * 6, "own": [1.0] * 6},
    ],
)
def test_a_locality_out_of_form_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="tables `others` and `own` of intercept, length"):
        read_locality(entry)


def test_a_manifest_without_locality_has_none() -> None:
    assert read_locality({}) is None


def test_a_request_crosses_to_the_worker_whole() -> None:
    around = Nearby("a\n", "b\n", ("c\n", "d\n"), Locality(FULL, NONE))
    request = Request(("\n", Special.DIFF), forced=header(0, 1, 1) + "+", nearby=around)
    assert decode_request(encode_request(request)) == request


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")
    started = start_engine(path, threads=1)
    yield started
    started.close()


def written(engine: Engine, text: str, line: int, judgement: Judgement) -> str:
    """What the engine writes behind the end of the line, verified or not."""
    lines = text.split("\n")
    task = cursor_task(text, line, len(lines[line]))
    answer = complete(engine, task, judgement).answer
    assert answer is not None
    return text_of(answer.candidates[0].segments)


@pytest.mark.parametrize("typed", ["return os", "ret", "return os.st", "return os.stat("])
def test_even_a_model_of_noise_repeats_the_file(engine: Engine, typed: str) -> None:
    trusting = Judgement(0.0, locality=Locality(NONE, FULL))
    text = TEXT.replace("(path):\n    \n", f"(path):\n    {typed}\n")
    rest = "return os.stat(path)\n".removeprefix(typed)
    assert written(engine, text, 8, trusting) == rest
    assert written(engine, text, 8, Judgement(0.0)) != rest


def test_other_files_are_repeated_too(engine: Engine) -> None:
    others = ("def third(path):\n    return os.lstat(path).st_size\n",)
    trusting = Judgement(0.0, others=others, locality=Locality(FULL, NONE))
    text = TEXT.replace("(path):\n    \n", "(path):\n    return os.l\n")
    assert written(engine, text, 8, trusting) == "stat(path).st_size\n"


def test_what_is_repeated_is_sure(engine: Engine) -> None:
    text = TEXT.replace("(path):\n    \n", "(path):\n    return os\n")
    task = cursor_task(text, 8, 13)
    answer = complete(engine, task, Judgement(0.0, locality=Locality(NONE, FULL))).answer
    assert answer is not None
    assert sum(answer.candidates[0].logprobs) > -0.1


def test_followers_are_values() -> None:
    found = followers(np.array([0, 1, 0, 1], dtype=np.int32), [0])
    assert isinstance(found, Followers)
    assert (found.tokens.tolist(), found.counts.tolist()) == ([1], [2])
