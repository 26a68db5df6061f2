"""One recording stands for every threshold: it is compared with typing for each one anew."""

import math
import random
import threading
from pathlib import Path

import pytest

from lintseq.infer.ask import Judgement
from lintseq.infer.engine import Answer, Candidate, Request
from lintseq.infer.ghost import Ghost, write_ghost
from lintseq.infer.propose import Proposal
from lintseq.tasks import Snapshot, cursor_task
from tests.training.evaluate.oracle import Oracle, documents
from training.evaluate.keystrokes import ask_typing, is_right
from training.evaluate.passages import Passage, passages
from training.evaluate.surroundings import Surroundings
from training.evaluate.typing_report import report_typing
from training.evaluate.typist import Tally, total, type_out

MODEL = Path("oracle.gguf")
PASSAGES = passages(documents(3), 6, 6, seed=0)


class Moody(Oracle):
    """Knows the lines, and is right, wrong from somewhere on, or unsure, as the place has it."""

    def __init__(self, passage: Passage) -> None:
        super().__init__(lambda _: "", MODEL)
        self._lines = (passage.before + passage.written).split("\n")
        self.asked = 0

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        del cancel
        self.asked += request.is_greedy_first
        prefix = request.forced.split("\n+")[1]
        rest = self._lines[request.line_number - 1][len(prefix) :]
        mood = random.Random(request.forced)
        text = rest if mood.random() < 0.5 else rest[: mood.randrange(len(rest) + 1)] + "0"
        candidate = Candidate((f"{text}\n",), (math.log(mood.uniform(0.1, 1)),), "edit")
        return Answer((candidate,), 1.0, 1, 0, 3, 1.0)


def typed_for(passage: Passage, threshold: float) -> Tally:
    """What happens when the passage is typed with this threshold, by the server's rules."""
    engine, places = Moody(passage), passage.places()
    tally = Tally(characters=passage.characters(), keys_unaided=len(places) - 1)
    ghost: Ghost | None = None
    snapshot: Snapshot | None = None
    number = 0
    while number < len(places):
        state = passage.state(places[number])
        ghost = ghost.after_typing(state.text, state.offset) if ghost else None
        if ghost is None or not isinstance(ghost.verified(), Proposal):
            task = cursor_task(state.text, state.line, state.character, snapshot)
            completion, snapshot = write_ghost(engine, task, Judgement(threshold))
            ghost = None
            for best in completion.proposals:
                ghost = Ghost(state.text, state.offset, best.shown, best.confidence)
                tally += Tally(shown=1)
        accepted = ghost.shown if ghost and is_right(passage, places[number], ghost.shown) else ""
        tally += Tally(visible=int(ghost is not None), right=int(bool(accepted)))
        if accepted:
            tally += Tally(completed=len(accepted), keys=1)
            number += len(accepted)
        else:
            tally += Tally(keys=int(number < len(places) - 1))
            number += 1
    return tally


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("number", range(len(PASSAGES)))
def test_one_recording_is_typing_at_every_threshold(number: int, threshold: float) -> None:
    passage = PASSAGES[number]
    (replay,) = ask_typing(Moody(passage), [passage], Surroundings())
    assert type_out(replay, threshold) == typed_for(passage, threshold)


def test_the_thresholds_differ() -> None:
    every = [total(typed_for(one, threshold) for one in PASSAGES) for threshold in (0.0, 0.5, 1.0)]
    assert every[2].shown == 0
    assert every[0].completed > every[1].completed > every[2].completed == 0


def test_every_place_is_asked_once() -> None:
    engine = Moody(PASSAGES[0])
    (replay,) = ask_typing(engine, [PASSAGES[0]], Surroundings())
    assert engine.asked == len(replay.keys) == len(PASSAGES[0].places())


def test_a_model_that_knows_types_all_but_the_first_key_of_a_line() -> None:
    passage = Passage("0" * 64, "a = b = 1\n", "total = a + b\nprint(total)", "x = 2\n")
    answers = ["total = a + b", "", "print(total)", ""]
    # At the other places it is asked too: for thresholds at which nothing was shown before.
    every = iter([line[at:] for line in answers[::2] for at in range(len(line) + 1)])
    engine = Oracle(lambda _: next(every), MODEL, likely=0.99)
    (replay,) = ask_typing(engine, [passage], Surroundings())
    tally = type_out(replay, 0.5)
    assert tally == Tally(25, 25, 3, 26, 2, 2, 2)
    figures = report_typing([replay], 0.5)
    assert (figures.completed, figures.precision) == (1.0, 1.0)
    assert figures.shown_per_100_keys == pytest.approx(200 / 3)
    assert figures.keys_saved == pytest.approx(1 - 3 / 26)
    assert figures.most_at_60_percent is not None
    assert (figures.places, figures.documents, figures.characters) == (27, 1, 25)


def test_report_of_silence() -> None:
    (replay,) = ask_typing(Oracle(lambda _: "", MODEL), [PASSAGES[0]], Surroundings())
    figures = report_typing([replay], 0.5)
    assert (figures.completed, figures.precision, figures.visible) == (0.0, 0.0, 0.0)
    assert figures.keys_saved == 0.0
    assert figures.most_at_60_percent is None
    assert figures.curve == ()
    assert sum(figures.silent.values()) == figures.places


def test_the_curve_has_the_threshold_of_the_run() -> None:
    replays = [next(ask_typing(Moody(passage), [passage], Surroundings())) for passage in PASSAGES]
    figures = report_typing(replays, 0.33)
    points = {point.threshold: point for point in figures.curve}
    assert points[0.33].completed == figures.completed
    assert points[0.0].shown_per_100_keys > points[0.8].shown_per_100_keys
    assert all(p.completed <= p.completed_by_word for p in figures.curve)
    for point in figures.curve:
        assert point.completed_interval.low <= point.completed <= point.completed_interval.high


def test_no_passages() -> None:
    with pytest.raises(ValueError, match="at least one passage"):
        report_typing([], 0.5)
