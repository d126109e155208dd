"""Work spread over processes that may be killed: what a dead one left undone is done again; nothing waits for it.

The standard pools share queues between their processes, so that one killed at the wrong moment holds up all, and one
whose parent was killed waits for ever. Here each process has a pipe of its own and one task at a time.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# So many results for each process may wait for an earlier one.
AHEAD = 16


class _Worker(NamedTuple):
    process: BaseProcess
    pipe: Connection


def spread(
    work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int, died: Callable[[Task], Result]
) -> Generator[Result, None, None]:
    """The results of `work` in the order of the tasks, which are taken as they are needed.

    A task on which a process dies is done again by another; `died` stands in for one on which that dies as well.
    """
    if jobs < 2:
        yield from map(work, tasks)
        return
    left = enumerate(tasks)
    idle: list[_Worker] = []
    busy: dict[Any, tuple[_Worker, int, Task, bool]] = {}
    done: dict[int, Result] = {}
    due = 0

    def give(number: int, task: Task, again: bool = False) -> None:
        while idle and not idle[-1].process.is_alive():
            _end(idle.pop())
        # Whatever killed the first may be killing those that wait as well: a second attempt gets a fresh process.
        worker = idle.pop() if idle and not again else _worker(work)
        busy[worker.pipe] = worker, number, task, again
        with suppress(OSError):  # it is dead, which shows when its result is asked for
            worker.pipe.send(task)

    try:
        while True:
            while due in done:
                yield done.pop(due)
                due += 1
            while len(busy) < jobs and len(busy) + len(done) < jobs * AHEAD and (following := next(left, None)):
                give(*following)
            if not busy:
                return
            for pipe in wait(list(busy)):
                worker, number, task, again = busy.pop(pipe)
                try:
                    done[number] = worker.pipe.recv()
                    idle.append(worker)
                except (EOFError, OSError):
                    _end(worker)
                    if again:
                        done[number] = died(task)
                    else:
                        give(number, task, again=True)
    finally:
        for worker in [*idle, *(entry[0] for entry in busy.values())]:
            _end(worker)


def _worker(work: Callable[[Any], Any]) -> _Worker:
    # A fresh process: a fork of one that has threads may hang.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, theirs), daemon=True)
    resource_tracker.ensure_running()  # its own start, where it comes with the first process, lets interrupts through
    with _interrupt_blocked():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _interrupt_blocked() -> Iterator[None]:
    """Ctrl-C is for this process to act upon, a little later; one that starts while it is blocked never gets it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    """Do task after task until whoever asks is gone."""
    with suppress(EOFError, ConnectionError):
        while True:
            pipe.send(work(pipe.recv()))
