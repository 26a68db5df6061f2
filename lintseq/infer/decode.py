"""Requests to answers: evaluate the prompt, then grow all candidates in one batch."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lintseq.format import header
from lintseq.infer.abort import Abort
from lintseq.infer.draft import Draft
from lintseq.infer.healing import Healed, heal
from lintseq.infer.llama import Aborted, CacheFull, Context, Entry
from lintseq.infer.local_model import LocalModel, Scope, mixed
from lintseq.infer.plain import start_draft
from lintseq.infer.prefix import MAIN, Evaluated, Prefix
from lintseq.infer.request import Answer, Candidate, PromptTooLong, Request
from lintseq.infer.sampling import Logits, draw, likeliest, normalized
from lintseq.infer.vocabulary import Vocabulary


@dataclass(slots=True)
class _Work:
    """A request in tokens."""

    request: Request
    tokens: list[int]
    decision: int
    """How many of `tokens` stand before the decision."""
    healed: Healed
    scopes: tuple[Scope, ...] = ()
    """What stands nearby."""


class Decoder:
    """Answers requests with one context; what it evaluated it reuses."""

    def __init__(
        self, context: Context, vocabulary: Vocabulary, abort: Abort, context_tokens: int
    ) -> None:
        self._context = context
        self._vocabulary = vocabulary
        self._abort = abort
        self._context_tokens = context_tokens
        self._prefix = Prefix(context, vocabulary)
        self._local = LocalModel(vocabulary)

    def answer(self, request: Request) -> Answer:
        """The candidates, cut off where the abort flag stopped them.

        Raises:
            PromptTooLong: prompt and answer do not fit into the context.
            EngineError: llama.cpp failed, or its output is no number.
        """
        started = time.perf_counter()
        work = self._prepare(request)
        if request.is_fresh:
            self._prefix.forget()
        reused = self._prefix.reuse(work.tokens, work.decision)
        drafts: list[Draft] = []
        p_edit = 0.0
        try:
            evaluated = self._prefix.evaluate(work.tokens, work.decision)
            p_edit = evaluated.p_edit
            drafts = self._branch(work)
            self._grow(drafts, evaluated, work)
        except Aborted:
            for draft in drafts:
                draft.ended = draft.ended or self._abort.reason
        finally:
            self._free(drafts)
        nothing = Candidate((), (), self._abort.reason or "tokens")
        return Answer(
            candidates=tuple(draft.candidate() for draft in drafts) or (nothing,) * request.samples,
            p_edit=p_edit,
            prompt_tokens=len(work.tokens),
            reused_tokens=reused,
            generated_tokens=sum(draft.generated for draft in drafts),
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _prepare(self, request: Request) -> _Work:
        prompt = self._vocabulary.tokens(request.prompt)
        healed = heal(self._vocabulary, request.forced)
        tokens = [*prompt, *healed.tokens]
        if len(tokens) + request.max_tokens > self._context_tokens:
            raise PromptTooLong(
                f"a prompt of {len(tokens)} tokens and an answer of {request.max_tokens} "
                f"do not fit into a context of {self._context_tokens}"
            )
        scopes = self._local.scopes(request.nearby) if request.nearby else ()
        return _Work(request, tokens, len(prompt), healed, scopes)

    def _branch(self, work: _Work) -> list[Draft]:
        drafts = []
        nearby = work.request.nearby
        above = self._local.ending(nearby.before) if nearby else []
        for index in range(work.request.samples):
            draft = start_draft(self._vocabulary, work.request, index, len(work.tokens))
            draft.context += above
            draft.force(work.healed)
            if index:
                self._context.branch(MAIN, draft.sequence)
            drafts.append(draft)
        return drafts

    def _grow(self, drafts: Sequence[Draft], evaluated: Evaluated, work: _Work) -> None:
        active = list(drafts)
        rows = [evaluated.logits] * len(active)
        while active:
            for draft, row in zip(active, rows, strict=True):
                self._choose(draft, row, work)
            self._free(draft for draft in active if draft.ended)
            active = [draft for draft in active if draft.ended is None]
            active, rows = self._evaluate_as_many_as_fit(active)

    def _free(self, ended: Iterable[Draft]) -> None:
        """Give the cells of candidates that have ended to the others."""
        for draft in ended:
            if draft.sequence != MAIN:
                self._context.truncate(draft.sequence, 0)

    def _choose(self, draft: Draft, logits: Logits, work: _Work) -> None:
        request = work.request
        if max(draft.generated - request.max_tokens, draft.position - self._context_tokens) >= 0:
            draft.ended = "tokens"
            return
        mask = draft.mask()
        # Forced bytes are given: what spells them competes only with what else does.
        logprobs = normalized(logits + mask if draft.required else logits)
        if draft.is_in_line:
            logprobs = mixed(logprobs, work.scopes, draft.context)
        allowed = logprobs + mask
        if draft.rng is None:
            token = likeliest(allowed)
        else:
            token = draw(
                allowed,
                temperature=request.temperature,
                top_p=request.top_p,
                min_p=request.min_p,
                rng=draft.rng,
            )
        finished = draft.lines
        draft.accept(token, float(logprobs[token]))
        least = request.gives_up_below
        if least is not None and draft.likelihood < least:
            draft.ended = "unsure"
        elif request.stop == "line" and draft.lines > finished:
            self._finish_line(draft, request)

    def _finish_line(self, draft: Draft, request: Request) -> None:
        if draft.lines >= request.lines:
            draft.ended = "edit"
            return
        number = request.line_number + draft.lines
        text = f"{header(number - 1, number, 1)}+"
        draft.propose(text, heal(self._vocabulary, text))

    def _evaluate_as_many_as_fit(self, drafts: list[Draft]) -> tuple[list[Draft], list[Logits]]:
        while drafts:
            try:
                return self._evaluate(drafts)
            except CacheFull:
                # The last samples make room, the greedy candidate stays the longest.
                last = drafts.pop()
                last.ended = "tokens"
                self._free([last])
        return [], []

    def _evaluate(self, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Logits]]:
        rows = iter(self._context.decode([_entry(draft) for draft in drafts]))
        going: list[Draft] = []
        last: list[Logits] = []
        for draft in drafts:
            self._note(draft)
            wants_more = draft.further is None or self._decide(draft, next(rows))
            row = next(rows)
            if wants_more:
                going.append(draft)
                last.append(row)
        return going, last

    def _note(self, draft: Draft) -> None:
        if draft.sequence == MAIN:
            self._prefix.extend(draft.pending)
        draft.position += len(draft.pending)

    def _decide(self, draft: Draft, logits: Logits) -> bool:
        assert draft.further is not None  # noqa: S101  asked only about proposed edits
        marker = draft.position - len(draft.pending) + draft.further.decision + 1
        p_edit = self._vocabulary.p_edit(logits)
        if draft.sequence == MAIN:
            self._prefix.decide(marker, p_edit)
        if p_edit > 0.5:
            draft.settle()
            return True
        draft.ended = "sequence"
        if draft.sequence == MAIN:
            self._prefix.truncate(marker)
        return False


def _entry(draft: Draft) -> Entry:
    last = len(draft.pending) - 1
    wanted = (last,) if draft.further is None else (draft.further.decision, last)
    return Entry(draft.sequence, draft.position, draft.pending, wanted)
