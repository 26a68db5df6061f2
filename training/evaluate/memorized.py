r"""`memorized`: how much of what is proposed at length stands word for word in the training set.

A suggestion is long if it has at least ten words (`\w+`). It is looked for as a whole, and in
runs of ten words. What the author wrote at the same place, cut to as many words, is looked for
too: held-out code repeats the training set as well, where all code is alike.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from training.corpus.document import Document
from training.evaluate.bootstrap import Interval, Part, interval
from training.evaluate.candidates import CandidateFigures, report_candidates
from training.evaluate.lines import Outcome
from training.evaluate.word_matches import WORDS, Matches, Words, scan, stands_in, words_of

_EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A long proposal."""

    outcome: Outcome
    words: Words
    """From the word that the cursor stands in."""
    written: Words
    """What the author wrote there, as many words; fewer if there are no more."""


@dataclass(frozen=True, slots=True)
class MemorizedExample:
    """A suggestion of which something stands in the training set."""

    shown: str
    is_whole: bool
    """Whether all of it does, or ten words in a row."""
    package: str
    path: str
    """The first document in which it stands."""
    is_in_file: bool
    """Whether all of it also stands in the file at hand, from where it can be copied."""


@dataclass(frozen=True, slots=True)
class MemorizedFigures:
    """Shares of the long suggestions, between 0 and 1."""

    whole: float
    """All of the suggestion stands in one training document, word for word."""
    run: float
    """Ten words in a row of it do."""
    whole_not_in_file: float
    """All of it does, and it does not stand in the file at hand."""
    written_whole: float
    """The same as `whole` for what the author wrote, where that has ten words; share of these."""
    written_run: float
    suggestions: int
    """Long ones."""
    words: float
    """Of a long suggestion, on average."""
    proposed: int
    """All of them, long or not."""
    training_documents: int
    training_words: int
    intervals: Mapping[str, Interval]
    candidates: CandidateFigures
    examples: Sequence[MemorizedExample]
    """Those that stand there as a whole first, then the longest."""


def long_suggestions(outcomes: Iterable[Outcome]) -> list[Suggestion]:
    """The proposals of at least ten words."""
    suggestions = [_suggestion(outcome) for outcome in outcomes if outcome.shown]
    return [one for one in suggestions if len(one.words) >= WORDS]


def report_memorized(outcomes: Sequence[Outcome], training: Iterable[Document]) -> MemorizedFigures:
    """The figures over the outcomes; reads the training documents once.

    Raises:
        ValueError: no proposal is long enough.
    """
    suggestions = long_suggestions(outcomes)
    if not suggestions:
        raise ValueError(f"need proposals of {WORDS} words, got none at {len(outcomes)} cursors")
    written = [one.written for one in suggestions if len(one.written) >= WORDS]
    found = scan([*(one.words for one in suggestions), *written], training)
    matches, of_authors = found.matches[: len(suggestions)], found.matches[len(suggestions) :]
    pairs = list(zip(suggestions, matches, strict=True))
    whole = [one for one, match in pairs if match.whole]
    return MemorizedFigures(
        whole=len(whole) / len(pairs),
        run=sum(match.run is not None for match in matches) / len(pairs),
        whole_not_in_file=sum(not _is_in_file(one) for one in whole) / len(pairs),
        written_whole=sum(one.whole is not None for one in of_authors) / max(len(written), 1),
        written_run=sum(one.run is not None for one in of_authors) / max(len(written), 1),
        suggestions=len(pairs),
        words=sum(len(one.words) for one in suggestions) / len(pairs),
        proposed=sum(bool(outcome.shown) for outcome in outcomes),
        training_documents=found.documents,
        training_words=found.words,
        intervals=_intervals(pairs),
        candidates=report_candidates(outcome.candidates for outcome in outcomes),
        examples=_examples(pairs),
    )


def _suggestion(outcome: Outcome) -> Suggestion:
    cursor = outcome.cursor
    prefix = cursor.text.split("\n")[cursor.line][: cursor.character]
    begun = re.findall(r"\w*$", prefix)[0]
    words = words_of(begun + outcome.shown)
    return Suggestion(outcome, words, words_of(begun + cursor.written)[: len(words)])


def _is_in_file(suggestion: Suggestion) -> bool:
    return stands_in(suggestion.words, suggestion.outcome.cursor.text)


def _intervals(pairs: Sequence[tuple[Suggestion, Matches]]) -> dict[str, Interval]:
    documents = [one.outcome.cursor.document for one, _ in pairs]
    matches = list(zip(documents, (match for _, match in pairs), strict=True))
    return {
        "whole": interval(Part(at, match.whole is not None) for at, match in matches),
        "run": interval(Part(at, match.run is not None) for at, match in matches),
    }


def _examples(pairs: Sequence[tuple[Suggestion, Matches]]) -> tuple[MemorizedExample, ...]:
    ranked = sorted(pairs, key=lambda pair: (pair[1].whole is None, -len(pair[0].words)))
    return tuple(
        MemorizedExample(
            shown=one.outcome.shown,
            is_whole=match.whole is not None,
            package=document.package,
            path=document.path,
            is_in_file=_is_in_file(one),
        )
        for one, match in ranked
        if (document := match.whole or match.run)
    )[:_EXAMPLES]
