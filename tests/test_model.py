from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.model import Claim, Interval, OffsetMap, Rejected, changed, claim_of, field_names, frame, record

# Ends are whole numbers from -4 to 4, so that points a quarter apart show all that intervals between them can do.
QUARTER = Decimal("0.25")
POINTS = [QUARTER * k for k in range(-48, 49)]
SEEN = [2 * QUARTER * k for k in range(-12, 13)]


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low = draw(st.none() | st.integers(-4, 4).map(Decimal))
    high = draw(st.none() | st.integers(-4, 4).map(Decimal))
    if low is not None and high is not None and low > high:
        low, high = high, low
    closed = low is not None and low == high
    return Interval(low, high, draw(st.booleans()) and not closed, draw(st.booleans()) and not closed)


def points(interval: Interval, among: list[Decimal] = POINTS) -> set[Decimal]:
    return {p for p in among if p in interval}


@given(intervals(), intervals())
@settings(deadline=None)
def test_meets_and_below_are_what_the_points_say(a: Interval, b: Interval) -> None:
    mine, theirs = points(a), points(b)
    assert a.meets(b) == bool(mine & theirs)
    assert a.below(b) == (max(mine) < min(theirs) and a.high is not None and b.low is not None)
    assert a.meets(b) == b.meets(a)
    assert a.meets(b) != (a.below(b) or b.below(a))


@given(intervals(), intervals())
@settings(deadline=None)
def test_sum_and_difference_hold_just_what_the_points_make(a: Interval, b: Interval) -> None:
    mine, theirs = points(a), points(b)
    sums = {x + y for x, y in product(mine, theirs)}
    assert points(a + b, SEEN) == {p for p in SEEN if p in sums}
    differences = {x - y for x, y in product(mine, theirs)}
    assert points(a - b, SEEN) == {p for p in SEEN if p in differences}


@given(intervals(), st.sampled_from(["-2", "-1", "-0.5", "0", "0.5", "1", "2"]).map(Decimal))
@settings(deadline=None)
def test_scaling_and_negation_move_every_point(a: Interval, factor: Decimal) -> None:
    assert points(-a, SEEN) == {-p for p in points(a, SEEN)}
    assert all(p * factor in a.scale(factor) for p in points(a))
    if factor:
        assert all(p / factor in a for p in points(a.scale(factor)))
    else:
        assert a.scale(factor) == Interval.point(Decimal(0))


@given(intervals())
@settings(deadline=None)
def test_a_number_is_what_it_was_after_there_and_back(a: Interval) -> None:
    back = -a
    assert -back == a
    assert a.scale(Decimal(2)).scale(Decimal("0.5")) == a
    assert a + Interval.point(Decimal(0)) == a
    assert a.meets(a) and not a.below(a)


@pytest.mark.parametrize(
    ("low", "high", "low_open", "high_open"),
    [
        ("NaN", "1", False, False),
        ("0", "sNaN", False, False),
        ("-Infinity", "0", False, False),
        ("0", "Infinity", False, True),
        ("2", "1", False, False),
        ("1", "1", True, False),
        ("1", "1.0", False, True),
    ],
)
def test_an_interval_that_is_none_is_refused(low: str, high: str, low_open: bool, high_open: bool) -> None:
    with pytest.raises(ValueError):
        Interval(Decimal(low), Decimal(high), low_open, high_open)


def test_ends_that_touch() -> None:
    one, two, three = Decimal(1), Decimal(2), Decimal(3)
    assert Interval(one, two).meets(Interval(two, three))
    assert not Interval(one, two, high_open=True).meets(Interval(two, three))
    assert Interval(one, two, high_open=True).below(Interval(two, three))
    assert not Interval(one, two).meets(Interval(two, three, low_open=True))
    assert Interval(None, None).meets(Interval.point(two))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), min_size=1, max_size=8))
@settings(deadline=None)
def test_an_offset_map_counts_like_a_list(runs: list[tuple[int, int]]) -> None:
    """Runs are (characters left out before it, length); the list writes out where each kept character stood."""
    starts, sources, stood = [], [], []
    at = 0
    for skipped, length in runs:
        at += skipped
        starts.append(len(stood))
        sources.append(at)
        stood += range(at, at + length)
        at += length
    offsets = OffsetMap(tuple(starts), tuple(sources))
    assert [offsets.source(i) for i in range(len(stood))] == stood
    for start in range(len(stood)):
        for end in range(start + 1, len(stood) + 1):
            assert offsets.span(start, end) == (stood[start], stood[end - 1] + 1)


def test_a_frame_has_a_column_a_field() -> None:
    row = Rejected("a.txt", 1, 2, 1, 3, "12", "no unit", "第12")
    table = frame([row], Rejected)
    assert list(table.columns) == list(field_names(Rejected))
    assert table.iloc[0]["number"] == "12"
    assert list(frame([], Claim).columns) == list(field_names(Claim))


def test_a_claim_and_its_record_are_made_of_each_other() -> None:
    claim = claim_of(
        id="a.txt#4", document="a.txt", line=1, column=5, start=4, end=9, number="7.5", number_to=None, text="7.5亿元",
        value=Decimal(750), low=Decimal(745), high=Decimal(755), low_open=False, high_open=True, step=Decimal(10),
        unit="元", dimension="money", qualifier="exact", metric="税收", concept=None, attribute="level",
        period_start="2019-01-01", period_end="2019-12-31", modality="actual", place="清河市", scope="",
        sentence="税收7.5亿元",
    )  # fmt: skip
    assert list(record(claim)) == list(field_names(Claim))
    assert claim_of(**record(claim)) == claim
    assert (claim.period.start, claim.low, claim.interval.high_open, claim.part_of) == (
        "2019-01-01", Decimal(745), True, None,
    )  # fmt: skip
    part = changed(claim, part_of="a.txt#0", low=Decimal(740))
    assert (part.links.part_of, part.quantity.interval.low, part.metric) == ("a.txt#0", Decimal(740), "税收")
    with pytest.raises(AttributeError):
        claim.value = Decimal(1)
    with pytest.raises(ValueError, match="upside down"):
        changed(claim, low=Decimal(760))
