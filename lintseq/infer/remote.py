"""An engine behind a completion server of the user's own: for models larger than the laptop's.

The server has to serve a model of the transcript's format and to write its control tokens as text
(`llama-server --special`, or `skip_special_tokens: false`, which is sent along). A text that holds
such a token in words is refused: through this interface it would become the token. The cache is the
server's; what it evaluated is not known here.
"""

import math
import re
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from lintseq.errors import EngineError
from lintseq.format import FORMAT_VERSION, Segment, Special, header
from lintseq.infer.completion_client import Cancelled, Endpoint, completed
from lintseq.infer.request import Answer, Candidate, Ended, ModelInfo, PromptTooLong, Request

_CONTEXT = 2048
# Python takes about this many characters a token; only an estimate guards the context here.
_CHARACTERS_PER_TOKEN = 3
_GRACE_S = 5.0
_SPECIAL = re.compile("|".join(re.escape(each) for each in Special))
_LAST_WORD = re.compile(r"\w*\Z")
_ALTERNATIVES = 10


class RemoteEngine:
    """The `Engine` whose model is at an endpoint; it may be asked from any thread."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._is_closed = False
        self.model = ModelInfo(
            name=f"{endpoint.model or 'the model'} at {endpoint.parts.netloc}",
            path=Path(),
            format_version=FORMAT_VERSION,
            linter="unknown",
            context=_CONTEXT,
            quantization="unknown",
            size_bytes=0,
            parameters=0,
            metadata={},
        )

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        """As `Engine.generate`; no candidate for what was not finished."""
        if self._is_closed:
            raise EngineError("the engine is closed")
        started = time.monotonic()
        tokens = self.count(request.prompt) + request.max_tokens
        if tokens > _CONTEXT:
            raise PromptTooLong(f"about {tokens} tokens do not fit into {_CONTEXT}")
        prompt = _written(request.prompt)
        try:
            p_edit = self._p_edit(prompt, request, cancel)
            candidates = self._candidates(prompt, request, cancel) if request.max_tokens else ()
        except Cancelled:
            p_edit, candidates = 0.0, ()
        nothing = Candidate((), (), "cancelled" if request.max_tokens else "tokens")
        return Answer(
            candidates=candidates or (nothing,) * request.samples,
            p_edit=p_edit,
            prompt_tokens=self.count(request.prompt),
            reused_tokens=0,
            generated_tokens=sum(len(each.logprobs) for each in candidates),
            elapsed_ms=(time.monotonic() - started) * 1000,
        )

    def count(self, prompt: tuple[Segment, ...]) -> int:
        """An estimate: the server's tokenizer is its own."""
        return sum(len(each) for each in prompt) // _CHARACTERS_PER_TOKEN + 1

    def close(self) -> None:
        """Refuse later requests."""
        self._is_closed = True

    def _p_edit(self, prompt: str, request: Request, cancel: threading.Event | None) -> float:
        """How much of the next token's probability is that of an edit's first sign."""
        if request.stop == "text" or not request.forced:
            return 1.0
        body = {"max_tokens": 1, "temperature": 0, "logprobs": _ALTERNATIVES}
        (choice,) = self._ask(prompt, body, request, cancel)
        likely = _alternatives(choice)
        edit = sum(p for text, p in likely if text.startswith("@"))
        other = sum(p for text, p in likely if not text.startswith("@"))
        return edit / (edit + other) if edit + other else 0.0

    def _candidates(
        self, prompt: str, request: Request, cancel: threading.Event | None
    ) -> tuple[Candidate, ...]:
        if request.stop == "line":
            return tuple(
                self._lines(prompt, replace(request, seed=request.seed + number), number, cancel)
                for number in range(request.samples)
            )
        body: dict[str, Any] = {"max_tokens": request.max_tokens, "n": request.samples}
        body |= _drawn(request, is_sampled=request.samples > 1 or not request.is_greedy_first)
        body["stop"] = [Special.END.value, *request.until]
        choices = self._ask(prompt + request.forced, body, request, cancel)
        found = [_candidate(choice) for choice in choices]
        missing = request.samples - len(found)
        return (*found, *(Candidate((), (), "tokens") for _ in range(missing)))

    def _lines(
        self, prompt: str, request: Request, number: int, cancel: threading.Event | None
    ) -> Candidate:
        """Lines one after the other, each begun by its header."""
        # The last word is the model's to spell: it is asked for again, and has to come back.
        word = _LAST_WORD.search(request.forced)
        required = word[0] if word else ""
        written = prompt + request.forced.removesuffix(required)
        segments: list[Segment] = []
        logprobs: list[float] = []
        body: dict[str, Any] = {"max_tokens": request.max_tokens, "stop": ["\n"]}
        body |= _drawn(request, is_sampled=number > 0 or not request.is_greedy_first)
        ended: Ended = "edit"
        for line in range(request.lines):
            (choice,) = self._ask(written, body, request, cancel)
            text = str(choice["text"])
            if not text.startswith(required) or choice.get("finish_reason") != "stop":
                ended = "tokens"
                break
            segments.append(text.removeprefix(required) + "\n")
            logprobs += _logprobs(choice)
            written, required = f"{written}{text}\n{Special.DIFF}", ""
            if line + 1 < request.lines:
                at = request.line_number + line + 1
                if self._p_edit(written, request, cancel) <= 0.5:
                    break
                segments += [Special.DIFF, f"{header(at - 1, at, 1)}+"]
                written += f"{header(at - 1, at, 1)}+"
        return Candidate(tuple(segments), tuple(logprobs), ended, (len(logprobs),))

    def _ask(
        self,
        prompt: str,
        body: dict[str, Any],
        request: Request,
        cancel: threading.Event | None,
    ) -> list[dict[str, Any]]:
        asked = {"prompt": prompt, "logprobs": 1, "skip_special_tokens": False} | body
        timeout_s = request.budget_ms / 1000 + _GRACE_S
        answer = completed(self._endpoint, asked, timeout_s, cancel)
        choices = answer.get("choices")
        if not isinstance(choices, list) or not choices:
            raise EngineError(f"{self._endpoint.url} answers without choices: {answer!r:.200}")
        return choices


def _written(prompt: tuple[Segment, ...]) -> str:
    for segment in prompt:
        if not isinstance(segment, Special) and _SPECIAL.search(segment):
            raise EngineError("the text holds a control token of the model in words")
    return "".join(prompt)


def _drawn(request: Request, *, is_sampled: bool) -> dict[str, Any]:
    if not is_sampled:
        return {"temperature": 0}
    return {"temperature": request.temperature, "top_p": request.top_p, "seed": request.seed}


def _candidate(choice: dict[str, Any]) -> Candidate:
    text = str(choice["text"])
    found: list[Segment] = []
    for number, piece in enumerate(text.split(Special.DIFF)):
        found += [Special.DIFF] if number else []
        found += [piece] if piece else []
    is_whole = choice.get("finish_reason") == "stop"
    if is_whole:
        found.append(Special.END)
    return Candidate(tuple(found), _logprobs(choice), "sequence" if is_whole else "tokens")


def _logprobs(choice: dict[str, Any]) -> tuple[float, ...]:
    """Of the tokens: in OpenAI's older form, or in that of chats, which llama-server has."""
    found = choice.get("logprobs") or {}
    if "token_logprobs" in found:
        return tuple(float(each) for each in found["token_logprobs"] if each is not None)
    return tuple(float(each["logprob"]) for each in found.get("content") or ())


def _alternatives(choice: dict[str, Any]) -> list[tuple[str, float]]:
    """The likeliest first tokens, with their probabilities."""
    found = choice.get("logprobs") or {}
    if found.get("top_logprobs"):
        return [(text, math.exp(each)) for text, each in found["top_logprobs"][0].items()]
    content = found.get("content") or ()
    likely = content[0].get("top_logprobs", ()) if content else ()
    return [(str(each["token"]), math.exp(each["logprob"])) for each in likely]
