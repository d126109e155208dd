"""What people have decided about findings: events in one file, never changed, that later runs respect.

append(file, event)                        keep an event
merge(file, events) -> int                 keep those of another desk as well; how many were new
ready(file)                                see that events can be kept in a file
load(file, finding=None) -> [Event]        the events of one finding, or of all
after(file, position) -> [(position, Event)]   the events kept since, by any process
verify(file) -> [str]                      what is wrong with the file
states(events) -> {fingerprint: State}     where findings stand; state(finding, events) for one
decide, assign, undo                       the event that a person who has seen a State makes
blind(state, who) -> State                 what a second person may see
disagreements(states) -> [State]           what people have come to different answers about
apply(audit, rules, events, lang) -> Applied   an audit with the settled findings suppressed, and what opens again
sight(finding, claims, documents, rules) -> Sight   a finding as it stands, to decide about
fit.judged(events, audit), fit.fit(...)    the weights of confidence that verdicts bear out

The library reads no clock: whoever makes an event says when.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checker.decisions import store
from checker.decisions.apply import Applied, apply
from checker.decisions.events import Event, Quote, Sight, dump, person, same_person
from checker.decisions.events import load as parse
from checker.decisions.sight import changes, sight
from checker.decisions.state import State, assign, blind, decide, disagreements, holds, meant, state, states, undo
from checker.decisions.verdicts import OPEN, SIDES, verdicts, word
from checker.errors import BadDecisions
from checker.textfile import read_text

__all__ = [
    "OPEN",
    "SIDES",
    "Applied",
    "Event",
    "Quote",
    "Sight",
    "State",
    "after",
    "append",
    "apply",
    "assign",
    "blind",
    "changes",
    "decide",
    "disagreements",
    "dump",
    "holds",
    "load",
    "meant",
    "merge",
    "person",
    "read_jsonl",
    "ready",
    "same_person",
    "sight",
    "state",
    "states",
    "undo",
    "verdicts",
    "verify",
    "word",
]

# Some hundred thousand events.
MAX_BYTES = 500_000_000


def append(file: Path, event: Event) -> None:
    """Keep an event; once this returns it is on the disk. The file is made where there is none.

    Raises BadDecisions, and has then kept nothing.
    """
    merge(file, [event])


def merge(file: Path, events: Iterable[Event]) -> int:
    """Keep events, all of them or none; how many were not there yet. Raises BadDecisions."""
    with store.writing(file, new=True) as db:
        return store.put(db, events)


def ready(file: Path) -> None:
    """See that events can be kept in a file, which is made where there is none. Raises BadDecisions."""
    merge(file, [])
    store.try_to_write(file)


def load(file: Path, finding: str | None = None) -> list[Event]:
    """The events of one finding, or of all, by time. Raises BadDecisions."""
    with store.reading(file) as db:
        return store.events(db, finding)


def after(file: Path, position: int) -> list[tuple[int, Event]]:
    """The events that any process has kept after a position (0: all), with their positions. Raises BadDecisions."""
    with store.reading(file) as db:
        return store.after(db, position)


def verify(file: Path) -> list[str]:
    """What is wrong with a file of decisions, a line each; nothing where it is sound. Raises BadDecisions."""
    with store.reading(file) as db:
        return store.faults(db)


def read_jsonl(path: Path) -> list[Event]:
    """The events of a file of JSON Lines. Raises BadDecisions with path and line."""
    events = []
    for number, line in enumerate(read_text(path, BadDecisions, MAX_BYTES).split("\n"), 1):
        if line.strip():
            try:
                events.append(parse(line))
            except ValueError as error:
                raise BadDecisions(str(error), str(path), number) from None
    return events
