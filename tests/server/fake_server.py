"""The server as a program, with an engine that answers from a table: started by the tests.

What the engine is asked to continue decides its answer, by the typed beginning of the line.
"""

import threading
import time
from pathlib import Path

from lintseq.format import Segment, Special, text_of
from lintseq.infer.request import Answer, Candidate, ModelInfo, Request
from server.app import create_server
from server.options import Options

SLOW_S = 10.0


class FakeEngine:
    model = ModelInfo(
        name="fake",
        path=Path("fake.gguf"),
        format_version=1,
        linter="pyflakes",
        context=2048,
        quantization="none",
        size_bytes=0,
        parameters=0,
        metadata={},
    )

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        segments = self._segments(request, cancel)
        # A likelihood of 0.97, or of 0.55 where the line says so.
        logprob = -0.1 if "unsure" in request.forced else -0.01
        candidate = Candidate(segments, (logprob,) * 3, "edit", (3,))
        return Answer((candidate,) * request.samples, 0.99, 10, 0, 3, 1.0)

    def count(self, prompt: tuple[Segment, ...]) -> int:
        return len(text_of(prompt))

    def close(self) -> None:
        pass

    def _segments(self, request: Request, cancel: threading.Event | None) -> tuple[Segment, ...]:
        typed = request.forced.rpartition("\n+")[2]
        if "slow" in typed and cancel is not None:
            cancel.wait(SLOW_S)
        if request.stop == "edits":
            return self._edits(request, cancel)
        if "undefined name 'Cart'" in text_of(request.prompt):
            return ("from shop import Cart\n",)
        if not typed and "+indented" in text_of(request.prompt):
            return ("x = 1\n",)
        if typed == "edits = ":
            return (f"{request.prompt.count(Special.DIFF)}\n",)
        return {
            "total = ": ("1 + 2\n",),
            "    return ": ("first + second\n",),
            "bad = ": ("undefined_name\n",),
            "unsure = ": ("4\n",),
            "begun": (" = 1\n",),
            "joined = ": ('os.path.join("a", "b")\n',),
            "    rate = ": ("3\n",),
            "bill = ": ("Till(1)\n",),
        }.get(typed, ("\n",))

    def _edits(self, request: Request, cancel: threading.Event | None) -> tuple[Segment, ...]:
        if "Slowly" in text_of(request.prompt) and cancel is not None:
            cancel.wait(SLOW_S)
        if "Add two numbers" in text_of(request.prompt):
            return (" @@\n+    return first + second\n", Special.DIFF, "\n", Special.DIFF)
        if "Take steps" in text_of(request.prompt):
            lines = ("    result = first", "    result += second", "    return result")
            edits = [f"@@ -{n},0 +{n + 1} @@\n+{line}\n" for n, line in enumerate(lines, 2)]
            first = edits[0].removeprefix(request.forced)
            return (first, Special.DIFF, edits[1], Special.DIFF, edits[2], Special.DIFF, "\n")
        if "Sum them" in text_of(request.prompt):
            written = " @@\n+total = first + second\n"
            header = "@@ -2,0 +3"
            return (written if request.forced else header + written, Special.DIFF, "\n")
        return ("\n", Special.DIFF)


def start_fake(_options: Options, _on_lost: object) -> FakeEngine:
    time.sleep(0.05)
    return FakeEngine()


if __name__ == "__main__":
    server = create_server(start_fake)
    try:
        server.start_io()
    finally:
        server.proposer.close()
