"""The file of decisions: what was acknowledged is there, whatever happens; what is no such file is told in one line."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from desk import FINDING, verdict

from checker import sqlitefile
from checker.decisions import append, dump, load, merge, read_jsonl, state, store, verify
from checker.decisions.events import Event
from checker.errors import BadDecisions

POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes as on POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.db"


def process(work: Callable[[], Any]) -> multiprocessing.process.BaseProcess:
    started = multiprocessing.get_context("fork").Process(target=work)
    started.start()
    return started


def test_events_are_kept_once_and_by_finding(path: Path) -> None:
    one, other = verdict("rounding"), verdict("open", finding="f" * 16, minute=1)
    append(path, other)
    assert merge(path, [one, other, one]) == 1 and merge(path, [one, other]) == 0
    assert load(path) == [one, other] and load(path, FINDING) == [one] and load(path, "0" * 16) == []
    assert [file.name for file in path.parent.iterdir()] == ["d.db"]


@pytest.mark.parametrize("statement", ["UPDATE events SET content = ''", "DELETE FROM events"])
def test_an_event_stays_as_it_is(path: Path, statement: str) -> None:
    append(path, verdict("rounding"))
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError, match="an event is never"):
        db.execute(statement)


@POSIX
def test_every_acknowledged_event_is_there_after_a_kill(path: Path) -> None:
    """One process after another writes and says so on a pipe, until it is killed at a random moment."""
    moments, acknowledged, killed = random.Random(11), set(), 0
    for n in range(50):
        out, into = os.pipe()

        def work(n: int = n, into: int = into) -> None:
            for i in range(10_000):
                made = verdict("rounding", f"{n}", note=f"{i}" * (3000 if i % 3 else 1))
                append(path, made)
                os.write(into, made.id.encode())

        writer = process(work)
        os.close(into)
        time.sleep(moments.uniform(0.01, 0.25))
        writer.kill()
        writer.join()
        killed += writer.exitcode == -signal.SIGKILL
        with open(out, "rb") as pipe:
            said = pipe.read().decode()
        acknowledged |= {said[i : i + 32] for i in range(0, len(said), 32)}
        if path.exists() and acknowledged:
            assert acknowledged <= {one.id for one in load(path)}, f"lost at kill {n}"
            assert verify(path) == []
    assert killed == 50 and len(acknowledged) > 50


@POSIX
def test_two_at_once_are_both_kept(path: Path) -> None:
    def work(who: str) -> None:
        for i in range(40):
            append(path, verdict("rounding", who, minute=i))

    writers = [process(lambda who=who: work(who)) for who in ("张三", "李四")]
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(load(path)) == 80 and len(state(FINDING, load(path)).events) == 80 and verify(path) == []


def test_a_file_that_another_process_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(path, verdict("rounding"))
    monkeypatch.setattr(sqlitefile, "PATIENCE", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        for use in (lambda: append(path, verdict("open")), lambda: load(path)):
            with pytest.raises(BadDecisions, match="is in use by another process"):
                use()
    assert len(load(path)) == 1


def test_a_full_disk_keeps_nothing_by_halves(path: Path, room_for: Callable[[int], None]) -> None:
    append(path, verdict("rounding"))
    before = load(path)
    room_for(12)
    with pytest.raises(BadDecisions, match="the disk is full"):
        merge(path, [verdict("rounding", minute=i, note="长" * 999) for i in range(60)])
    assert load(path) == before and verify(path) == []


@POSIX
def test_a_file_that_may_grow_no_further(path: Path) -> None:
    import resource

    append(path, verdict("rounding"))
    before = load(path)

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
        try:
            merge(path, [verdict("rounding", minute=i, note="长" * 999) for i in range(60)])
        except BadDecisions as error:
            os._exit(42 if error.reason.startswith("cannot be read or written") else 43)

    writer = process(work)
    writer.join()
    assert writer.exitcode == 42
    assert load(path) == before and verify(path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be written")
def test_a_file_or_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    path = folder / "d.db"
    append(path, verdict("rounding"))
    for locked in (path, folder):
        mode = locked.stat().st_mode
        locked.chmod(mode & ~0o222)
        assert len(load(path)) == 1
        with pytest.raises(BadDecisions, match=r"may not be written|cannot be opened"):
            append(path, verdict("open"))
        locked.chmod(mode)


def _changed(statement: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        append(path, verdict("rounding"))
        with closing(sqlite3.connect(path)) as db:
            db.execute(statement)
            db.commit()

    return make


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (a)")


def _collection(path: Path) -> None:
    from checker.collection import store as other

    with other.writing(path, new=True):
        pass


def _cut(path: Path) -> None:
    append(path, verdict("rounding"))
    os.truncate(path, 9_000)


NONE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a folder": (lambda path: path.mkdir(), "is a folder"),
    "a text": (lambda path: path.write_text("结论：四舍五入。" * 200), "is damaged, or no store of decisions"),
    "another database": (_other_database, "is a database of something else"),
    "a collection": (_collection, "is a database of something else"),
    "a newer format": (
        _changed(f"PRAGMA user_version = {store.FORMAT + 1}"),
        f"is of format {store.FORMAT + 1}; this version of checker reads format {store.FORMAT}",
    ),
    "cut short": (_cut, "is damaged"),
}
UNREAD: dict[str, tuple[Callable[[Path], Any], str]] = NONE | {
    "nothing": (lambda path: None, "no such store of decisions"),
    "an empty file": (lambda path: path.write_bytes(b""), "holds no store of decisions yet"),
    "an event that is none": (_changed("INSERT INTO events VALUES ('x', 'y', 'z')"), "an event does not read back"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_no_store_is_told_in_one_line(name: str, path: Path) -> None:
    make, reason = UNREAD[name]
    make(path)
    with pytest.raises(BadDecisions) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ") and reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", NONE)
def test_nothing_is_written_into_what_is_no_store(name: str, path: Path) -> None:
    make, reason = NONE[name]
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(BadDecisions, match=reason):
        append(path, verdict("rounding"))
    start = 100 if reason == "is damaged" else 0  # SQLite may have counted, in the header, that it was opened
    assert (path.read_bytes() if path.is_file() else b"")[start:] == before[start:]


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(BadDecisions, match="its folder does not exist"):
        append(tmp_path / "gone" / "d.db", verdict("rounding"))


FAULTS = {
    "changed": ("UPDATE events SET content = replace(content, 'Zhang', 'Li')", "is not that of what it says"),
    "moved": ("UPDATE events SET finding = 'x'", "it is kept as another"),
    "no event": ("UPDATE events SET content = '{}'", "not an object with the fields"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_event_that_was_tampered_with_is_named(name: str, path: Path) -> None:
    statement, reason = FAULTS[name]
    made = verdict("rounding", "Zhang")
    append(path, made)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER events_stay")
        db.execute(statement)
        db.commit()
    (fault,) = verify(path)
    assert fault.startswith(f"event {made.id}: ") and reason in fault


def test_no_flipped_byte_goes_further_than_one_line(path: Path) -> None:
    merge(path, [verdict("rounding", minute=i) for i in range(40)])
    sound, flips, told = path.read_bytes(), random.Random(4), 0
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(flips.choice([1, 8, 64])):
            data[flips.randrange(len(data))] ^= flips.randrange(1, 256)
        path.write_bytes(data)
        for use in (load, lambda path: state(FINDING, load(path, FINDING)), verify):
            try:
                found = use(path)
                told += use is verify and bool(found)
            except BadDecisions as error:
                told += 1
                assert "\n" not in str(error)
    assert told > 100


# ---- JSON Lines


def _lines(path: Path, *events: Event) -> Path:
    path.write_text("".join(dump(one) + "\n" for one in events), encoding="utf-8-sig")
    return path


def test_two_desks_come_to_the_same_file(tmp_path: Path) -> None:
    ours, theirs = [verdict("rounding")], [verdict("open", minute=1), verdict("rounding")]
    merge(tmp_path / "a.db", ours)
    merge(tmp_path / "b.db", theirs)
    assert merge(tmp_path / "a.db", read_jsonl(_lines(tmp_path / "b.jsonl", *load(tmp_path / "b.db")))) == 1
    assert merge(tmp_path / "b.db", read_jsonl(_lines(tmp_path / "a.jsonl", *ours))) == 0
    assert load(tmp_path / "a.db") == load(tmp_path / "b.db")


def test_a_bad_line_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    path = _lines(tmp_path / "a.jsonl", verdict("rounding"))
    path.write_text(path.read_text(encoding="utf-8-sig") + "\n{}\n", encoding="utf-8")
    with pytest.raises(BadDecisions) as caught:
        read_jsonl(path)
    assert str(caught.value).startswith(f"{path}:3: not an object with the fields")
