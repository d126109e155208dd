"""What the desk has acknowledged is in the file, however it ends and whatever the disk does."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from reviewprocess import (
    Browser,
    Kept,
    People,
    Server,
    close,
    forked,
    mounted,
    running,
    started,
    under_review,
    warm,
    write,
)

from checker import decisions
from checker.review import Material

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes as on POSIX")
SEED = 20260131
# So many kills of a desk in a copy of this process, and of the real command in each of two folders.
KILLS, REAL_KILLS = 44, 3


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Material:
    made = under_review()
    warm(made, tmp_path_factory.mktemp("warm") / "d.db")
    return made


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("review") / "reports")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 256 kB."""
    try:
        with mounted(tmp_path / "small", 256) as folder:
            yield folder
    except OSError as error:
        pytest.skip(f"no file system can be mounted here: {error}")


def killed(server: Server, shown: Material, kept: Kept, moment: float, seed: str, answered: bool) -> None:
    """People post to a server until it is killed at a moment after it listens, or after somebody has been answered."""
    with running(server):
        people = People(server, shown, kept, seed)
        if answered:
            people.wait()
        time.sleep(moment)
        people.ending.set()
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        people.stop()


def test_every_acknowledged_decision_is_there_after_a_kill(shown: Material, tmp_path: Path) -> None:
    """Half of the moments begin before the desk has opened its file, the first time before there is one."""
    moments, kept, file = random.Random(SEED), Kept(), tmp_path / "d.db"
    for n in range(KILLS):
        moment = moments.uniform(0, 0.5)
        killed(forked(shown, file), shown, kept, moment, f"{SEED} {n}", answered=bool(n % 2))
        assert kept.faults(file) == [], f"seed {SEED}, kill {n} after {moment:.4f} s"
    assert len(kept.acknowledged) > KILLS / 2 and len(kept.whole) > KILLS / 2


def test_every_acknowledged_decision_is_there_after_a_kill_of_the_command(
    command: str, reports: Path, shown: Material, tmp_path: Path
) -> None:
    def work(name: str) -> Kept:
        moments, kept, file = random.Random(f"{SEED} {name}"), Kept(), tmp_path / name
        for n in range(REAL_KILLS):
            moment = moments.uniform(0, 0.5)
            killed(started(command, reports, file), shown, kept, moment, f"{SEED} {name} {n}", True)
            assert kept.faults(file) == [], f"seed {SEED} {name}, kill {n} after {moment:.4f} s"
        return kept

    with ThreadPoolExecutor(2) as pool:
        for kept in pool.map(work, ("a.db", "b.db")):
            assert len(kept.acknowledged) >= REAL_KILLS


def test_after_a_kill_the_desk_shows_what_was_acknowledged(shown: Material, tmp_path: Path) -> None:
    address, file = f"/finding/{shown.findings[0].fingerprint}", tmp_path / "d.db"
    with running(forked(shown, file)) as server:
        browser = Browser(server.port)
        assert browser.post(f"{address}/verdict", browser.get(address), to="rounding", note="记在断电之前")[0] == 303
        server.end(signal.SIGKILL)
    with running(forked(shown, file)) as server:
        assert "记在断电之前" in Browser(server.port).get(address) and address in Browser(server.port).get(
            "/?state=all"
        )


def test_two_desks_on_one_file_lose_nothing_and_see_each_other(shown: Material, tmp_path: Path) -> None:
    kept, file = Kept(), tmp_path / "d.db"
    with running(forked(shown, file)) as one, running(forked(shown, file)) as other:
        both = [
            People(server, shown, kept, f"{n}", names)
            for n, (server, names) in enumerate([(one, ("张三", "李四")), (other, ("王五", "赵六"))])
        ]
        time.sleep(3)
        for people in both:
            people.stop()
        assert kept.faults(file) == [] and kept.acknowledged
        assert {event.who for event in decisions.load(file)} == {"张三", "李四", "王五", "赵六"}
        address = f"/finding/{shown.findings[0].fingerprint}"
        for here, there, note in ((one, other, "这边写的"), (other, one, "那边写的")):
            browser = Browser(here.port)
            assert browser.post(f"{address}/verdict", browser.get(address), to="rounding", note=note)[0] == 303
            assert note in Browser(there.port).get(address)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_desk_that_is_told_to_end_keeps_what_it_acknowledged_and_ends_soon(
    how: signal.Signals, command: str, reports: Path, shown: Material, tmp_path: Path
) -> None:
    kept, file = Kept(), tmp_path / "d.db"
    with (
        running(started(command, reports, file)) as server,
        socket.create_connection(("127.0.0.1", server.port)) as half,
    ):
        half.sendall(b"POST /reviewer HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 99\r\n\r\ntoken=")
        people = People(server, shown, kept, f"{SEED} {how}")
        people.wait()
        time.sleep(0.3)
        people.ending.set()
        asked = time.monotonic()
        code = server.end(how)
        taken = time.monotonic() - asked
        people.stop()
    assert code is not None and taken < 5, f"{code} after {taken:.1f} s"
    assert "Traceback" not in server.said()
    assert kept.faults(file) == [] and kept.acknowledged


def test_a_full_disk_is_told_on_a_page_and_the_desk_works_on_once_there_is_room(shown: Material, small: Path) -> None:
    file, filler = small / "d.db", small / "filler"
    filler.write_bytes(bytes(128_000))
    kept, note, n = Kept(), "写满为止" * 900, 0
    with running(forked(shown, file)) as server:
        browser, address = Browser(server.port), f"/finding/{shown.findings[0].fingerprint}"
        page = browser.get(address)
        while True:
            n += 1
            assert n < 200, "the disk does not fill"
            kept.whole[f"{n}{note}"] = len(shown.members[0])
            status, to, answer = browser.post(
                f"{address}/verdict", page, to="in-progress", whole="1", note=f"{n}{note}"
            )
            if status != 303:
                break
            kept.acknowledged.add(to.partition("after=")[2])
        assert status == 503 and "the disk is full" in answer, answer[-2000:]
        assert f"{n}{note}" in answer, "what was typed is not given back"
        assert n > 1 and kept.faults(file) == []
        before = decisions.load(file)
        assert address in browser.get("/") and "写满为止" in browser.get(address)
        filler.unlink()
        assert browser.post(f"{address}/verdict", page, to="rounding", note="有地方了")[0] == 303
        assert len(decisions.load(file)) == len(before) + 1 and kept.faults(file) == []
        assert "有地方了" in browser.get(address)


def refused(command: str, reports: Path, file: Path) -> str:
    """The one line with which the command refuses to start."""
    done = subprocess.run(
        [command, "review", str(reports), "--port", "0", "--no-open", "--decisions", str(file)],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1, done
    return done.stderr


def test_a_disk_that_is_full_from_the_start_is_told_in_one_line(command: str, reports: Path, small: Path) -> None:
    (small / "filler").write_bytes(bytes(256 * 1024))
    assert "d.db: cannot be written: the disk is full" in refused(command, reports, small / "d.db")


@pytest.mark.parametrize("begun", [False, True])
def test_a_folder_that_may_not_be_written_is_told_in_one_line(
    begun: bool, command: str, reports: Path, small: Path
) -> None:
    file = small / "d.db"
    if begun:
        decisions.merge(file, [])
    close(small)
    line = refused(command, reports, file)
    assert f"{file}: " in line and ("may not be written" in line or "cannot be opened" in line)
