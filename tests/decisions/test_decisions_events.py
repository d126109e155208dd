"""Events: what they must say, and that they come back as they went out or not at all."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from desk import SIGHT, audited, seen, verdict
from hypothesis import given
from hypothesis import strategies as st

from checker.decisions.events import Quote, Sight, dump, load, same_person
from checker.decisions.verdicts import verdicts, word
from checker.errors import BadDecisions

TEXT = st.text(st.characters(), max_size=8)
QUOTES = st.builds(
    Quote, **{field.name: st.integers(0, 2**40) if field.type == "int" else TEXT for field in fields(Quote)}
)
SIGHTS = st.builds(
    Sight,
    **{field.name: TEXT for field in fields(Sight)} | {"period_end": st.none(), "quotes": st.lists(QUOTES).map(tuple)},
)


@given(SIGHTS, TEXT, TEXT)
def test_an_event_comes_back_as_it_went_out(sight: Sight, note: str, reason: str) -> None:
    made = verdict("to-verify", note=note, reason=reason, sight=sight)
    line = dump(made)
    assert load(line) == made and line.isascii() and "\n" not in line
    assert set(json.loads(line)) >= {"id", "who", "at", "from", "to"}


def test_an_event_is_known_by_all_that_it_says() -> None:
    made = verdict("rounding", note="甲")
    assert verdict("rounding", note=" 甲 ") == made
    for other in (
        verdict("rounding", note="乙"),
        verdict("rounding", minute=1, note="甲"),
        verdict("rounding", "李四", note="甲"),
        verdict("rounding", note="甲", parents=(made.id,)),
        verdict("rounding", note="甲", sight=replace(SIGHT, rule="x")),
    ):
        assert other.id != made.id


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no such verdict": ({"to": "wrong"}, "verdict 'wrong' is none of open, in-progress"),
    "nobody": ({"to": "open", "who": " "}, "who decided is not said"),
    "explained, but how": ({"to": "explained", "reason": "\n"}, "explained needs a reason"),
    "accepted, but why": ({"to": "accepted"}, "accepted needs a reason"),
    "a side of a rounding": ({"to": "rounding", "side": "A"}, "rounding has no side"),
    "a third side": ({"to": "confirmed-error", "side": "C"}, "side 'C' is none of A, B, both, unknown"),
    "no finding": ({"to": "open", "finding": "x"}, "is no fingerprint"),
    "no sight": ({"to": "open", "sight": None}, "what was seen"),
    "a kind that is none": ({"to": "open", "kind": "vote"}, "kind 'vote' is none of verdict, assign, undo"),
    "an undo of nothing": ({"to": "open", "kind": "undo"}, "an undo, and nothing else, says what it undoes"),
    "parents that are no ids": ({"to": "open", "parents": ("x",)}, "not ids of 32"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_event_must_say(name: str) -> None:
    said, reason = REFUSED[name]
    with pytest.raises(BadDecisions) as caught:
        verdict(**said)
    assert reason in str(caught.value)


TIMES = ["", "2026-01-31", "2026-01-31T08:00:00", "2026-01-31T08:00:00+08:00", "2026-02-30T08:00:00Z"]


@pytest.mark.parametrize("time", TIMES)
def test_when_is_a_second_of_utc(time: str) -> None:
    line = dump(verdict("open")).replace("2026-01-31T08:00:00Z", time)
    with pytest.raises(ValueError, match="no second of UTC"):
        load(line)


def _line(**changed: Any) -> str:
    return json.dumps(json.loads(dump(verdict("rounding", sight=seen(audited())))) | changed)


SEEN = json.loads(_line())["sight"]
SPOILT = {
    "no JSON": ("{", "not JSON"),
    "nested": ("[" * 100_000, "not JSON"),
    "a list": ("[]", "not an object with the fields"),
    "a field missing": ('{"id": "x"}', "not an object with the fields"),
    "a field too many": (_line(more=1), "not an object with the fields"),
    "a word changed": (_line(note="别的"), "is not that of what it says"),
    "a number for a name": (_line(who=3), "who is not of type str"),
    "a word for a sight": (_line(sight="x"), "not an object with the fields"),
    "no list of parents": (_line(parents="x"), "parents is not a list of strings"),
    "numbers for parents": (_line(parents=[1]), "parents is not a list of strings"),
    "quotes that are none": (_line(sight=SEEN | {"quotes": [1]}), "quotes is not a list"),
    "a quote of nothing": (_line(sight=SEEN | {"quotes": [{}]}), "not an object with the fields"),
    "an undo to nowhere": (_line(kind="undo", undoes="0" * 32, to="x"), "verdict 'x' is none of"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_no_event_is_told(name: str) -> None:
    line, reason = SPOILT[name]
    with pytest.raises(ValueError, match=reason):
        load(line)


def test_a_sound_line_is_one() -> None:
    assert load(_line()).to == "rounding"


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Zhang San", "zhang  san ", True), ("张三", "张三", True), ("Ａｎｎ", "ann", True), ("张三", "李四", False),
])  # fmt: skip
def test_a_name_is_a_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


def test_verdicts() -> None:
    settling = [id for id, verdict in verdicts().items() if verdict.settles]
    assert settling == ["explained", "rounding", "extraction-error", "alignment-error", "accepted"]
    assert [word(id, "zh") for id in verdicts()] == [
        "待处理", "处理中", "确认差错", "口径或修订可解释", "四舍五入", "抽取错误", "对齐错误", "存疑待核", "接受不改"
    ]  # fmt: skip
    assert {verdict.flag for verdict in verdicts().values()} == {"open", "right", "wrong"}
    # What settles a finding has been answered; what is open has not.
    assert not any(verdict.settles and verdict.flag == "open" for verdict in verdicts().values())
