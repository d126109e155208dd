"""What people do with a finding, as events: made here, told apart by what they say, and checked when they come back.

An event is never changed. Its id is a digest of all that it says, its parents are the last events that its author had
seen of the finding: so files of two desks can be merged, and two people who decided at once can be told.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from checker.decisions.verdicts import SIDES, verdicts
from checker.errors import BadDecisions

# A verdict, an assignment to a person, and taking back either of these, or taking back an undo.
KINDS = ("verdict", "assign", "undo")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_ID = re.compile(r"[0-9a-f]{32}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Quote:
    """A claim as it stood: the quantity as printed and as the source has it, with what stands around it and where.

    `digest` is of the document's text, `passage` of the sentence; start and end are as in a Claim.
    """

    document: str
    title: str
    digest: str
    printed: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    passage: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A finding as it stood when somebody decided about it; `meaning` is a digest of what its rule says."""

    rule: str
    meaning: str
    metric: str
    place: str
    period_start: str | None
    period_end: str | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did with a finding, at a second of UTC.

    from_ and to are verdicts, or the people it was and is assigned to; `undoes` is the id of the event that an undo
    takes back.
    """

    id: str
    kind: str
    finding: str
    who: str
    at: str
    from_: str
    to: str
    side: str
    reason: str
    note: str
    undoes: str
    parents: tuple[str, ...]
    sight: Sight | None


def event(
    kind: str,
    finding: str,
    who: str,
    at: str,
    from_: str,
    to: str,
    *,
    side: str = "",
    reason: str = "",
    note: str = "",
    undoes: str = "",
    parents: tuple[str, ...] = (),
    sight: Sight | None = None,
) -> Event:
    """An event with its id. Raises BadDecisions where it does not say what it must."""
    made = Event(
        "", kind, finding, who.strip(), at, from_, to, side, reason.strip(), note.strip(), undoes,
        tuple(sorted(parents)), sight,
    )  # fmt: skip
    try:
        _check(made)
    except ValueError as error:
        raise BadDecisions(str(error)) from None
    return replace(made, id=_digest(made))


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, however they are written."""
    return person(one) == person(other)


def person(who: str) -> str:
    """A name as it tells people apart, however it is written."""
    return " ".join(unicodedata.normalize("NFKC", who).casefold().split())


def dump(made: Event) -> str:
    """An event as JSON on one line of ASCII."""
    return _json(_plain(made))


def load(line: str) -> Event:
    """The event that a line of JSON is. Raises ValueError where it is none, or not the one that its id names."""
    made = parse(line)
    if made.id != _digest(made):
        raise ValueError(f"its id {made.id[:40]!r} is not that of what it says")
    return made


def parse(line: str) -> Event:
    """The same without a look at the id, for a line that was one when it was stored."""
    try:
        given = json.loads(line)
    except RecursionError:
        raise ValueError("not JSON: nested too deep") from None
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    sight = _object(given, Event)["sight"]
    if sight is not None:
        quotes = _list(_object(sight, Sight)["quotes"], dict, "quotes")
        given["sight"] = _built(Sight, sight | {"quotes": tuple(_built(Quote, quote) for quote in quotes)})
    parents = tuple(_list(given["parents"], str, "parents"))
    made: Event = _built(Event, given | {"parents": parents, "from_": given.pop("from")})
    _check(made)
    return made


def _check(made: Event) -> None:
    """Raises ValueError where an event does not say what it must."""
    if made.kind not in KINDS:
        raise ValueError(f"kind {made.kind[:40]!r} is none of {', '.join(KINDS)}")
    if not _FINGERPRINT.fullmatch(made.finding):
        raise ValueError(f"finding {made.finding[:40]!r} is no fingerprint of 16 hexadecimal digits")
    if not made.who:
        raise ValueError("who decided is not said")
    if not _is_time(made.at):
        raise ValueError(f"at {made.at[:40]!r} is no second of UTC such as 2026-01-31T08:00:00Z")
    if not all(_ID.fullmatch(id) for id in (*made.parents, *filter(None, [made.undoes]))):
        raise ValueError("parents and undoes are not ids of 32 hexadecimal digits")
    if list(made.parents) != sorted(set(made.parents)):
        raise ValueError("parents are not in order")
    if bool(made.undoes) != (made.kind == "undo"):
        raise ValueError("an undo, and nothing else, says what it undoes")
    for id in () if made.kind == "assign" else (made.from_, made.to):
        if id not in verdicts():
            raise ValueError(f"verdict {id[:40]!r} is none of {', '.join(verdicts())}")
    if made.kind == "verdict":
        _check_verdict(made)


def _check_verdict(made: Event) -> None:
    chosen = verdicts()[made.to]
    if chosen.reason and not made.reason:
        raise ValueError(f"the verdict {made.to} needs a reason")
    if made.side and not chosen.side:
        raise ValueError(f"the verdict {made.to} has no side")
    if made.side not in ("", *SIDES):
        raise ValueError(f"side {made.side[:40]!r} is none of {', '.join(SIDES)}")
    if made.sight is None:
        raise ValueError("what was seen of the finding is not said")


def _is_time(at: str) -> bool:
    try:
        return bool(_TIME.fullmatch(at) and datetime.fromisoformat(at))
    except ValueError:
        return False


def _digest(made: Event) -> str:
    said = _plain(made)
    del said["id"]
    return hashlib.sha256(_json(said).encode()).hexdigest()[:32]


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _plain(item: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, as JSON has them; `from` is a word of Python."""
    found: dict[str, Any] = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, Sight):
            value = _plain(value)
        elif isinstance(value, tuple):
            value = [part if isinstance(part, str) else _plain(part) for part in value]
        found[field.name.rstrip("_")] = value
    return found


def _list(given: Any, kind: type, name: str) -> list[Any]:
    if not isinstance(given, list) or not all(isinstance(item, kind) for item in given):
        raise ValueError(f"{name} is not a list of {'strings' if kind is str else 'objects'}")
    return given


def _object(given: Any, kind: type) -> dict[str, Any]:
    """An object of JSON that has just the fields of a dataclass."""
    names = _names(kind)
    if not isinstance(given, dict) or given.keys() != names:
        raise ValueError(f"not an object with the fields {', '.join(sorted(names))}")
    return given


@cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(field.name.rstrip("_") for field in fields(kind))


@cache
def _typed(kind: type) -> tuple[tuple[str, str, tuple[type, ...]], ...]:
    """The fields of a dataclass that have a plain type: name, the type in words, and the types it may have."""
    return tuple(
        (field.name, str(field.type), _TYPES[str(field.type)]) for field in fields(kind) if str(field.type) in _TYPES
    )


_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "str | None": (str, type(None)), "int": (int,)}


def _built(kind: type, given: dict[str, Any]) -> Any:
    """A dataclass of values, each of its type where that is plain."""
    if kind is Quote:
        _object(given, kind)
    for name, words, types in _typed(kind):
        if type(given[name]) not in types:
            raise ValueError(f"{name.rstrip('_')} is not of type {words}")
    return kind(**given)
