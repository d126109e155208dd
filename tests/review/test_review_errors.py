"""A decisions file that cannot be used: it is said clearly, what was typed stays, nothing is kept by halves."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from reviewdesk import House, Page

from checker import sqlitefile
from checker.decisions import verify
from checker.errors import BadDecisions

ROOT = not hasattr(os, "geteuid") or os.geteuid() == 0
NOTE = "已问<统计局>，见年鉴"


@pytest.fixture
def house(tmp_path: Path) -> House:
    folder = tmp_path / "own"
    folder.mkdir()
    house = House(folder / "d.db")
    house.browser("张三").decide(0, "rounding")
    return house


def raising(monkeypatch: pytest.MonkeyPatch, code: int, when: str) -> None:
    """SQLite as it is where a statement that begins so comes to an error."""
    real = sqlitefile.connect

    class Failing(sqlite3.Connection):
        def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
            self._fail(statement)
            return super().execute(statement, *arguments)

        def executemany(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
            self._fail(statement)
            return super().executemany(statement, *arguments)

        def _fail(self, statement: str) -> None:
            if statement.startswith(when):
                error = sqlite3.OperationalError("simulated")
                error.sqlite_errorcode = code
                raise error

    def connect(kind: sqlitefile.Kind, path: Path, mode: str) -> sqlite3.Connection:
        real(kind, path, mode).close()
        return sqlite3.connect(path, isolation_level=None, factory=Failing)

    monkeypatch.setattr(sqlitefile, "connect", connect)


@contextmanager
def _raised(code: int, when: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        raising(patch, code, when)
        yield


@contextmanager
def _full() -> Iterator[None]:
    """A disk on which there is room for next to nothing."""
    real = sqlitefile.connect

    def small(*arguments: Any) -> sqlite3.Connection:
        db = real(*arguments)
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlitefile, "connect", small)
        yield


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Another process writes for longer than anybody waits."""
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(path, isolation_level=None)) as db:
        patch.setattr(sqlitefile, "PATIENCE", 0.05)
        db.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def _closed(path: Path) -> Iterator[None]:
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        path.chmod(mode)


@contextmanager
def _hidden(path: Path) -> Iterator[None]:
    """Its folder is renamed meanwhile, or a drive is taken away."""
    away = path.parent.rename(path.parent.with_name("away"))
    try:
        yield
    finally:
        away.rename(path.parent)


@contextmanager
def _overwritten(path: Path) -> Iterator[None]:
    sound = path.read_bytes()
    path.write_text("结论：四舍五入。" * 400, encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(sound)


TROUBLE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a full disk": (lambda path: _full(), "the disk is full"),
    "a disk that fills up at the end": (lambda path: _raised(sqlite3.SQLITE_FULL, "COMMIT"), "the disk is full"),
    "a disk that fails": (lambda path: _raised(sqlite3.SQLITE_IOERR, "INSERT"), "cannot be read or written"),
    "a file that may not be written": (lambda path: _raised(sqlite3.SQLITE_READONLY, "BEGIN"), "may not be written"),
    "a file in use": (_locked, "is in use by another process"),
    "a folder that is gone": (_hidden, "its folder does not exist"),
    "a file written over": (_overwritten, "is damaged, or no store of decisions"),
    "a file that is closed": (_closed, "may not be written"),
    "a folder that is closed": (lambda path: _closed(path.parent), "cannot be opened"),
}
CLOSED = ("a file that is closed", "a folder that is closed")
SIMULATED = [
    pytest.param(name, marks=pytest.mark.skipif(ROOT, reason="root may write anything")) if name in CLOSED else name
    for name in TROUBLE
]


@pytest.mark.parametrize("name", SIMULATED)
def test_a_file_that_cannot_be_written_is_told_and_nothing_is_kept(name: str, house: House) -> None:
    trouble, reason = TROUBLE[name]
    zhang = house.browser("张三")
    seen = zhang.finding(1).value("seen")
    before = house.events()
    forms: list[tuple[str, dict[str, str]]] = [
        (f"{house.path(1)}/verdict", {"to": "explained", "reason": NOTE * 300, "note": NOTE, "seen": seen}),
        (f"{house.path(1)}/verdict", {"to": "accepted", "reason": NOTE * 300, "note": NOTE, "whole": "1"}),
        (f"{house.path(1)}/assign", {"assignee": "李四", "seen": seen, "note": NOTE, "reason": NOTE * 300}),
        (f"{house.path(0)}/undo", {"event": before[0].id, "note": NOTE, "reason": NOTE * 300}),
    ]
    with trouble(house.file):
        for address, fields in forms:
            if name == "a full disk" and "to" not in fields:
                continue  # for so little there is room
            if name == "a full disk" and fields["to"] == "李四":
                continue
            page = Page(zhang.post(address, **fields))
            assert page.status == 503 and reason in page.text and "没有记录" in page.text, (address, page.text)
            assert [tag.text for tag in page.all("blockquote")] == [NOTE * 300, NOTE]
            assert "location" not in page.headers
    assert house.events() == before and verify(house.file) == []
    # And the desk goes on as if nothing had been.
    assert zhang.open() == len(house.findings) - 1
    assert zhang.decide(1, "explained", reason=NOTE).status_code == 303
    assert zhang.undo(1).headers["location"].startswith(house.path(1))
    assert [one.kind for one in house.events()] == ["verdict", "verdict", "undo"]
    assert sorted(file.name for file in house.file.parent.iterdir()) == ["d.db"]


READING = {
    "a file in use": "is in use by another process",
    "a folder that is gone": "no such store of decisions",
    "a file written over": "is damaged, or no store of decisions",
}


@pytest.mark.parametrize("name", READING)
def test_a_page_that_cannot_know_where_things_stand_says_so(name: str, house: House) -> None:
    trouble, _ = TROUBLE[name]
    zhang = house.browser("张三")
    addresses = ["/", house.path(0), "/document", "/document/0", "/figures"]
    with trouble(house.file):
        for address in addresses:
            page = zhang.get(address, 503)
            assert READING[name] in page.text
        assert zhang.client.get("/static/review.css").status_code == 200
    for address in addresses:
        assert zhang.get(address).status == 200


@pytest.mark.parametrize("blind", [False, True])
def test_a_file_put_in_place_of_another_is_what_counts(blind: bool, tmp_path: Path) -> None:
    """Somebody restores a copy, or takes the file away to begin anew, while the desk is open."""
    house = House(tmp_path / "d.db", blind=blind)
    zhang = house.browser("张三")
    zhang.decide(0, "rounding")
    copy = house.file.read_bytes()
    zhang.decide(1, "rounding")
    zhang.decide(2, "to-verify")
    assert zhang.open() == 4
    house.file.write_bytes(copy)
    assert zhang.open() == 6 and zhang.get("/?state=rounding").rows() == [house.findings[0].fingerprint]
    zhang.decide(3, "rounding")
    assert zhang.open() == 5
    house.file.unlink()
    zhang.get("/", 503)
    answer = zhang.decide(5, "to-verify", seen=2)
    assert zhang.after(answer).all("div", "told") and zhang.open() == 6
    assert [one.to for one in house.events()] == ["to-verify"]
    house.file.unlink()
    zhang.decide(4, "rounding", seen=1)  # as many events as before, and others
    assert zhang.get("/?state=all").states() == ["open"] * 4 + ["rounding"] + ["open"] * 2


def test_what_is_kept_is_not_told_as_lost_where_it_cannot_be_read_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is locked in the moment between keeping a verdict and looking at what is there."""
    zhang = house.browser("张三")
    seen = int(zhang.finding(1).value("seen"))
    with monkeypatch.context() as patch:

        def locked() -> int:
            raise BadDecisions("is in use by another process", str(house.file))

        patch.setattr(house.desk, "refresh", locked)
        answer = zhang.decide(1, "rounding", seen=seen)
    assert answer.status_code == 303 and len(house.events(1)) == 1
    assert zhang.after(answer).all("div", "told")
    assert zhang.undo(3).headers["location"].startswith(house.path(1))


@pytest.mark.skipif(not Path("/proc/mounts").exists() or ROOT, reason="for root a folder is never closed")
def test_a_desk_is_not_opened_where_nothing_can_be_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(BadDecisions, match="cannot be opened"):
            House(tmp_path / "d.db")
    finally:
        tmp_path.chmod(0o755)


def test_a_desk_is_not_opened_over_a_folder_or_where_none_is(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "is a folder"), (tmp_path / "gone" / "d.db", "its folder does not exist")):
        with pytest.raises(BadDecisions, match=reason):
            House(path)


def test_a_slip_of_the_program_is_told_and_the_next_page_comes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    zhang = house.browser("张三", raise_server_exceptions=False)
    with monkeypatch.context() as patch:
        patch.setattr(house.desk, "decide", lambda *_: 1 / 0)
        page = Page(zhang.post(f"{house.path(1)}/verdict", to="rounding", note=NOTE))
        assert page.status == 500 and "程序未能完成" in page.text and "division" not in page.text
    assert zhang.open() == len(house.findings) - 1 and len(house.events()) == 1
