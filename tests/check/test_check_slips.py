"""Slips of digits and units: what a figure would be without one, and whether the rule then holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from claimframe import claim, table
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checker.check import Rule, check, hypotheses
from checker.check.slips import SLIPS, Slip, slips, taken_apart
from checker.model import Finding

Shipped = dict[str, Rule]
Make = Callable[..., Rule]


def corrected(printed: str, unit: str) -> list[Slip]:
    row = claim("a", printed.replace(",", ""), unit)
    figure = taken_apart(printed + unit, printed, float(row["value"]), float(row["step"]))
    assert figure
    return list(slips(figure, row["dimension"]))


@pytest.mark.parametrize(
    ("printed", "unit", "kind", "text"),
    [
        ("3,156,077", "件", "swapped", "3,165,077件"),
        ("45.69", "亿元", "swapped", "46.59亿元"),
        ("21", "件", "swapped", "12件"),
        ("11,234", "件", "doubled", "1,234件"),
        ("125", "件", "added", "15件"),
        ("12.345", "%", "added", "12.45%"),
        ("999", "件", "dropped", "1999件"),
        ("9,999", "件", "dropped", "89,999件"),
        ("12.5", "亿元", "dropped", "172.5亿元"),
        ("8.4", "万元", "unit", "8.4亿元"),
        ("8.4", "亿元", "unit", "8.4元"),
        ("84", "元", "unit", "84万元"),
        ("12.5", "%", "point", "1.25%"),
        ("0.25", "%", "point", "2.5%"),
        ("125", "%", "point", "12.5%"),
        ("412.6", "亿元", "changed", "472.6亿元"),
    ],
)
def test_what_a_figure_would_be(printed: str, unit: str, kind: str, text: str) -> None:
    assert (kind, text) in [(slip.kind, slip.text) for slip in corrected(printed, unit)]


@pytest.mark.parametrize(
    ("printed", "unit", "text"),
    [
        ("412.6", "亿元", "412.7亿元"),  # the last digit: merely close
        ("412.6", "亿元", "412亿元"),  # coarser
        ("412.6", "亿元", "412.65亿元"),  # finer
        ("41", "亿元", "51亿元"),  # of two digits anything is one digit away
        ("4200", "件", "5200件"),
        ("5", "件", "15件"),
        ("102", "件", "012件"),
        ("125", "件", "12.5件"),  # nobody counts so
        ("1.25", "万件", "1.25件"),
        ("84", "件", "84万件"),
    ],
)
def test_what_says_nothing(printed: str, unit: str, text: str) -> None:
    assert text not in [slip.text for slip in corrected(printed, unit)]


@pytest.mark.parametrize(("text", "number"), [("两万件", "两"), ("3亿2000万元", "3"), ("12件", "21")])
def test_digits_from_which_no_amount_can_be_read(text: str, number: str) -> None:
    assert taken_apart(text, number, 3.2e8, 1e7) is None


figures = st.builds(
    lambda digits, places: f"{digits / 10**places:.{places}f}", st.integers(10, 10**7), st.integers(0, 3)
)


@given(figures, st.sampled_from(["亿元", "%", "件"]))
def test_amount_and_text_are_one(printed: str, unit: str) -> None:
    for slip in corrected(printed, unit):
        if slip.kind != "unit":
            read = claim("a", slip.text.removesuffix(unit), unit)
            assert (slip.value, slip.step) == (read["value"], read["step"])
        assert slip.kind in SLIPS and slip.apart > 0 and slip.text != printed + unit


@given(st.integers(1000, 10**7), st.data())
def test_swapping_twice_is_the_figure_again(number: int, data: st.DataObject) -> None:
    digits = str(number)
    at = data.draw(st.integers(0, len(digits) - 2))
    other = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assume(other != digits and other[0] != "0")
    assume(sum(c != "0" for c in digits) > 1)
    assert ("swapped", digits + "件") in [(slip.kind, slip.text) for slip in corrected(other, "件")]


# ---- tried against a rule


def adding_up(make_rule: Make) -> Rule:
    claims = {"a": {"attribute": "level"}, "parts": {"attribute": "share", "set": True}}
    return make_rule(claims=claims, same=["place"], documents="same", holds="a == sum(parts)")


def sum_of(total: str, *parts: str) -> list[dict[str, Any]]:
    rows = [claim("a", total, "件", series="s", order=0)]
    return rows + [
        claim("a", part, "件", attribute="share", series=f"p{i}", order=i + 1) for i, part in enumerate(parts)
    ]


def named(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.id, one.printed, one.corrected) for finding in findings for one in finding.hypotheses]


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        ("3156077", ["1512034", "1653043"], [("swapped", "3156077件", "3165077件")]),
        ("3165077", ["1521034", "1653043"], [("swapped", "1521034件", "1512034件")]),
        ("31650077", ["1512034", "1653043"], [("doubled", "31650077件", "3165077件")]),
        ("3165077", ["151034", "1653043", "1000"], [("dropped", "151034件", "1511034件")]),
        ("316507", ["151203", "165314"], []),  # ten apart: parts and total may each have another digit
        ("3165077", ["1512034", "1653043"], None),
    ],
)
def test_one_figure_of_a_sum(
    make_rule: Make, total: str, parts: list[str], expected: list[tuple[str, str, str]] | None
) -> None:
    findings = check(table(*sum_of(total, *parts)), [adding_up(make_rule)])
    assert bool(findings) is (expected is not None)
    assert named(findings) == (expected or [])


def test_a_sum_of_very_many_parts_is_tried_in_its_total_alone(make_rule: Make) -> None:
    for count, names_a_part in ((20, True), (40, False)):
        parts = ["2134", *["500"] * (count - 1)]
        total = sum(map(int, parts)) - 900  # 1234 for 2134 would do
        (finding,) = check(table(*sum_of(str(total), *parts)), [adding_up(make_rule)])
        assert (("swapped", "2134件", "1234件") in named([finding])) is names_a_part


def test_each_side_of_a_pair_has_its_own_slip(shipped: Shipped) -> None:
    findings = check(table(claim("a", "11234"), claim("b", "1234")), [shipped["same-fact"]])
    assert named(findings) == [("doubled", "11234亿元", "1234亿元"), ("dropped", "1234亿元", "11234亿元")]


def test_both_sides_of_a_pair_are_named(shipped: Shipped) -> None:
    findings = check(table(claim("a", "412.6"), claim("b", "421.6")), [shipped["same-fact"]])
    assert named(findings) == [("swapped", "412.6亿元", "421.6亿元"), ("swapped", "421.6亿元", "412.6亿元")]
    assert [one.claim for one in findings[0].hypotheses] == list(findings[0].claims)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"printed": "412.6"}, {"printed": "437.9"}),
        ({"printed": "412.6", "document_date": "2021-01-20"}, {"printed": "421.6", "document_date": "2022-03-03"}),
        ({"printed": "412.6"}, {"printed": "421.6", "qualifier": "over", "high": None, "low": 42e9}),
    ],
)
def test_no_slip_is_named(shipped: Shipped, one: dict[str, Any], other: dict[str, Any]) -> None:
    """The figures are simply different; the texts explain it; a loose figure agrees with almost any."""
    findings = check(table(claim("a", **one), claim("b", **other)), [shipped["same-fact"]])
    assert findings and not named(findings)


def test_a_rule_that_wants_more_than_equality_names_no_slip(make_rule: Make) -> None:
    rows = [claim("a", "412.6"), claim("b", "421.6")]
    for wanted in ({"holds": "a >= b and b >= a"}, {"unless": "a.value > 1000000000000"}):
        findings = check(table(*rows), [make_rule(**wanted)])
        assert findings and not named(findings)


def test_a_fall_on_the_wrong_base_stays_a_fall(shipped: Shipped) -> None:
    before = {"period_start": "2019-01-01", "period_end": "2019-12-31"}
    rows = [
        claim("a", "119.4", order=0),
        claim("a", "-8.4", "%", attribute="growth", order=1, number="8.4", text="下降8.4%", price_growth="current"),
        claim("a", "129.4", order=2, **before),
    ]
    frame = table(*rows).assign(price_level="current", growth_basis=None)
    (finding,) = check(frame, [shipped["growth-and-levels"]])
    assert (finding.level, named([finding])) == ("warning", [("wrong-base", "下降8.4%", "下降7.7%")])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(10, 99999), min_size=2, max_size=4), st.data())
def test_with_what_is_named_the_rule_holds(make_rule: Make, parts: list[int], data: st.DataObject) -> None:
    """Whatever is planted and whatever is named: read so, the figures agree. And the order of rows does not matter."""
    rule = adding_up(make_rule)
    digits = str(sum(parts))
    at = data.draw(st.integers(0, len(digits) - 1))
    slip = data.draw(
        st.sampled_from([digits[:at] + digits[at:][::-1], digits[:at] + digits[at] + digits[at:], "9" + digits])
    )
    assume(slip[0] != "0")
    rows = sum_of(slip, *map(str, parts))
    findings = check(table(*rows), [rule])
    assert check(table(*rows, seed=data.draw(st.integers(0, 99))), [rule]) == findings
    for finding in findings:
        assert len(finding.hypotheses) <= 3
        assert len({(one.claim, one.id) for one in finding.hypotheses}) == len(finding.hypotheses)
        for one in finding.hypotheses:
            i = next(i for i, row in enumerate(rows) if row["id"] == one.claim)
            figures = [row["number"] for row in rows]
            figures[i] = one.corrected.removesuffix("件")
            assert not check(table(*sum_of(*figures)), [rule]), one


def test_batches_make_no_difference(shipped: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        claim(document, printed, series=f"s{i}", order=i, passage=i)
        for i, pair in enumerate([("412.6", "421.6"), ("99.5", "9.95"), ("3156", "9156"), ("11234", "1234")])
        for document, printed in zip("ab", pair, strict=True)
    ]
    whole = check(table(*rows), [shipped["same-fact"]])
    assert {one[0] for one in named(whole)} == {"swapped", "point", "changed", "doubled", "dropped"}
    monkeypatch.setattr(hypotheses, "BATCH", 7)
    assert check(table(*rows), [shipped["same-fact"]]) == whole
