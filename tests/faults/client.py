"""Faults of the client: floods, wrong messages, impossible places, texts of any size and kind."""

import asyncio
import json

from tests.faults.stage import Stage

_STRANGE = ("\0", "\ud800", "\udfff", "\N{GRINNING FACE}", "\r", "\f", "\u2028", "\x1b", "<|diff|>")


async def flood(stage: Stage, count: int = 10_000) -> None:
    """Ten thousand changes as fast as they can be written, and requests among them."""
    asked = []
    for number in range(count):
        stage.type()
        if number % 200 == 0:
            asked.append(stage.ghost())
        if number % 50 == 0:
            await stage.client.written()
    await stage.settle(asked)
    await stage.restored()


async def requests_and_cancels(stage: Stage, count: int = 300) -> None:
    """More requests than can be answered, most of them cancelled, some twice or before."""
    asked = []
    for _ in range(count):
        parameters = stage.open_text.at(0) | {"context": {"triggerKind": 1}}
        number, future = stage.client.ask("textDocument/inlineCompletion", parameters)
        asked.append(future)
        for cancelled in stage.rng.choices([number, number + 1, number - 1], k=2):
            stage.client.notify("$/cancelRequest", {"id": cancelled})
        await stage.client.written()
    await stage.settle(asked)
    await stage.restored()


async def wrong_messages(stage: Stage) -> None:
    """Unknown documents and methods, old versions, wrong parameters, no JSON at all."""
    ask, notify = stage.client.ask, stage.client.notify
    stranger = {"uri": "file:///project/unknown.py"}
    place = {"textDocument": stranger, "position": {"line": 3, "character": 1}}
    change = {"text": "x = 1\n"}
    notify("textDocument/didClose", {"textDocument": stranger})
    notify(
        "textDocument/didChange",
        {"textDocument": stranger | {"version": 2}, "contentChanges": [change]},
    )
    notify("textDocument/didChange", {"textDocument": 5})
    notify("textDocument/didOpen", {"textDocument": {"uri": 7, "text": stage.open_text.text}})
    notify("unknown/notification", {"text": stage.open_text.text})
    stage.client.write(b"Content-Length: 4\r\n\r\n{]}}")
    stage.client.write(b"Content-Length: 2\r\n\r\n\xff\xfe")
    stage.client.write(b"Content-Length: 2\r\n\r\n[]")
    stage.client.write(b"Content-Length: 4\r\n\r\nnull")
    asked = [
        ask("textDocument/inlineCompletion", place | {"context": {"triggerKind": 1}}),
        ask("textDocument/inlineCompletion", {"textDocument": stranger}),
        ask("textDocument/codeAction", place),
        ask("lintseq/propose", {"uri": stranger["uri"], "version": 1}),
        ask("lintseq/propose", stage.open_text.place(0) | {"version": 0}),
        ask("lintseq/propose", stage.open_text.place(0) | {"kind": "everything"}),
        ask("lintseq/accept", None),
        ask("workspace/executeCommand", {"command": "lintseq.unknown"}),
        ask("workspace/executeCommand", {"command": "lintseq.implement", "arguments": [1]}),
        ask("unknown/request", {}),
        ask("shutdown/not", {"text": stage.open_text.text}),
    ]
    await stage.settle([future for _, future in asked])
    # An older version number: what the client says of its text counts, not the number.
    stage.open_text.version = 0
    stage.type()
    await stage.restored()


async def places_outside(stage: Stage) -> None:
    """Behind the end of a line, of the text, and of everything."""
    far = 2**31 - 1
    places = [(0, far), (far, 0), (far, far), (3, 500)]
    asked = []
    for line, character in places:
        at = {"position": {"line": line, "character": character}}
        this = {"textDocument": {"uri": stage.open_text.this()["uri"]}}
        context = {"context": {"triggerKind": 1}}
        asked.append(stage.client.ask("textDocument/inlineCompletion", this | at | context)[1])
        asked.append(stage.client.ask("lintseq/propose", stage.open_text.this() | at)[1])
        await stage.settle(asked)
    text = stage.open_text.text
    # Of a change too: up to the end of the text.
    stage.open_text.version += 1
    stage.open_text.text = f"{text}# more\n"
    end = {"line": far, "character": far}
    stage.client.notify(
        "textDocument/didChange",
        {
            "textDocument": stage.open_text.this(),
            "contentChanges": [{"range": {"start": end, "end": end}, "text": "# more\n"}],
        },
    )
    await stage.restored()


async def strange_characters(stage: Stage) -> None:
    """Nulls, half characters, control tokens: typed, asked about, and taken back one by one."""
    text = stage.open_text
    typed = []
    for _ in range(12):
        at = text.text.rindex(" ends here")
        piece = stage.rng.choice(_STRANGE)
        # A lone "\r" in a comment ends it: what follows is a comment of its own.
        piece = "\r#" if piece == "\r" else piece
        text.type(at, piece)
        typed.append((at, len(piece)))
        asked = stage.ghost()
        await stage.settle([asked])
    for at, length in reversed(typed):
        text.replace(at, at + length, "")
    await stage.restored()


async def halves(stage: Stage) -> None:
    """A character that comes in two halves, as an editor counts them."""
    text = stage.open_text
    at = text.text.rindex(" ends here")
    for half in ("\ud83d", "\ude00"):
        text.type(at, half)
        at += 1
    text.text = text.text.replace("\ud83d\ude00", "\N{GRINNING FACE}")
    await stage.restored()


async def enormous(stage: Stage, text: str) -> None:
    """Another text, open beside the small one: opened, changed, asked about, closed."""
    uri = "file:///project/enormous.py"
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    stage.client.notify("textDocument/didOpen", {"textDocument": item})
    middle = {"line": text.count("\n") // 2, "character": 7}
    asked = []
    for version in range(2, 6):
        change = {"range": {"start": middle, "end": middle}, "text": "y"}
        this = {"uri": uri, "version": version}
        stage.client.notify(
            "textDocument/didChange", {"textDocument": this, "contentChanges": [change]}
        )
        place = {"textDocument": {"uri": uri}, "position": middle}
        context = {"context": {"triggerKind": 1}}
        asked.append(stage.client.ask("textDocument/inlineCompletion", place | context)[1])
        asked.append(stage.client.ask("lintseq/propose", this | {"position": middle})[1])
        await stage.client.written()
    await stage.settle(asked)
    stage.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    await stage.restored()


async def vanishes(stage: Stage) -> None:
    """Gone in the middle of a message, while something is being computed."""
    stage.type()
    asked = stage.ghost()
    await asyncio.sleep(stage.rng.uniform(0, 0.2))
    half = json.dumps({"jsonrpc": "2.0", "method": "textDocument/didClose"})[:20].encode()
    stage.client.write(b"Content-Length: 500\r\n\r\n" + half)
    stage.client.vanish()
    status = await stage.client.ended()
    if status != 0:
        stage.problems.append(f"the server ended with {status}")
    await asyncio.wait([asked], timeout=5)
