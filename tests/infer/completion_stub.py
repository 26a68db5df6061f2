"""The smallest completion server: it answers from a table, in either form of log-probabilities."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[dict[str, Any]], str | None]


@contextmanager
def served(answering: Answering, *, is_llama: bool = False) -> Iterator[tuple[str, list[Any]]]:
    """The address of a server, and what it was asked; None as an answer is never given."""
    asked: list[Any] = []
    gone = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, body))
            text = answering(body)
            if text is None:
                gone.wait(10)
                return
            status = 404 if self.path != "/v1/completions" else 200
            data = json.dumps(_answer(text, body, is_llama=is_llama)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        gone.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(text: str, body: dict[str, Any], *, is_llama: bool) -> dict[str, Any]:
    likely = {text[:1] or "\n": -0.1, "\n\n": -3.0}
    if is_llama:
        top = [{"token": token, "logprob": logprob} for token, logprob in likely.items()]
        logprobs: dict[str, Any] = {
            "content": [{"token": text, "logprob": -0.1, "top_logprobs": top}]
        }
    else:
        logprobs = {"tokens": [text], "token_logprobs": [-0.1], "top_logprobs": [likely]}
    cut = text
    for stop in body.get("stop", []):
        cut = cut.partition(stop)[0]
    choice = {"text": cut, "finish_reason": "stop", "logprobs": logprobs}
    return {"choices": [choice] * body.get("n", 1)}
