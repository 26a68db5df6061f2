"""`lintseq-server doctor`: is everything there, how fast is it, and what to do about the rest."""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lintseq.errors import EngineError, LintseqError
from lintseq.format import FORMAT_VERSION, Special
from lintseq.infer.engine import Engine
from lintseq.infer.model_file import models_folder, verify
from lintseq.infer.request import Request
from lintseq.sandbox.choose import open_sandbox
from lintseq.sandbox.run import SandboxError
from server.client_checks import editor_path, last_editor
from server.engine import model_path, start_model
from server.options import Options
from server.process_memory import memory_mb
from server.settings_file import read_settings_file, settings_path

_TOKENS = 48
_PACKAGES = ("pyflakes", "pygls", "llama-cpp-python")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    finding: str
    advice: str = ""
    """What to do; nothing when all is well."""


def doctor(options: Options) -> int:
    """Write the report to stdout; 0 when all is well, 1 when there is something to do."""
    is_well = True
    for check in checks(options):
        is_well = is_well and not check.advice
        mark = "!!" if check.advice else "ok"
        sys.stdout.write(f"{mark}  {check.name:<9} {check.finding}\n")
        if check.advice:
            sys.stdout.write(f"    {'':<9} {check.advice}\n")
        sys.stdout.flush()
    return 0 if is_well else 1


def checks(options: Options) -> Iterator[Check]:
    """The checks in order; after one that fails, those that need it are left out."""
    yield _environment()
    yield _settings()
    yield _editor()
    if options.run_examples:
        yield _sandbox()
    if options.endpoint is not None:
        yield from _endpoint(options)
        return
    try:
        path = model_path(options)
    except EngineError as error:
        yield Check("model", str(error), "install the package with its models folder")
        return
    yield _file(path)
    if not path.is_file():
        return
    started = time.perf_counter()
    try:
        engine = start_model(options)
    except EngineError as error:
        yield Check("engine", str(error), "name another file with --model or $LINTSEQ_MODEL")
        return
    try:
        yield _engine(engine, time.perf_counter() - started)
        yield Check("threads", _threads(options))
        yield from _guarded("speed", lambda: _speed(engine))
        yield Check("memory", f"{memory_mb():.0f} MB, with the model's process")
    finally:
        engine.close()


def _endpoint(options: Options) -> Iterator[Check]:
    """Whether the server that the user named answers."""
    try:
        engine = start_model(options)
        speed = _speed(engine)
    except EngineError as error:
        yield Check("endpoint", str(error), "start that server, or set the option endpoint to null")
        return
    yield Check("endpoint", f"{engine.model.name} answers")
    yield speed


def _environment() -> Check:
    packages = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    return Check("python", f"{platform.python_version()}, {packages}, {os.cpu_count()} cores")


def _settings() -> Check:
    layer = read_settings_file(settings_path())
    if layer.problems:
        return Check("settings", f"{layer.source}: {'; '.join(layer.problems)}", "correct the file")
    return Check("settings", f"{layer.source}: {len(layer.values)} set")


def _editor() -> Check:
    editor = last_editor(editor_path())
    if editor is None:
        return Check("editor", "none has started the server yet")
    finding = f"{editor.name}, last on {editor.seen}"
    return Check("editor", "; ".join((finding, *(editor.missing or ("it can do everything",)))))


def _sandbox() -> Check:
    try:
        return Check("sandbox", open_sandbox().isolation)
    except SandboxError as error:
        return Check("sandbox", str(error), "set the option run_examples to false")


def _threads(options: Options) -> str:
    return (
        f"{options.threads}, set by you"
        if options.threads
        else "as many as the model's size asks for"
    )


def _file(path: Path) -> Check:
    if not path.is_file():
        return Check("model", f"{path} is not a file", "name a file that exists")
    try:
        size_mb = path.stat().st_size / 1e6
        if path.parent != models_folder():
            return Check("model", f"{path}, {size_mb:.1f} MB, named by you: no checksum known")
        manifest = verify(path)
    except OSError as error:
        return Check("model", f"{path}: {error.strerror}", "make the file readable")
    except EngineError as error:
        return Check("model", str(error), "install the package again")
    return Check("model", f"{path}, {size_mb:.1f} MB, {manifest.quantization}, checksum right")


def _engine(engine: Engine, seconds: float) -> Check:
    model = engine.model
    finding = (
        f"{model.name}, {model.parameters / 1e6:.1f}M parameters, {model.context} tokens, "
        f"loaded in {seconds * 1000:.0f} ms"
    )
    formats = f"format {model.format_version}, linter {model.linter}"
    if model.format_version != FORMAT_VERSION:
        advice = f"this program needs a model of format {FORMAT_VERSION}"
        return Check("engine", f"{finding}, {formats}", advice)
    return Check("engine", f"{finding}, {formats}")


def _speed(engine: Engine) -> Check:
    prompt = ("\n", Special.DIFF)
    request = Request(prompt, forced="@@ -0,0 +1", stop="edits", max_tokens=_TOKENS)
    engine.generate(request)
    answer = engine.generate(request)
    rate = answer.generated_tokens / max(answer.elapsed_ms / 1000, 1e-6)
    finding = f"{answer.generated_tokens} tokens in {answer.elapsed_ms:.0f} ms ({rate:.0f}/s)"
    advice = "close busy programs, or set the option threads" if rate < _SLOW else ""
    return Check("speed", finding, advice)


# Ten tokens are about one line; below this rate a line takes longer than a pause in typing.
_SLOW = 20.0


def _guarded(name: str, check: Callable[[], Check]) -> Iterator[Check]:
    try:
        yield check()
    except LintseqError as error:
        yield Check(name, str(error), "report this, with the output above")
