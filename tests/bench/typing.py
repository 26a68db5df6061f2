"""What typing feels like: the real server at a human rhythm, beside llama.cpp alone.

Three ways through the same keys: over stdio with the server, and again while another process uses
one core; in this process beside a plain llama.cpp loop that does the same tokens; and, where
there is a llama-server, through its fill-in-the-middle endpoint.
"""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean, median

from tests.bench.figures import Figure, Section, percentile
from tests.bench.fim_server import FimAnswer, type_into_llama_server
from tests.bench.replay import Asked, Replayed, replay
from tests.bench.stdio import Typed, busy_core, type_over_stdio
from tests.bench.trace import Trace, TypingPlan, traces

PERCENTS = (50, 90, 99)


def measure_typing(
    path: Path, threads: int, plan: TypingPlan, llama_server: Path | None = None
) -> Section:
    """Latency, work, memory and idleness while the traces are typed, with the model at `path`."""
    typed_traces = traces(plan)
    quiet = _over_stdio(typed_traces, path, threads, plan.rest_s)
    with busy_core():
        busy = _over_stdio(typed_traces[:1], path, threads, 0.0)
    replayed = replay(typed_traces, path, threads)
    figures = [*_latencies(quiet, busy), *_resources(quiet), *_work(replayed)]
    beside = "no llama-server named"
    if llama_server is not None:
        try:
            answers = type_into_llama_server(typed_traces, path, threads, llama_server)
            figures += _fill_in_the_middle(answers)
            beside = "llama-server beside"
        except OSError as error:
            # The rest took minutes, and is right all the same.
            beside = f"llama-server failed: {error}"
    keys = sum(len(trace.keys) for trace in typed_traces)
    names = ", ".join(f"{each.name} ({each.text.count(chr(10))} lines)" for each in typed_traces)
    gap = f"{plan.gap_s * 1000:.0f} ms"
    about = f"{keys} keys in {names}, one every {gap}; threads: {threads}; {beside}"
    return Section("Typing", about, tuple(figures))


def _over_stdio(
    typed_traces: Iterable[Trace], path: Path, threads: int, rest_s: float
) -> list[Typed]:
    try:
        return [asyncio.run(type_over_stdio(each, path, threads, rest_s)) for each in typed_traces]
    except RuntimeError as error:
        # Ctrl-C in a terminal ends the server too, and the client reports that instead.
        if isinstance(error.__context__, asyncio.CancelledError):
            raise KeyboardInterrupt from error
        raise


def _latencies(quiet: list[Typed], busy: list[Typed]) -> Iterator[Figure]:
    answers = [answer for typed in quiet for answer in typed.answers]
    in_time = [answer.ms for answer in answers if answer.is_in_time]
    shown = sum(answer.is_shown for answer in answers)
    yield Figure("first answer in a file just opened", median(t.first_ms for t in quiet), "ms")
    yield Figure("keys answered before the next", 100 * len(in_time) / len(answers), "%")
    yield from _percentiles("change to answer, of those", in_time)
    yield from _percentiles("change to some answer", [each.until_some_ms for each in answers])
    yield Figure("keys after which something showed", 100 * shown / len(answers), "%")
    disturbed = [answer.ms for typed in busy for answer in typed.answers if answer.is_in_time]
    alone = [answer.ms for answer in quiet[0].answers if answer.is_in_time]
    yield Figure("p90 in the first file", percentile(alone, 90), "ms")
    yield Figure("… beside a process that uses one core", percentile(disturbed, 90), "ms")


def _resources(quiet: list[Typed]) -> Iterator[Figure]:
    yield Figure("CPU when nobody types, of one core", 100 * max(t.idle_cpu for t in quiet), "%")
    yield Figure("memory of server and model, resident", max(t.rss_mb for t in quiet), "MB")
    yield Figure("… shared pages counted once", max(t.pss_mb for t in quiet), "MB")


def _work(replayed: list[Replayed]) -> Iterator[Figure]:
    asked = [each for trace in replayed for each in trace.asked]
    keys = sum(trace.keys for trace in replayed)
    prompt, evaluated = sum(a.prompt for a in asked), sum(a.evaluated for a in asked)
    jumps = [each for each in asked if each.is_new_snapshot]
    stays = [each for each in asked if not each.is_new_snapshot]
    yield Figure("keys for which the model is asked", 100 * len(asked) / keys, "%")
    yield Figure("prompt, median", median(each.prompt for each in asked), "tokens")
    yield Figure("evaluated per key, mean", evaluated / keys, "tokens")
    yield Figure("generated per key, mean", sum(each.generated for each in asked) / keys, "tokens")
    yield Figure("of all prompts in the cache", 100 * (1 - evaluated / prompt), "%")
    yield Figure("keys with a new snapshot", 100 * len(jumps) / keys, "%")
    if jumps:
        yield Figure("a key with a new snapshot", median(each.whole_ms for each in jumps), "ms")
    yield Figure("a key without", median(each.whole_ms for each in stays), "ms")
    yield from _beside_raw(stays)


def _beside_raw(asked: list[Asked]) -> Iterator[Figure]:
    """Without those of a new snapshot, which would outweigh all others."""
    raw = [each.raw_ms for each in asked]
    yield from _percentiles("llama.cpp alone, same tokens", raw)
    engine, whole = sum(a.engine_ms for a in asked), sum(a.whole_ms for a in asked)
    yield Figure("the engine's overhead over it", 100 * (engine / sum(raw) - 1), "%")
    yield Figure("the same per key, mean", (engine - sum(raw)) / len(asked), "ms")
    again = [each.again_ms for each in asked if each.again_ms]
    yield Figure("keys with a second request", 100 * len(again) / len(asked), "%")
    if again:
        yield Figure("a second request, median", median(again), "ms")
    rest = whole - engine - sum(again)
    yield Figure("prompt, verdict and linter per key, mean", rest / len(asked), "ms")


def _fill_in_the_middle(answers: list[FimAnswer]) -> Iterator[Figure]:
    name = "llama-server, FIM"
    yield from _percentiles(f"{name}: answer", [each.ms for each in answers])
    yield Figure(f"{name}: evaluated per key", mean(a.evaluated for a in answers), "tokens")
    yield Figure(f"{name}: generated per key", mean(a.generated for a in answers), "tokens")
    yield Figure(
        f"{name}: of all prompts in the cache",
        100 * sum(a.cached for a in answers) / sum(a.cached + a.evaluated for a in answers),
        "%",
    )


def _percentiles(name: str, ms: list[float]) -> list[Figure]:
    return [Figure(f"{name}, p{percent}", percentile(ms, percent), "ms") for percent in PERCENTS]
