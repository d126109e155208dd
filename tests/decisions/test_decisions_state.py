"""Where findings stand: the same for the same events in any order, and nothing that anybody said lost."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from desk import FINDING, SIGHT, at, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.decisions import Quote, Sight, State, assign, blind, decide, disagreements, state, states, undo
from checker.decisions.events import Event
from checker.decisions.state import in_order
from checker.errors import BadDecisions

PEOPLE = ("张三", "李四", "王五")


def after(found: State, *events: Event) -> State:
    return state(found.finding, [*found.events, *events])


NOTHING = State(FINDING)
FIRST = after(NOTHING, decide(NOTHING, SIGHT, "张三", at(0), "confirmed-error", side="A"))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """What people did with two findings at desks that know of some of one another's events, by clocks that differ."""
    events: list[Event] = []
    for _ in range(draw(st.integers(0, 8))):
        finding = draw(st.sampled_from([FINDING, "f" * 16]))
        known = [one for one in events if one.finding == finding and draw(st.booleans())]
        found, who, when = state(finding, known), draw(st.sampled_from(PEOPLE)), at(draw(st.integers(0, 5)))
        holding = [one.id for one in found.events if one.id not in found.undone]
        match draw(st.sampled_from(["verdict", "assign", "undo" if holding else "verdict"])):
            case "assign":
                events.append(assign(found, who, when, draw(st.sampled_from(("", *PEOPLE)))))
            case "undo":
                events.append(undo(found, who, when, draw(st.sampled_from(holding))))
            case _:
                to = draw(st.sampled_from(["confirmed-error", "rounding", "to-verify", "in-progress"]))
                events.append(decide(found, SIGHT, who, when, to))
    return events


def merged(*files: list[Event]) -> list[Event]:
    return list({one.id: one for file in files for one in file}.values())


@given(histories(), histories(), histories(), st.randoms())
@settings(deadline=None, max_examples=150)
def test_merging_is_commutative_associative_and_idempotent(
    a: list[Event], b: list[Event], c: list[Event], random: Random
) -> None:
    found = states(merged(a, b, c))
    assert states(merged(c, b, a)) == states(merged(a, merged(b, c))) == states(merged(merged(a, b), c)) == found
    assert states(merged(a, b, c) + a) == found
    shuffled = merged(a, b, c)
    random.shuffle(shuffled)
    assert states(shuffled) == found
    assert {one.id for each in found.values() for one in each.events} == {one.id for one in (*a, *b, *c)}


@given(histories())
@settings(deadline=None)
def test_an_event_comes_after_those_that_its_author_had_seen(events: list[Event]) -> None:
    ordered = [one.id for one in in_order(events)]
    for one in events:
        assert all(ordered.index(parent) < ordered.index(one.id) for parent in one.parents)


@given(histories())
@settings(deadline=None)
def test_what_is_undone_is_as_if_it_had_not_been_said(events: list[Event]) -> None:
    for found in states(events).values():
        if found.verdict:
            without = after(found, undo(found, "赵六", at(9), found.verdict.id))
            assert without.verdict != found.verdict
            again = after(without, undo(without, "赵六", at(9), without.events[-1].id))
            assert (again.verdict, again.to) == (found.verdict, found.to)


def test_the_last_that_holds_counts() -> None:
    assert (NOTHING.to, NOTHING.settled) == ("open", False)
    second = after(FIRST, decide(FIRST, SIGHT, "张三", at(1), "rounding"))
    assert (FIRST.to, FIRST.settled, second.to, second.settled) == ("confirmed-error", False, "rounding", True)
    assert second.events[-1].from_ == "confirmed-error"
    taken = undo(second, "李四", at(2), second.events[-1].id)
    assert (taken.from_, taken.to) == ("rounding", "confirmed-error")
    assert after(second, taken).to == "confirmed-error"
    with pytest.raises(BadDecisions, match="to undo"):
        undo(after(second, taken), "李四", at(3), second.events[-1].id)
    with pytest.raises(BadDecisions, match="to undo"):
        undo(NOTHING, "李四", at(3), "0" * 32)


def test_a_clock_that_is_behind_changes_nothing() -> None:
    late = after(NOTHING, decide(NOTHING, SIGHT, "张三", at(60), "confirmed-error"))
    assert after(late, decide(late, SIGHT, "李四", at(0), "rounding")).to == "rounding"


def test_assignment() -> None:
    given = after(FIRST, assign(FIRST, "王五", at(1), "李四"))
    assert (given.assignee, given.to) == ("李四", "confirmed-error")
    assert after(given, assign(given, "王五", at(2), "")).assignee == ""
    assert after(given, undo(given, "王五", at(2), given.events[-1].id)).assignee == ""


def test_a_sign_off_takes_two_people() -> None:
    assert not FIRST.signed
    for who, signed in (("张三", False), (" 张三 ", False), ("李四", True)):
        again = after(FIRST, decide(FIRST, SIGHT, who, at(1), "confirmed-error", side="A"))
        assert (again.signed, again.disputed) == (signed, False)
    assert not after(FIRST, decide(FIRST, SIGHT, "李四", at(1), "confirmed-error", side="B")).signed


def test_two_at_once_are_both_kept_and_disputed_until_somebody_knows_of_both() -> None:
    one, other = verdict("rounding", "张三", 0), verdict("alignment-error", "李四", 1)
    both = state(FINDING, [one, other])
    assert (both.verdict, both.rivals, both.disputed, both.settled) == (other, (one,), True, False)
    assert both.standing == (one, other) and disagreements([FIRST, both]) == [both]
    resolved = after(both, decide(both, SIGHT, "王五", at(2), "rounding"))
    assert (resolved.rivals, resolved.disputed, resolved.settled) == ((), False, True)
    assert len(resolved.events) == 3 and resolved.standing == (one, resolved.verdict)
    agreed = state(FINDING, [one, verdict("rounding", "李四", 1)])
    assert (agreed.disputed, agreed.signed, agreed.settled) == (False, True, True)
    looking = state(FINDING, [one, verdict("in-progress", "李四", 1)])
    assert (looking.disputed, looking.settled) == (False, False)


def test_who_is_to_answer_blind_sees_no_answer_before_there_are_two() -> None:
    given = after(FIRST, assign(FIRST, "王五", at(1), "李四"))
    hidden = blind(given, "李四")
    assert (hidden.to, hidden.verdict, hidden.assignee) == ("open", None, "李四")
    assert "张三" not in {one.who for one in hidden.events}
    assert blind(given, "张三").to == "confirmed-error"
    answered = after(given, decide(hidden, SIGHT, "李四", at(2), "rounding"))
    assert blind(answered, "李四") == blind(answered, "张三") == answered
    assert answered.disputed
    # A look at it is no answer.
    looking = after(given, decide(hidden, SIGHT, "李四", at(2), "in-progress"))
    assert blind(looking, "李四").to == "in-progress"
    assert blind(looking, "李四").others == ()


# What was seen, by whom ---------------------------------------------------------------------------------------------

HERE = [
    Quote("a.txt", "一月的报告", "d", figure, 0, 3, figure, "", "", figure) for figure in ("412.6亿元", "421.6亿元")
]
SEEN = replace(SIGHT, quotes=tuple(HERE))
TURNED = replace(SIGHT, quotes=tuple(reversed(HERE)))
CHANGED = replace(SIGHT, quotes=(replace(HERE[0], printed="413.9亿元"), HERE[1]))


def answers(*said: tuple[str, Sight, str, str]) -> State:
    """Answers of people none of whom has seen another's: who, what they saw, the verdict and its side."""
    made = [decide(NOTHING, sight, who, at(n), to, side=side) for n, (who, sight, to, side) in enumerate(said)]
    return state(FINDING, made)


def test_a_side_is_the_figure_that_stood_there() -> None:
    """Which side is A depends on the names of files."""
    same = answers(("张三", SEEN, "confirmed-error", "A"), ("李四", TURNED, "confirmed-error", "B"))
    other = answers(("张三", SEEN, "confirmed-error", "A"), ("李四", TURNED, "confirmed-error", "A"))
    assert (same.signed, same.disputed) == (True, False)
    assert (other.signed, other.disputed) == (False, True)


def test_a_second_person_signs_what_the_first_has_seen() -> None:
    assert not answers(("张三", SEEN, "confirmed-error", "B"), ("李四", CHANGED, "confirmed-error", "B")).signed


def test_a_person_is_one_however_the_name_is_written() -> None:
    both = answers(("Li", SEEN, "rounding", ""), ("LI", SEEN, "confirmed-error", ""))
    assert [one.who for one in both.others] == []
    assert not both.signed


def test_to_begin_work_on_a_dispute_does_not_end_it() -> None:
    found = answers(("张三", SEEN, "confirmed-error", "A"), ("李四", SEEN, "rounding", ""))
    for to in ("in-progress", "to-verify"):
        begun = after(found, decide(found, SEEN, "王五", at(9), to))
        assert begun.disputed and [one.who for one in begun.contested] == ["张三", "李四"]
    assert not after(found, decide(found, SEEN, "王五", at(9), "rounding")).disputed
    assert not after(found, decide(found, SEEN, "王五", at(9), "open")).disputed


def test_blind_people_see_answers_once_they_have_answered_the_same() -> None:
    found = answers(("张三", SEEN, "confirmed-error", "A"), ("李四", SEEN, "rounding", ""))
    assert blind(found, "张三") == blind(found, "李四") == found
    assert blind(found, "王五").events == ()  # who has answered nothing
    stale = answers(("张三", SEEN, "confirmed-error", "A"), ("李四", CHANGED, "rounding", ""))
    for who in ("张三", "李四"):
        assert [one.who for one in blind(stale, who).events] == [who]


def test_blind_people_see_that_an_assignment_was_withdrawn() -> None:
    given = assign(NOTHING, "张三", at(0), "李四")
    back = undo(after(NOTHING, given), "张三", at(1), given.id)
    again = undo(after(NOTHING, given, back), "张三", at(2), back.id)
    for events, to in (([given], "李四"), ([given, back], ""), ([given, back, again], "李四")):
        assert blind(state(FINDING, events), "李四").assignee == to
