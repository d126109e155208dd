"""The findings under review as a table to be searched: an SQLite database in memory, made anew for each run.

What a person sees of a decision may differ from what another sees, so where findings stand is kept by viewer.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from checker.decisions import OPEN, person
from checker.report.numbers import difference, figure
from checker.report.plain import one_line, tidy
from checker.report.view import heading, name
from checker.report.words import choose
from checker.review.material import Material
from checker.vocabulary import words as vocabulary

PAGE = 50
# So many characters of each passage can be searched for.
SEARCHED = 300

_TABLES = """
CREATE TABLE findings (
  n INTEGER PRIMARY KEY, grp INTEGER NOT NULL, level TEXT NOT NULL, rule TEXT NOT NULL, title TEXT NOT NULL,
  figures TEXT NOT NULL, difference TEXT NOT NULL, words TEXT NOT NULL
);
CREATE INDEX findings_by ON findings (rule, level);
CREATE TABLE bound (document INTEGER NOT NULL, finding INTEGER NOT NULL, PRIMARY KEY (document, finding)) WITHOUT ROWID;
CREATE TABLE standing (
  viewer TEXT NOT NULL, finding INTEGER NOT NULL, state TEXT NOT NULL, open INTEGER NOT NULL,
  reopened INTEGER NOT NULL, disputed INTEGER NOT NULL, unsigned INTEGER NOT NULL,
  who TEXT NOT NULL, assignee TEXT NOT NULL, mine TEXT NOT NULL, PRIMARY KEY (viewer, finding)
) WITHOUT ROWID;
CREATE TABLE documents (n INTEGER PRIMARY KEY, words TEXT NOT NULL, findings INTEGER NOT NULL);
"""
_COMMA = re.compile(r"(?<=\d)[,，](?=\d{3})")
# Which findings a state means; of a finding that nobody has touched there is no row.
STATES = {
    "open": "coalesce(s.open, 1)",
    "all": "1",
    "disputed": "s.disputed",
    "reopened": "s.reopened",
    "unsigned": "s.unsigned",
    "mine": "s.mine = :who AND s.mine != ''",
}


class Standing(NamedTuple):
    """Where a finding stands for somebody who looks: whether it is `open` for them to decide, and why."""

    state: str
    open: bool
    reopened: bool
    disputed: bool
    unsigned: bool
    who: str
    assignee: str


UNTOUCHED = Standing(OPEN, True, False, False, False, "", "")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings are asked for; empty is all, but of states those open to the viewer."""

    text: str = ""
    level: str = ""
    rule: str = ""
    document: str = ""
    state: str = ""

    def query(self, **other: object) -> str:
        """As the query of an address, with other parameters; nothing where there is nothing to say."""
        said = {field.name: getattr(self, field.name) for field in fields(self)} | other
        said["q"] = said.pop("text")
        found = urlencode({key: value for key, value in said.items() if value not in ("", None)})
        return f"?{found}" if found else ""


class Row(NamedTuple):
    """A finding in the queue."""

    n: int
    group: int
    level: str
    title: str
    figures: str
    difference: str
    standing: Standing


def fill(material: Material, lang: str) -> sqlite3.Connection:
    """A queue of all findings, in which nobody has decided anything yet."""
    db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    db.executescript(_TABLES)
    db.execute("BEGIN")
    headings = [heading(group, lang) for group in material.groups]
    titles = [name(document, document.path) for document in material.documents]
    counts = [0] * len(titles)
    known = _names()
    for number, finding in enumerate(material.findings):
        claims = material.claims_of(finding)
        about = {material.positions[claim.document] for claim in claims}
        group = material.group_of[number]
        figures = " / ".join(dict.fromkeys(figure(claim, lang) for claim in claims))
        words = [*headings[group], one_line(choose(finding.message, lang)), figures, finding.fingerprint, finding.rule]
        words += [titles[document] for document in sorted(about)]
        words += [tidy(claim.sentence[:SEARCHED]) for claim in claims[:2]]
        words += [known.get(concept, "") for concept in sorted({claim.concept or "" for claim in claims})]
        db.execute(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, group, finding.level, finding.rule, one_line(choose(finding.title, lang)), figures,
             difference(finding, claims, lang), _folded(" ".join(words))),
        )  # fmt: skip
        db.executemany("INSERT INTO bound VALUES (?, ?)", [(document, number) for document in about])
        for document in about:
            counts[document] += 1
    db.executemany(
        "INSERT INTO documents VALUES (?, ?, ?)",
        [
            (number, _folded(f"{titles[number]} {document.path} {document.place}"), counts[number])
            for number, document in enumerate(material.documents)
        ],
    )
    db.execute("COMMIT")
    return db


def _names() -> dict[str, str]:
    """What else people call each indicator of the vocabulary: who looks for GDP finds 地区生产总值."""
    entries = vocabulary("metrics")["metrics"]
    return {entry["id"]: " ".join([entry["id"], *entry.get("aliases", [])]) for entry in entries}


def _folded(text: str) -> str:
    """A text as it is searched: whatever the case, and numbers with or without commas."""
    return _COMMA.sub("", text.casefold()).encode("utf-8", "replace").decode()


def mark(db: sqlite3.Connection, viewer: str, standings: Iterable[tuple[int, Standing]]) -> None:
    """Note where findings stand for a viewer."""
    rows = [
        (viewer, number, *map(_plain, standing), _text(person(standing.assignee))) for number, standing in standings
    ]
    db.executemany("INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def clear(db: sqlite3.Connection, viewer: str | None = None) -> None:
    """Forget where findings stand for a viewer, or for all."""
    db.execute("DELETE FROM standing WHERE :viewer IS NULL OR viewer = :viewer", {"viewer": viewer})


def _plain(value: Any) -> str | int:
    return int(value) if isinstance(value, bool) else _text(value)


def _text(value: str) -> str:
    """A name may hold what is no UTF-8, which SQLite would not take."""
    return value.encode("utf-8", "replace").decode()


def rows(db: sqlite3.Connection, viewer: str, who: str, wanted: Filter, page: int) -> list[Row]:
    """A page of the findings asked for; pages are counted from 1."""
    where, values = _where(viewer, who, wanted)
    found = db.execute(
        "SELECT n, grp, level, title, figures, difference, s.state, s.open, s.reopened, s.disputed, s.unsigned,"
        f" s.who, s.assignee {where} ORDER BY n LIMIT {PAGE} OFFSET {PAGE * (page - 1)}",
        values,
    )
    return [_row(*row) for row in found]


def pages(count: int) -> int:
    """How many pages so many rows take, the first of which is always there."""
    return max(1, -(-count // PAGE))


def _row(n: int, group: int, level: str, title: str, figures: str, difference: str, *standing: Any) -> Row:
    return Row(n, group, level, title, figures, difference, _standing(standing))


def standing(db: sqlite3.Connection, viewer: str, numbers: Iterable[int]) -> list[Standing]:
    """Where findings stand for a viewer."""
    query = (
        "SELECT state, open, reopened, disputed, unsigned, who, assignee FROM standing WHERE viewer = ? AND finding = ?"
    )
    return [_standing(db.execute(query, (viewer, number)).fetchone()) for number in numbers]


def _standing(row: Sequence[Any] | None) -> Standing:
    if row is None or row[0] is None:
        return UNTOUCHED
    state, is_open, reopened, disputed, unsigned, who, assignee = row
    return Standing(state, bool(is_open), bool(reopened), bool(disputed), bool(unsigned), who, assignee)


def neighbours(
    db: sqlite3.Connection, viewer: str, who: str, wanted: Filter, number: int
) -> tuple[int | None, int | None]:
    """The findings before and after one, of those asked for."""
    where, values = _where(viewer, who, wanted)
    before = _first(db, f"{where} AND n < :n ORDER BY n DESC", values | {"n": number})
    return before, _first(db, f"{where} AND n > :n ORDER BY n", values | {"n": number})


def next_one(db: sqlite3.Connection, viewer: str, who: str, wanted: Filter, number: int) -> int | None:
    """The next finding to decide about, of those of the state asked for or of the open; after the last the first."""
    state = "open" if wanted.state in ("", "all") else wanted.state
    where, values = _where(viewer, who, replace(wanted, state=state))
    following = _first(db, f"{where} AND n > :n ORDER BY n", values | {"n": number})
    return _first(db, f"{where} AND n != :n ORDER BY n", values | {"n": number}) if following is None else following


def _first(db: sqlite3.Connection, where: str, values: dict[str, Any]) -> int | None:
    """The first finding there is; the search ends at it."""
    found = db.execute(f"SELECT n {where} LIMIT 1", values).fetchone()
    return found[0] if found else None


def counts(db: sqlite3.Connection, viewer: str, who: str, wanted: Filter) -> dict[str, int]:
    """How many findings there are in each state, of those asked for in whatever state."""
    asked, values = _asked(wanted)
    (total,) = db.execute(f"SELECT count(*) FROM findings WHERE {asked}", values).fetchone()
    # Few findings have been touched, of most queues; of the others it is known that they are open.
    sums = ", ".join(f"total({condition})" for condition in STATES.values())
    touched = f"FROM standing s JOIN findings ON n = s.finding WHERE s.viewer = :viewer AND {asked}"
    if asked == _ALL:
        touched = "FROM standing s WHERE s.viewer = :viewer"
    values |= {"viewer": viewer, "who": _text(person(who))}
    totals = db.execute(f"SELECT {sums} {touched}", values).fetchone()
    found = {state: int(count) for state, count in zip(STATES, totals, strict=True)}
    untouched = total - found["all"]
    found |= {"open": found["open"] + untouched, "all": total}
    decided = db.execute(f"SELECT s.state, count(*) {touched} AND s.state != '{OPEN}' GROUP BY 1", values)
    return found | dict(decided)


def rules(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """The rules that found something, with how much, most first."""
    return db.execute("SELECT rule, count(*) FROM findings GROUP BY rule ORDER BY 2 DESC, 1").fetchall()


def levels(db: sqlite3.Connection) -> dict[str, int]:
    """How many findings there are at each level."""
    return dict(db.execute("SELECT level, count(*) FROM findings GROUP BY level"))


def documents(db: sqlite3.Connection, text: str, page: int) -> tuple[list[tuple[int, int]], int, int]:
    """The documents whose title, path or place holds all words of a text, those with most findings first.

    A page of them, how many there are, and which page it is: after the last comes none.
    """
    words = {f"w{i}": word for i, word in enumerate(_folded(text).split())}
    where = "FROM documents WHERE 1" + "".join(f" AND instr(words, :{key})" for key in words)
    (count,) = db.execute(f"SELECT count(*) {where}", words).fetchone()
    page = min(page, pages(count))
    order = f"ORDER BY findings DESC, n LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"
    return db.execute(f"SELECT n, findings {where} {order}", words).fetchall(), count, page


# A condition that holds for every finding.
_ALL = "1"


def _where(viewer: str, who: str, wanted: Filter) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE with their values."""
    state = wanted.state or "open"
    asked, values = _asked(wanted)
    standing = STATES.get(state, f"coalesce(s.state, '{OPEN}') = :state")
    join = "FROM findings LEFT JOIN standing s ON s.viewer = :viewer AND s.finding = n"
    values |= {"viewer": viewer, "who": _text(person(who)), "state": state}
    return f"{join} WHERE {standing} AND {asked}", values


def _asked(wanted: Filter) -> tuple[str, dict[str, Any]]:
    """Which findings are asked for in whatever state: a condition with its values.

    What a person typed is never part of the statement.
    """
    values: dict[str, Any] = {}
    where = []
    for column in ("level", "rule"):
        if getattr(wanted, column):
            where.append(f"{column} = :{column}")
            values[column] = _text(getattr(wanted, column))
    if wanted.document:
        where.append("n IN (SELECT finding FROM bound WHERE document = :document)")
        values["document"] = wanted.document
    for i, word in enumerate(_folded(wanted.text).split()):
        where.append(f"instr(words, :w{i})")
        values[f"w{i}"] = word
    return " AND ".join(where) or _ALL, values
