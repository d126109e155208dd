"""Work on several processes: in order, whole, and finished whatever happens to one of them.

The work is `eval`, which any process has: tasks are expressions.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from checker.collection.pool import AHEAD, spread

SLEEP = "__import__('time').sleep"
KILL = "__import__('os').kill(__import__('os').getpid(), 9)"


def _died(task: str) -> str:
    return f"died: {task}"


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 7 * AHEAD])
def test_results_come_in_the_order_of_their_tasks(jobs: int, count: int) -> None:
    tasks = [f"{SLEEP}({(i * 7) % 5} / 500) or {i}" for i in range(count)]
    assert list(spread(eval, tasks, jobs, _died)) == list(range(count))
    assert not multiprocessing.active_children()


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = 0

    def tasks() -> object:
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield "0"

    results = spread(eval, tasks(), 2, _died)
    for _ in range(3):
        next(results)
    results.close()
    assert taken <= 3 + 2 * AHEAD
    assert not multiprocessing.active_children()


def test_what_a_killed_process_left_is_done_again(tmp_path: Path) -> None:
    marks = [tmp_path / str(i) for i in range(3)]
    once = [f"(p := __import__('pathlib').Path({str(m)!r})).exists() and 7 or (p.touch(), {KILL})" for m in marks]
    tasks = ["1", once[0], "2", once[1], once[2], "3", *["4"] * 40]
    assert list(spread(eval, tasks, 2, _died)) == [1, 7, 2, 7, 7, 3, *[4] * 40]


def test_a_task_that_kills_twice_is_given_up(tmp_path: Path) -> None:
    tasks = ["1", KILL, "2", KILL, "3"]
    assert list(spread(eval, tasks, 2, _died)) == [1, f"died: {KILL}", 2, f"died: {KILL}", 3]


def test_processes_killed_from_outside() -> None:
    found = []
    for result in spread(eval, [f"{SLEEP}(0.01) or {i}" for i in range(120)], 3, _died):
        found.append(result)
        if result in (5, 80):
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)
    assert found == list(range(120))


def test_processes_killed_while_they_wait(tmp_path: Path) -> None:
    """No task is to blame for them: two wait for the first task, which holds up all, and then there are two left."""
    first = tmp_path / "pid"
    slow = f"__import__('pathlib').Path({str(first)!r}).write_text(str(__import__('os').getpid())) and {SLEEP}(4) or 0"
    tasks = [slow, *(str(i) for i in range(1, 3 * AHEAD + 2))]

    def kill() -> None:
        for child in multiprocessing.active_children():
            if child.pid and str(child.pid) != first.read_text():
                os.kill(child.pid, signal.SIGKILL)

    timer = threading.Timer(3, kill)
    timer.start()
    assert list(spread(eval, tasks, 3, _died)) == list(range(3 * AHEAD + 2))
    timer.join()


def test_large_tasks_and_results() -> None:
    tasks = ["'" + "x" * 3_000_000 + "'"] * 6
    assert list(spread(eval, tasks, 2, _died)) == ["x" * 3_000_000] * 6


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
def test_a_process_whose_parent_was_killed_ends() -> None:
    script = (
        "import multiprocessing; from checker.collection.pool import spread\n"
        "for i in spread(eval, ['__import__(\"time\").sleep(0.02)'] * 10_000, 2, str):\n"
        "    print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = [line.split() for line, _ in zip(parent.stdout, range(20), strict=False)][-1]
        assert len(pids) == 2
        parent.kill()
    end = time.monotonic() + 20
    while any(_runs(int(pid)) for pid in pids):
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
