"""Where a finding stands, from the events about it: the same for the same events, in whatever order they came."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.decisions.events import Event, Sight, event, person, same_person
from checker.decisions.verdicts import OPEN, verdicts
from checker.errors import BadDecisions


@dataclass(frozen=True, slots=True)
class State:
    """What has been said of a finding and holds.

    events    all of them, in order; `undone` are the ids of those that were taken back
    verdict   the last that holds
    others    the last verdict of each other person that holds; `rivals` are those that the author of `verdict` had
              not seen
    contested the different answers that people have come to, if none of them in the knowledge of the others
    heads     the events that nobody had seen who has done something since: the parents of the next one
    """

    finding: str
    events: tuple[Event, ...] = ()
    undone: frozenset[str] = frozenset()
    verdict: Event | None = None
    others: tuple[Event, ...] = ()
    rivals: tuple[Event, ...] = ()
    contested: tuple[Event, ...] = ()
    assignee: str = ""
    heads: tuple[str, ...] = ()

    @property
    def to(self) -> str:
        """The verdict that holds."""
        return self.verdict.to if self.verdict else OPEN

    @property
    def standing(self) -> tuple[Event, ...]:
        """The verdict that holds and those beside it: the same of other people, and its rivals."""
        if self.verdict is None:
            return ()
        return (*(one for one in self.others if one in self.rivals or _same(one, self.verdict)), self.verdict)

    @property
    def signed(self) -> bool:
        """Whether a second person has come to the same about the same figures and passages."""
        mine = self.verdict
        return mine is not None and any(_same(mine, other) and _same_sight(mine, other) for other in self.others)

    @property
    def disputed(self) -> bool:
        """Whether people have come to different answers, and none of them in the knowledge of the others."""
        return bool(self.contested)

    @property
    def settled(self) -> bool:
        """Whether a run passes over the finding, as long as it stays what was seen."""
        return verdicts()[self.to].settles and not self.disputed


def states(events: Iterable[Event]) -> dict[str, State]:
    """The state of each finding that events are about, by fingerprint, in its order."""
    about: dict[str, list[Event]] = {}
    for one in events:
        about.setdefault(one.finding, []).append(one)
    return {finding: state(finding, about[finding]) for finding in sorted(about)}


def state(finding: str, events: Iterable[Event]) -> State:
    """The state of one finding, from the events about it."""
    ordered = in_order(events)
    undone: set[str] = set()
    for one in reversed(ordered):  # an undo that was itself undone has no effect
        if one.kind == "undo" and one.id not in undone:
            undone.add(one.undoes)
    holding = [one for one in ordered if one.id not in undone]
    given = [one for one in holding if one.kind == "verdict"]
    verdict = given[-1] if given else None
    others = {person(one.who): one for one in given if verdict and not same_person(one.who, verdict.who)}
    known = {one.id: one for one in ordered}
    seen = _seen(verdict, known) if verdict else set()
    passed = {id for one in ordered for id in one.parents}
    return State(
        finding=finding,
        events=tuple(ordered),
        undone=frozenset(undone),
        verdict=verdict,
        others=tuple(others.values()),
        rivals=tuple(one for one in others.values() if one.id not in seen),
        contested=_contested(given, known),
        assignee=next((one.to for one in reversed(holding) if one.kind == "assign"), ""),
        heads=tuple(sorted(one.id for one in ordered if one.id not in passed)),
    )


def _contested(given: Sequence[Event], known: Mapping[str, Event]) -> tuple[Event, ...]:
    """The answers that differ, where nobody has given one since who knew them all; to begin work is no answer."""
    decisive = [one for one in given if one.to == OPEN or _answers(one)]
    passed = {id for one in decisive for id in _seen(one, known)}
    left = tuple(one for one in decisive if one.id not in passed and _answers(one))
    return left if any(not _same(left[0], one) for one in left[1:]) else ()


def in_order(events: Iterable[Event]) -> list[Event]:
    """Each event once and after those that its author had seen, else by time: clocks of two desks may differ."""
    known = {one.id: one for one in events}
    before = {id: {parent for parent in (*one.parents, one.undoes) if parent in known} for id, one in known.items()}
    after: dict[str, list[str]] = {}
    for id, parents in before.items():
        for parent in parents:
            after.setdefault(parent, []).append(id)
    ready = [(known[id].at, id) for id, parents in before.items() if not parents]
    heapq.heapify(ready)
    ordered = []
    while ready:
        _, id = heapq.heappop(ready)
        ordered.append(known[id])
        for child in after.get(id, ()):
            before[child].discard(id)
            if not before[child]:
                heapq.heappush(ready, (known[child].at, child))
    return ordered


def holds(one: Event, found: State) -> str:
    """Whether an event holds: `holds`, `superseded` by another verdict, or `undone`."""
    if one.id in found.undone:
        return "undone"
    return "superseded" if one.kind == "verdict" and one not in found.standing else "holds"


def disagreements(found: Iterable[State]) -> list[State]:
    """The findings about which people have come to different answers."""
    return [one for one in found if one.disputed]


def blind(found: State, who: str) -> State:
    """What a person may see who is to answer without the answers of others: all once they and another have answered.

    Both must have seen the same figures and passages. A verdict given by somebody who saw this state has not seen the
    others, which are then its rivals.
    """
    given = [one for one in (found.verdict, *found.others) if one and _answers(one)]
    mine = next((one for one in given if same_person(one.who, who)), None)
    if mine and any(one is not mine and _same_sight(one, mine) for one in given):
        return found
    shown: list[Event] = []
    for one in found.events:
        if same_person(one.who, who) or one.kind == "assign" or any(one.undoes == other.id for other in shown):
            shown.append(one)
    # Whoever assigned it may have seen an answer that is hidden here.
    known = {one.id: one for one in found.events}
    hidden = set(known) - {one.id for one in shown}
    heads = state(found.finding, [one for one in shown if not hidden & _seen(one, known)]).heads
    return replace(state(found.finding, shown), heads=heads)


def _answers(verdict: Event) -> bool:
    return verdicts()[verdict.to].flag != OPEN


def _same(one: Event, other: Event) -> bool:
    return (one.to, meant(one)) == (other.to, meant(other))


def meant(verdict: Event) -> str:
    """The side that a verdict names: A and B by their figures, since a side may have another letter by now."""
    quotes = verdict.sight.quotes if verdict.sight else ()
    number = "AB".find(verdict.side) if verdict.side else -1
    return quotes[number].printed if 0 <= number < len(quotes) else verdict.side


def _same_sight(one: Event, other: Event) -> bool:
    return one.sight is not None and other.sight is not None and same_sight(one.sight, other.sight)


def same_sight(one: Sight, other: Sight) -> bool:
    """Whether two people have seen the same: figures, passages, and what the rule says."""
    seen = [(sight.meaning, sorted((quote.printed, quote.passage) for quote in sight.quotes)) for sight in (one, other)]
    return seen[0] == seen[1]


def _seen(last: Event, known: Mapping[str, Event]) -> set[str]:
    """The ids of the events that the author of one had seen."""
    seen: set[str] = set()
    left = [*last.parents]
    while left:
        id = left.pop()
        if id in known and id not in seen:
            seen.add(id)
            left += known[id].parents
    return seen


# ---- what a person does next


def decide(
    found: State, sight: Sight, who: str, at: str, to: str, *, side: str = "", reason: str = "", note: str = ""
) -> Event:
    """A verdict of somebody who has seen this state; the same verdict of a second person is a sign-off.

    Raises BadDecisions where the verdict needs a reason, has no side, and the like.
    """
    return event(
        "verdict", found.finding, who, at, found.to, to,
        side=side, reason=reason, note=note, parents=found.heads, sight=sight,
    )  # fmt: skip


def assign(found: State, who: str, at: str, to: str, note: str = "") -> Event:
    """The finding given to a person, or to nobody. Raises BadDecisions."""
    return event("assign", found.finding, who, at, found.assignee, to.strip(), note=note, parents=found.heads)


def undo(found: State, who: str, at: str, id: str, note: str = "") -> Event:
    """An event of this state taken back. Raises BadDecisions where it is none, or is taken back already."""
    if all(one.id != id for one in found.events) or id in found.undone:
        raise BadDecisions(f"there is no event {id[:40]!r} to undo")
    made = event("undo", found.finding, who, at, found.to, found.to, note=note, undoes=id, parents=found.heads)
    left = state(found.finding, [*found.events, made]).to
    return event("undo", found.finding, who, at, found.to, left, note=note, undoes=id, parents=found.heads)
