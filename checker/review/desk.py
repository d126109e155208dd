"""The desk: findings under review, what people have decided about them, and what somebody decides next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from checker import decisions
from checker.decisions import Event, State, person, same_person, sight
from checker.errors import BadDecisions
from checker.model import Finding
from checker.report.plain import printed, visible
from checker.review import queue
from checker.review.material import Material
from checker.review.queue import UNTOUCHED, Standing

CONFIRMED = "confirmed-error"
# A verdict that leaves open what to do is none to be asked about again when something has changed.
STILL_OPEN = ("open", "in-progress")
# How much a person may write.
MAX_NAME, MAX_WORDS = 60, 4000
# For so many people it is kept at hand what they may see.
VIEWERS = 50


class Desk:
    """What one server shows and changes.

    decisions  the file in which events are kept; other processes may add to it while this runs
    blind      whether nobody sees what others have answered before they have answered themselves
    sign_off   whether a confirmed error stays open until a second person has confirmed it
    now        says what time it is, as a second of UTC
    event      what has been kept, by id; `people` are those who did it, and to whom findings were given
    position   up to where in the file everything is known
    """

    def __init__(
        self, material: Material, file: Path, lang: str, now: Callable[[], str], blind: bool, sign_off: bool
    ) -> None:
        """Raises BadDecisions where decisions cannot be kept in the file."""
        decisions.ready(file)
        self.material, self.file, self.lang, self.now = material, file, lang, now
        self.blind, self.sign_off = blind, sign_off
        self.lock = RLock()
        self.queue = queue.fill(material, lang)
        self._events: dict[str, list[tuple[int, Event]]] = {}
        self.event: dict[str, Event] = {}
        self.people: set[str] = set()
        self.position, self._newest = 0, ""
        self._viewers: dict[str, None] = {}
        self._done: dict[str, list[tuple[tuple[int, str], ...]]] = {}
        # What has changed since a verdict, by its id: neither changes while the desk is open.
        self._changes: dict[str, tuple[str, ...]] = {}
        self.refresh()
        self.viewer("")  # looked through now, so that the first page need not wait

    # ---- what is known

    def refresh(self) -> None:
        """Take in what any process has kept since."""
        with self.lock:
            changed, found = set(), decisions.after(self.file, max(self.position - 1, 0))
            if self.position and (not found or found[0][1].id != self._newest):
                self._forget()  # the file has been taken away, or another one put in its place
                found = decisions.after(self.file, 0)
            for position, event in found:
                if position <= self.position:
                    continue
                self.position, self._newest = position, event.id
                self._events.setdefault(event.finding, []).append((position, event))
                self.event[event.id] = event
                self.people |= {event.who, *([event.to] if event.kind == "assign" and event.to else [])}
                if event.finding in self.material.numbers:
                    changed.add(self.material.numbers[event.finding])
            for viewer in sorted(self._viewers):
                self._mark(viewer, changed)

    def _forget(self) -> None:
        """Know of no event, and of nobody who looks."""
        self._events, self.event, self.people, self.position = {}, {}, set(), 0
        self._viewers, self._done = {}, {}
        queue.clear(self.queue)

    def viewer(self, who: str) -> str:
        """The name under which the queue keeps what this person sees; all see the same unless it says otherwise."""
        who = person(who) if self.blind or self.sign_off else ""
        with self.lock:
            if who not in self._viewers:
                if len(self._viewers) == VIEWERS:
                    queue.clear(self.queue, first := next(iter(self._viewers)))
                    del self._viewers[first]
                self._viewers[who] = None
                self._mark(who, (self.material.numbers[one] for one in self._events if one in self.material.numbers))
        return who

    def _mark(self, viewer: str, numbers: Iterable[int]) -> None:
        queue.mark(self.queue, viewer, ((number, self._standing(number, viewer)) for number in sorted(numbers)))

    def state(self, finding: Finding, who: str, until: int | None = None) -> State:
        """Where a finding stands as this person may see it: now, or as it was when a position was reached."""
        known = self._events.get(finding.fingerprint, ())
        found = decisions.state(finding.fingerprint, (one for at, one in known if until is None or at <= until))
        return decisions.blind(found, who) if self.blind else found

    def changes(self, finding: Finding, found: State) -> tuple[str, ...]:
        """What has changed since the verdict that holds, so that the finding is open again."""
        if found.verdict is None or found.verdict.sight is None or found.to in STILL_OPEN:
            return ()
        if found.verdict.id not in self._changes:
            rule = self.material.rules[finding.rule]
            changed = decisions.changes(found.verdict.sight, finding, self.material.claims, rule)
            self._changes[found.verdict.id] = changed
        return self._changes[found.verdict.id]

    def side(self, finding: Finding, found: State) -> str:
        """The side that the verdict that holds names, as the finding has its sides now."""
        if found.verdict is None or found.verdict.side not in ("A", "B"):
            return found.verdict.side if found.verdict else ""
        return self._with_figure(finding, decisions.meant(found.verdict))

    def _standing(self, number: int, who: str) -> Standing:
        finding = self.material.findings[number]
        found = self.state(finding, who)
        if not found.events:
            return UNTOUCHED
        reopened = bool(self.changes(finding, found))
        unsigned = self.sign_off and found.to == CONFIRMED and not found.signed
        asked = unsigned and found.verdict is not None and not same_person(found.verdict.who, who)
        return Standing(
            state=found.to,
            open=found.to in STILL_OPEN or reopened or found.disputed or asked,
            reopened=reopened,
            disputed=found.disputed,
            unsigned=unsigned,
            who=found.verdict.who if found.verdict else "",
            assignee=found.assignee,
        )

    # ---- what a person does; each raises BadDecisions, and has then kept nothing

    def decide(self, number: int, who: str, seen: int, said: Verdict) -> str:
        """Keep a verdict of somebody who saw the page at a position; the id of the event about this finding.

        For the `whole` fact it is given to each finding that is open to the person, and to this one.
        """
        _check(who, said.reason, said.note)
        with self.lock:
            if again := self._again(number, who, seen, said):
                return again
            about = [number]
            if said.whole:
                members = self.material.members[self.material.group_of[number]]
                standings = queue.standing(self.queue, self.viewer(who), members)
                about += [n for n, found in zip(members, standings, strict=True) if found.open and n != number]
            made = [self._verdict(number, who, seen, said)]
            figure = decisions.meant(made[0]) if said.side in ("A", "B") else ""
            made += [self._verdict(n, who, seen, self._sided(n, who, said, figure)) for n in about[1:]]
        return self._keep(who, about, made)

    def _again(self, number: int, who: str, seen: int, said: Verdict) -> str:
        """The event that has kept just this already, where a form is sent twice."""
        sent = said.to, said.side, said.reason.strip(), said.note.strip()
        for at, one in reversed(self._events.get(self.material.findings[number].fingerprint, ())):
            if at > seen and same_person(one.who, who):
                kept = one.to, one.side, one.reason, one.note
                return one.id if one.kind == "verdict" and kept == sent else ""
        return ""

    def _sided(self, number: int, who: str, said: Verdict, figure: str) -> Verdict:
        """What is said of a fact as said of another of its findings: its side is the one with the same figure."""
        finding = self.material.findings[number]
        found = self.state(finding, who)
        holding = self.side(finding, found) if found.to == said.to else ""
        return said._replace(side=self._with_figure(finding, figure) or holding)

    def _with_figure(self, finding: Finding, figure: str) -> str:
        sides = [printed(claim) for claim in self.material.claims_of(finding)[:2]]
        return "AB"[sides.index(figure)] if sides.count(figure) == 1 else ""

    def _verdict(self, number: int, who: str, seen: int, said: Verdict) -> Event:
        finding = self.material.findings[number]
        texts = self.material.texts(self.material.claims_of(finding))
        return decisions.decide(
            self.state(finding, who, seen), sight(finding, self.material.claims, texts, self.material.rules),
            who, self.now(), said.to, side=said.side, reason=said.reason, note=said.note,
        )  # fmt: skip

    def assign(self, number: int, who: str, seen: int, to: str, note: str = "") -> str:
        """Give a finding to a person, or to nobody; the id of the event, or nothing where it is so already."""
        _check(who, note)
        if to:
            check_name(to)
        with self.lock:
            found = self.state(self.material.findings[number], who, seen)
        if same_person(found.assignee, to) and not note.strip():
            return ""
        return self._keep(who, [number], [decisions.assign(found, who, self.now(), to, note)])

    def undo(self, number: int, who: str, id: str = "", step: str = "") -> tuple[int, str]:
        """Take back an event of one's own about a finding, a step of which an event is part, or what one did last.

        The number of the finding that it was about, and the id of the undo; nothing where there is nothing to undo.
        """
        _check(who)
        with self.lock:
            back = [(number, id)] if id else self._step(number, who, step) if step else self._last(number, who)
            made = [self._undo(n, who, one) for n, one in back]
        if not made:
            return number, ""
        decisions.merge(self.file, made)
        self._take_in()
        return back[0][0], made[0].id

    def _undo(self, number: int, who: str, id: str) -> Event:
        if id in self.event and not same_person(self.event[id].who, who):
            raise BadDecisions("what somebody else did is not yours to undo")
        return decisions.undo(self.state(self.material.findings[number], who), who, self.now(), id)

    def _holding(self, step: Sequence[tuple[int, str]], who: str) -> list[tuple[int, str]]:
        return [(n, id) for n, id in step if id not in self.state(self.material.findings[n], who).undone]

    def together(self, who: str, id: str) -> Sequence[tuple[int, str]]:
        """What a person did at once with an event, as numbers of findings and ids of events."""
        steps = (step for step in self._done.get(person(who), ()) if any(one == id for _, one in step))
        return next(steps, ())

    def _step(self, number: int, who: str, id: str) -> Sequence[tuple[int, str]]:
        """What was done together with an event, as far as it still holds."""
        return self._holding(self.together(who, id) or [(number, id)], who)

    def _last(self, number: int, who: str) -> Sequence[tuple[int, str]]:
        """What a person did last since the desk was opened that still holds, else their last about this finding."""
        done = self._done.get(person(who), [])
        while done:
            left = self._holding(done[-1], who)
            if left:
                return left
            done.pop()
        found = self.state(self.material.findings[number], who)
        mine = [
            one.id for one in found.events
            if same_person(one.who, who) and one.kind != "undo" and one.id not in found.undone
        ]  # fmt: skip
        return [(number, id) for id in mine[-1:]]

    def _keep(self, who: str, numbers: Sequence[int], made: Sequence[Event]) -> str:
        decisions.merge(self.file, made)
        with self.lock:
            done = tuple((n, event.id) for n, event in zip(numbers, made, strict=True))
            self._done.setdefault(person(who), []).append(done)
        self._take_in()
        return made[0].id

    def _take_in(self) -> None:
        """Know what has just been kept; where that fails now, the next page tells why, for nothing is lost."""
        with suppress(BadDecisions):
            self.refresh()


class Verdict(NamedTuple):
    """What a person says of a finding, or of the `whole` fact."""

    to: str
    side: str = ""
    reason: str = ""
    note: str = ""
    whole: bool = False


def _check(who: str, *words: str) -> None:
    """Raises BadDecisions where somebody has no name, or says what no page could show."""
    check_name(who)
    if any(len(text) > MAX_WORDS for text in words):
        raise BadDecisions(f"a reason or note of more than {MAX_WORDS} characters")


def spaced(name: str) -> str:
    """A name as it was typed, with whatever is between its parts as one space."""
    return " ".join(name.split())


def check_name(who: str) -> None:
    """Raises BadDecisions where this is no name of a person."""
    if not who:
        raise BadDecisions("who decided is not said")
    if len(who) > MAX_NAME:
        raise BadDecisions(f"a name of more than {MAX_NAME} characters")
    if who != visible(who):
        raise BadDecisions("a name holds characters that do not print")
