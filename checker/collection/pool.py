"""Work spread over processes that may be killed: what a dead one left undone is done again; nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# So many tasks for each process are handed out at a time.
BATCH = 16


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int, died: Callable[[Task], Result]
) -> Iterator[Result]:
    """The results of `work` in the order of the tasks.

    Tasks that were under way when a process died are done again one at a time; `died` stands in for one on which a
    process dies then.
    """
    if jobs < 2 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    with ExitStack() as pools:
        pool = pools.enter_context(_pool(jobs))
        for start in range(0, len(tasks), jobs * BATCH):
            batch = tasks[start : start + jobs * BATCH]
            futures = [_submit(pool, work, task) for task in batch]
            broken = False
            for task, future in zip(batch, futures, strict=True):
                try:
                    if future is None:
                        raise BrokenProcessPool
                    yield future.result()
                except BrokenProcessPool:
                    if not broken:
                        broken, pool = True, pools.enter_context(_pool(1))
                    try:
                        yield pool.submit(work, task).result()
                    except BrokenProcessPool:
                        pool = pools.enter_context(_pool(1))
                        yield died(task)
            if broken:
                pool = pools.enter_context(_pool(jobs))


def _pool(processes: int) -> ProcessPoolExecutor:
    # Fresh processes: a fork of one that has threads may hang.
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def _submit(pool: ProcessPoolExecutor, work: Callable[[Task], Result], task: Task) -> Future[Result] | None:
    try:
        return pool.submit(work, task)
    except BrokenProcessPool:
        return None
