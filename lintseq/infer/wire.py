"""Messages between the engine and its worker: JSON with its length in front.

To the worker: {"id", "do": "generate", "request"}, {"id", "do": "count", "prompt"} and
{"id", "do": "cancel"}. From it, once: {"model"} or {"error"}; then, per request: {"id", "answer"},
{"id", "count"} or {"id", "error", "is_too_long"}. A control token is {"special": its text}; text
is a string, so that nothing a file contains can become one.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from lintseq.format import Segment, Special
from lintseq.infer.locality import Locality, Nearby, Trust
from lintseq.infer.request import Answer, Candidate, ModelInfo, Request

Message = Mapping[str, Any]

_LENGTH = struct.Struct(">I")


def write_message(stream: IO[bytes], message: Message) -> None:
    """Send a message."""
    data = json.dumps(message).encode("ascii")
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message | None:
    """The next message, or None at the end of the stream, also in the middle of a message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        return None
    message: Message = json.loads(data)
    return message


def encode_segments(segments: Iterable[Segment]) -> list[Any]:
    """Segments for JSON."""
    return [
        {"special": segment.value} if isinstance(segment, Special) else segment
        for segment in segments
    ]


def decode_segments(data: Iterable[Any]) -> tuple[Segment, ...]:
    """The inverse of `encode_segments`."""
    return tuple(
        segment if isinstance(segment, str) else Special(segment["special"]) for segment in data
    )


def encode_request(request: Request) -> Message:
    """A request for JSON."""
    return asdict(request) | {"prompt": encode_segments(request.prompt)}


def decode_request(data: Message) -> Request:
    """The inverse of `encode_request`."""
    prompt, until = decode_segments(data["prompt"]), tuple(data["until"])
    nearby = _decode_nearby(data["nearby"]) if data["nearby"] else None
    return Request(**{**data, "prompt": prompt, "until": until, "nearby": nearby})


def encode_answer(answer: Answer) -> Message:
    """An answer for JSON."""
    candidates = [
        asdict(candidate) | {"segments": encode_segments(candidate.segments)}
        for candidate in answer.candidates
    ]
    return asdict(answer) | {"candidates": candidates}


def decode_answer(data: Message) -> Answer:
    """The inverse of `encode_answer`."""
    candidates = tuple(
        Candidate(
            segments=decode_segments(candidate["segments"]),
            logprobs=tuple(candidate["logprobs"]),
            ended=candidate["ended"],
            line_tokens=tuple(candidate["line_tokens"]),
        )
        for candidate in data["candidates"]
    )
    return Answer(**{**data, "candidates": candidates})


def _decode_nearby(data: Message) -> Nearby:
    trusts = {name: Trust(**table) for name, table in data["locality"].items()}
    return Nearby(data["before"], data["after"], tuple(data["others"]), Locality(**trusts))


def encode_info(info: ModelInfo) -> Message:
    """What is known of a model, for JSON."""
    return asdict(info) | {"path": str(info.path)}


def decode_info(data: Message) -> ModelInfo:
    """The inverse of `encode_info`."""
    return ModelInfo(**{**data, "path": Path(data["path"])})
