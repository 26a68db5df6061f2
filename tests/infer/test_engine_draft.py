"""Laws of healing and of drafts, on the tokenizer of a real file but without generating."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintseq.format import Special, header, text_of
from lintseq.infer.draft import Draft
from lintseq.infer.healing import heal
from lintseq.infer.llama import Model
from lintseq.infer.vocabulary import Vocabulary
from tests.infer.tiny_model import write_tiny_model

TYPED = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")
    return Vocabulary(Model(path))


def pieces(vocabulary: Vocabulary, tokens: list[int]) -> bytes:
    return b"".join(vocabulary.pieces[token] for token in tokens)


@pytest.mark.parametrize(
    ("typed", "required"),
    [
        ("+", b"+"),
        ("+impor", b"+impor"),
        ("+    ", b"    "),
        ("+    retu", b" retu"),
        ("+x = (", b" ("),
        ("+x.app", b".app"),
        ("+x = 12", b"2"),
        ("+d\u00e9f", "+d\u00e9f".encode()),
    ],
)
def test_last_word_is_given_back(vocabulary: Vocabulary, typed: str, required: bytes) -> None:
    assert heal(vocabulary, f"{header(3, 4, 1)}{typed}").required == required


@pytest.mark.parametrize("text", ["", header(3, 4, 1), f"{header(3, 4, 1)}+x\n"])
def test_last_word_noop(vocabulary: Vocabulary, text: str) -> None:
    healed = heal(vocabulary, text)
    assert healed.required == b""
    assert pieces(vocabulary, list(healed.tokens)) == text.encode()


@given(typed=TYPED)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_healing_keeps_the_text(vocabulary: Vocabulary, typed: str) -> None:
    healed = heal(vocabulary, f"+{typed}")
    assert pieces(vocabulary, list(healed.tokens)) + healed.required == f"+{typed}".encode()


@given(typed=TYPED, seed=st.integers(0, 2**32))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_chosen_begins_with_the_forced_text(
    vocabulary: Vocabulary, typed: str, seed: int
) -> None:
    """Evaluated tokens spell the forced text and then the output, whatever a model prefers."""
    rng = np.random.default_rng(seed)
    forced = f"{header(3, 4, 1)}+{typed}"
    healed = heal(vocabulary, forced)
    draft = Draft(vocabulary, sequence=0, rng=None, position=0)
    draft.force(healed)
    tokens = list(healed.tokens)
    while draft.ended is None and draft.generated < 60:
        allowed = np.flatnonzero(draft.mask() == 0)
        draft.accept(int(rng.choice(allowed)), -1.0)
        tokens += draft.pending
    spelled = pieces(vocabulary, tokens)
    output = text_of(draft.candidate().segments).replace(Special.DIFF, "").replace(Special.END, "")
    assert spelled.startswith(forced.encode())
    assert spelled[len(forced.encode()) :].decode("utf-8", "ignore") == output or (
        "\ufffd" in output
    )
    assert len(draft.candidate().logprobs) == sum(draft.candidate().line_tokens)


def test_token_with_two_newlines_is_cut_behind_the_first(vocabulary: Vocabulary) -> None:
    token = max(
        range(len(vocabulary.pieces)), key=lambda index: vocabulary.pieces[index].count(b"\n")
    )
    assert vocabulary.pieces[token].count(b"\n") > 1
    draft = Draft(vocabulary, sequence=0, rng=None, position=0)
    draft.force(heal(vocabulary, f"{header(0, 1, 1)}+x = 12"))
    draft.required = b""
    draft.accept(token, -1.0)
    assert draft.lines == 1
    assert text_of(draft.candidate().segments).count("\n") == 1
    assert pieces(vocabulary, draft.pending) == text_of(draft.candidate().segments).encode()


def test_unfinished_character_is_left_out(vocabulary: Vocabulary) -> None:
    draft = Draft(vocabulary, sequence=0, rng=None, position=0)
    draft.force(heal(vocabulary, f"{header(0, 1, 1)}+\n+"))
    draft.required = b""
    for token in vocabulary.tokens_of_bytes("aé".encode())[:-1]:
        draft.accept(token, -1.0)
    assert text_of(draft.candidate().segments) == "a"
