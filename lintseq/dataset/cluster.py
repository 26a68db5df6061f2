"""Work on a cluster: the same batches, as tasks of Ray.

A task that dies takes its batch with it; the records are then tried one by one, so that only the
one it died of is rejected. Ray's usage statistics are off.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from lintseq.dataset.processes import Batch, Done
from lintseq.dataset.records import Record, Reject
from lintseq.dataset.work import Made, WorkOptions, make
from lintseq.errors import LintseqError


def work_on_ray(batches: Iterable[Batch], options: WorkOptions, jobs: int) -> Iterator[Done]:
    """What becomes of the batches, in the order in which they are done; `jobs` at a time.

    The cluster is the one that Ray finds (`RAY_ADDRESS`), else one of this machine alone, which
    ends with the iterator.

    Raises:
        LintseqError: Ray is not installed.
    """
    ray = _ray()
    is_ours = not ray.is_initialized()
    if is_ours:
        address = os.environ.get("RAY_ADDRESS")
        local = {"num_cpus": jobs, "include_dashboard": False}
        ray.init(address=address, log_to_driver=False, **({} if address else local))
    task = ray.remote(max_retries=0)(_make_all)
    waiting = iter(batches)
    running: dict[Any, Batch] = {}
    try:
        while True:
            while len(running) < jobs and (batch := next(waiting, None)) is not None:
                running[task.remote(batch.records, options)] = batch
            if not running:
                return
            (ready, *_), _ = ray.wait([*running], num_returns=1)
            batch = running.pop(ready)
            try:
                yield Done(batch.number, ray.get(ready))
            except ray.exceptions.RayError:
                yield Done(batch.number, _one_by_one(ray, task, batch, options))
    finally:
        if is_ours:
            ray.shutdown()


def _one_by_one(ray: Any, task: Any, batch: Batch, options: WorkOptions) -> tuple[Made, ...]:  # noqa: ANN401
    made: list[Made] = []
    for record in batch.records:
        try:
            made += ray.get(task.remote((record,), options))
        except ray.exceptions.RayError as error:
            reject = Reject(record.index, record.id, "crash", type(error).__name__)
            made.append(Made(record.index, reject=reject))
    return tuple(made)


def _make_all(records: tuple[Record, ...], options: WorkOptions) -> tuple[Made, ...]:
    return tuple([make(record, options) for record in records])


def _ray() -> Any:  # noqa: ANN401  a module without types
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ModuleNotFoundError as error:
        raise LintseqError(
            f"the engine ray needs a library that is not installed ({error}): "
            "pip install 'lintseq[cluster]'"
        ) from error
    return ray
