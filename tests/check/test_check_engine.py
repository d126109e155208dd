"""Rules over claims made by hand."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from caseframe import AMOUNTS, cases, crowd_of
from claimframe import claim, table

from checker.check import Rule, check
from checker.model import LEVELS, Finding

Shipped = dict[str, Rule]
Make = Callable[..., Rule]

FIVE_YEARS = {"period_start": "2016-01-01", "period_end": "2020-12-31"}
MOVED_ON = {"period_start": "2016-09-01", "period_end": "2021-09-30"}


def found(rule: Rule | list[Rule], *rows: dict[str, Any]) -> list[list[str]]:
    """The figures each finding binds."""
    by_id = {row["id"]: row["text"] for row in rows}
    return [[by_id[id] for id in finding.claims] for finding in run(rule, *rows)]


def run(rule: Rule | list[Rule], *rows: dict[str, Any], seed: int | None = 1) -> list[Finding]:
    return check(table(*rows, seed=seed), rule if isinstance(rule, list) else [rule])


# ---- the shipped rules


def test_same_fact(shipped: Shipped) -> None:
    rule = shipped["same-fact"]
    (finding,) = run(rule, claim("a", "773"), claim("b", "760"))
    assert (finding.level, finding.verdict, finding.claims) == ("error", "unexplained", ("a:0:773亿元", "b:0:760亿元"))
    assert finding.formula == "773亿元 ≠ 760亿元"
    assert finding.difference == Decimal(1300000000)
    assert finding.relative == pytest.approx(13 / 773)
    assert (finding.metric, finding.place) == ("税收收入", "清河市")
    assert (finding.period_start, finding.period_end) == ("2020-01-01", "2020-12-31")
    assert "773亿元（a）" in finding.message["zh"] and "760亿元 in b" in finding.message["en"]


@pytest.mark.parametrize(
    ("one", "other"), [("773", "773"), ("773", "773.4"), ("773", "773.9"), ("1.20", "1.2"), ("86", "86.99")]
)
def test_same_fact_agrees_within_the_digits(shipped: Shipped, one: str, other: str) -> None:
    assert not run(shipped["same-fact"], claim("a", one), claim("b", other))


@pytest.mark.parametrize(("one", "other"), [("5", "6"), ("100", "200"), ("18.5", "8.4"), ("41", "45.2593")])
def test_same_fact_differs(shipped: Shipped, one: str, other: str) -> None:
    assert found(shipped["same-fact"], claim("a", one), claim("b", other)) == [[one + "亿元", other + "亿元"]]


@pytest.mark.parametrize(
    "other",
    [
        {"period_start": "2019-01-01", "period_end": "2019-12-31"},
        {"series": "another"},
        {"modality": "target"},
        {"attribute": "growth"},
        {"series": None},
    ],
)
def test_same_fact_is_silent_over_other_facts(shipped: Shipped, other: dict[str, Any]) -> None:
    assert not run(shipped["same-fact"], claim("a", "773"), claim("b", "760", **other))


def test_same_fact_explained(shipped: Shipped) -> None:
    early = claim("a", "773", document_date="2021-01-20")
    (later,) = run(shipped["same-fact"], early, claim("b", "760", document_date="2022-03-01"))
    assert (later.level, later.verdict) == ("warning", "explained")
    assert [e.id for e in later.explanations if e.found] == ["later-revision"]
    assert {e.id for e in later.explanations if not e.found} >= {"stated-revision", "another-scope", "provisional"}
    (told,) = run(
        shipped["same-fact"], early, claim("b", "760", document_date="2021-03-01", sentence="经 核 实为760亿元。")
    )
    assert (told.level, told.verdict) == ("warning", "explained")
    assert "760亿元" in next(e.text for e in told.explanations if e.found)


@pytest.mark.parametrize(
    ("cues", "level", "verdict"),
    [
        ("不含", "warning", "explained"),
        ("同口径", "warning", "explained"),
        ("快报", "error", "unexplained"),
        ("快报，不含", "warning", "explained"),
        ("快报，已核实", "warning", "explained"),
    ],
)
def test_words_in_the_sentence_leave_the_level(shipped: Shipped, cues: str, level: str, verdict: str) -> None:
    (finding,) = run(shipped["same-fact"], claim("a", "773"), claim("b", "760", sentence=f"{cues}，760亿元。"))
    assert (finding.level, finding.verdict) == (level, verdict)


def test_printed_twice(shipped: Shipped) -> None:
    rules = [shipped["printed-twice"], shipped["same-fact"]]
    summary, body = claim("a", "773", line=3), claim("a", "760", line=41, order=1, passage=1)
    (finding,) = run(rules, summary, body)
    assert (finding.rule, finding.level, finding.verdict) == ("printed-twice", "error", "unexplained")
    assert "一处为773亿元，另一处为760亿元（a）" in finding.message["zh"]
    assert "773亿元 in one place, 760亿元 in another (a)" in finding.message["en"]
    # Side by side in one sentence they are of two things.
    assert not run(rules, summary, claim("a", "760", order=1))
    # Where another document agrees with one of the two, it differs from the other: each rule says its own.
    assert {one.rule for one in run(rules, summary, body, claim("b", "773"))} == {"printed-twice", "same-fact"}
    assert [one.rule for one in run(rules, summary, claim("b", "760"))] == ["same-fact"]


@pytest.mark.parametrize(
    ("when", "level"),
    [
        ('a.sentence has ["经核实"]', "note"),
        ('b.sentence has ["经核实"]', "error"),
        ('not b.sentence has ["经核实", "修订"] and a.text has ["亿"]', "note"),
        ("quotes(a, b)", "note"),
        ("quotes(b, a)", "error"),
        ("a.rivals == 1 and b.rivals == 0", "note"),
    ],
)
def test_what_a_sentence_says(make_rule: Make, when: str, level: str) -> None:
    rule = make_rule(
        holds="a == b",
        explained_by=[{"id": "told", "title": {"zh": "有", "en": "told"}, "when": when, "level": "note"}],
    )
    one = claim("a", "773", sentence="经 核\n实为773亿元，不是760亿元。")
    other = claim("a", "760", order=1, series=None, fact=None, measure=None)
    (finding,) = run(rule, one, other, claim("b", "760"))
    assert finding.level == level


def test_revision(shipped: Shipped) -> None:
    expected = claim("a", "773", modality="estimate", document_date="2021-01-16")
    (finding,) = run(shipped["revision"], expected, claim("b", "760", document_date="2021-09-16"))
    assert (finding.level, finding.verdict) == ("warning", "explained")
    assert not run(shipped["revision"], expected, claim("b", "773.2", document_date="2021-09-16"))
    assert not run(shipped["revision"], expected, claim("b", "760", document_date="2020-09-16"))
    assert run(shipped["revision"], expected, claim("b", "760"))  # undated: it may well be later


def test_cumulative(shipped: Shipped) -> None:
    six = claim("a", "26", unit="所", period_end="2020-06-30")
    assert found(shipped["cumulative"], six, claim("b", "24", unit="所", period_end="2020-11-30")) == [["26所", "24所"]]
    for other in (
        claim("b", "26", unit="所", period_end="2020-11-30"),
        claim("b", "31", unit="所", period_end="2020-11-30"),
        claim("b", "24", unit="所", period_end="2020-03-31"),
        claim("b", "24", unit="所", period_start="2020-02-01", period_end="2020-11-30"),
    ):
        assert not run(shipped["cumulative"], six, other)


def test_plan_and_outcome(shipped: Shipped) -> None:
    plan = claim("a", "60", modality="target")
    (short,) = run(shipped["plan-outcome"], plan, claim("b", "48"))
    assert (short.level, short.verdict) == ("warning", "unexplained")
    (more,) = run(shipped["plan-outcome"], plan, claim("b", "66"))
    assert (more.level, more.verdict) == ("note", "explained")
    assert not run(shipped["plan-outcome"], plan, claim("b", "60.2"))
    growth = claim("a", "7", unit="%", attribute="growth", modality="target")
    assert not run(shipped["plan-outcome"], growth, claim("b", "8.1", unit="%", attribute="growth"))
    assert run(shipped["plan-outcome"], growth, claim("b", "5.2", unit="%", attribute="growth"))
    fall = claim("a", "-3", unit="%", attribute="growth", modality="target")
    assert not run(shipped["plan-outcome"], fall, claim("b", "-4", unit="%", attribute="growth"))


def test_streak(shipped: Shipped) -> None:
    def streak(document: str, years: str, year: int) -> dict[str, Any]:
        period = {"period_start": f"{year}-01-01", "period_end": f"{year}-12-31"}
        return claim(document, years, unit="年", attribute="streak", **period)

    assert found(shipped["streak"], streak("a", "5", 2018), streak("b", "6", 2020)) == [["5年", "6年"]]
    assert not run(shipped["streak"], streak("a", "5", 2018), streak("b", "7", 2020))
    assert len(run(shipped["streak"], streak("a", "5", 2018), streak("b", "7", 2018))) == 1


def reprinted(document: str, window: dict[str, str], *figures: str) -> list[dict[str, Any]]:
    units = ["个", "家", "亿元", "人"]
    return [
        claim(document, figure, unit=units[i], series=f"s{i}", order=i, **window) for i, figure in enumerate(figures)
    ]


def test_reprinted_passage(shipped: Shipped) -> None:
    rule = shipped["reprinted-passage"]
    before = reprinted("a", FIVE_YEARS, "310", "46", "1520", "900")
    assert found(rule, *before, *reprinted("b", MOVED_ON, "430", "46", "1520", "901")) == [
        ["310个", "430个"],
        ["900人", "901人"],
    ]
    assert not run(rule, *before, *reprinted("b", MOVED_ON, "430", "46", "1600", "901"))  # one neighbour
    assert not run(rule, *before, *reprinted("b", FIVE_YEARS, "430", "46", "1520", "900"))  # one window
    later = {"period_start": "2021-01-01", "period_end": "2021-12-31"}
    assert not run(rule, *before, *reprinted("b", later, "430", "46", "1520", "900"))  # windows apart
    elsewhere = [row | {"passage": i} for i, row in enumerate(reprinted("b", MOVED_ON, "430", "46", "1520", "900"))]
    assert not run(rule, *before, *elsewhere)  # the equal figures stand in other sentences
    vague = [row | {"qualifier": "about"} for row in reprinted("b", MOVED_ON, "430", "46", "1520", "900")]
    assert not run(rule, *before, *vague)


def test_nothing_from_nothing(shipped: Shipped) -> None:
    assert check(table(claim("a", "1")).iloc[:0], list(shipped.values())) == []
    assert check(table(claim("a", "1")), list(shipped.values())) == []
    assert check(table(claim("a", "1"), claim("b", "2")), []) == []


LAST_YEAR = {"period_start": "2019-01-01", "period_end": "2019-12-31"}


def grown(rate: str, document: str = "b", **given: Any) -> dict[str, Any]:
    return claim(document, rate, "%", attribute="growth", price_growth="current", order=1, series="g", **given)


def test_growth_and_levels(shipped: Shipped) -> None:
    rule = shipped["growth-and-levels"]
    then = claim("a", "184.66", document_date="2020-01-20", **LAST_YEAR)
    now = claim("b", "182.6", document_date="2021-01-20")
    growth = grown("0.17", document_date="2021-01-20")
    rows = [then, now, growth]
    assert found(rule, *rows) == []  # the price basis is unknown
    (finding,) = check(priced(rows), [rule])
    assert finding.formula == "182.6亿元 / (1 + 0.17%) ≠ 184.66亿元"
    assert (finding.level, finding.verdict) == ("warning", "explained")
    assert "implies 182.3亿元 the year before" in finding.message["en"]
    close = claim("a", "182.27", document_date="2020-01-20", **LAST_YEAR)
    assert check(priced([close, *rows[1:]]), [rule]) == []
    two_years = claim("a", "184.66", period_start="2018-01-01", period_end="2018-12-31")
    assert check(priced([two_years, *rows[1:]]), [rule]) == []


def priced(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return table(*rows).assign(price_level="current")


def test_a_figure_of_many_claims_does_not_depend_on_their_order(shipped: Shipped) -> None:
    rule = shipped["multiples-of-one-base"]
    times = {"attribute": "multiple", "base": "2015-01-01/2015-12-31", "order": 1, "series": "t"}
    rows = [claim("a", "773"), claim("a", "1.67", "倍", **times), claim("b", "760"), claim("b", "1.64", "倍", **times)]
    results = [run(rule, *rows, seed=seed) for seed in range(6)]
    assert all(result == results[0] for result in results)
    (finding,) = results[0]
    assert (finding.level, finding.verdict) == ("note", "explained")
    assert finding.message["en"].count("463亿元") == 2
    thousandth = [row | {"number": row["number"], **scaled(row)} for row in rows]
    (same,) = run(rule, *thousandth)
    assert (same.level, same.verdict) == (finding.level, finding.verdict)


def scaled(row: dict[str, Any]) -> dict[str, Any]:
    names = ("value", "low", "high", "step") if row["unit"] == "元" else ()
    return {name: row[name] / 1000 for name in names}


def test_the_year_before(make_rule: Make) -> None:
    rule = make_rule(same=["series"], where="a.period == b.year_before", holds="a == b")
    february = {"period_start": "2020-01-01", "period_end": "2020-02-29"}
    earlier = {"period_start": "2019-01-01", "period_end": "2019-02-28"}
    assert found(rule, claim("a", "1", **earlier), claim("b", "2", **february)) == [["1亿元", "2亿元"]]
    assert found(rule, claim("a", "1", **earlier), claim("b", "2")) == []
    day = {"period_start": "2020-12-31", "period_end": "2020-12-31"}
    before = {"period_start": "2019-12-31", "period_end": "2019-12-31"}
    assert found(rule, claim("a", "1", **before), claim("b", "2", **day)) == [["1亿元", "2亿元"]]


def test_values_are_written_as_the_text_prints_them(make_rule: Make) -> None:
    words = {"zh": "{sum}", "en": "{sum}, {half}"}
    values = {"sum": {"is": "a + b", "as": "a"}, "half": {"is": "a / 2", "as": "a"}}
    rule = make_rule(message=words, values=values, holds="a < b and a > b")
    a = claim("a", "1250.5", "万元") | {"number": "1,250. 5", "text": "1,250. 5 万元"}
    (finding,) = run(rule, a, claim("b", "3", "万元"))
    assert finding.message == {"zh": "1,254万元", "en": "1,254万元, 625.25万元"}


def test_words_are_looked_for_in_the_sentences_a_cause_names(make_rule: Make) -> None:
    title = {"zh": "修", "en": "revised"}
    for within, found_there in ((["a"], False), (["b"], True), (None, True)):
        cause = {"id": "told", "title": title, "text": ["修订"]} | ({"in": within} if within else {})
        rule = make_rule(explained_by=[cause], claims={"a": {"qualifier": "exact"}, "b": {"attribute": "level"}})
        (finding, *_) = run(
            rule, claim("a", "1", sentence="如常"), claim("b", "5", sentence="已修订", qualifier="about")
        )
        assert finding.explanations[0].found is found_there


# ---- binding


def test_further_documents_join_a_finding(shipped: Shipped) -> None:
    rows = [claim("a", "773"), claim("b", "760"), claim("c", "773"), claim("d", "760"), claim("e", "773")]
    (finding,) = run(shipped["same-fact"], *rows)
    assert [id[0] for id in finding.claims] == ["a", "b", "c", "d", "e"]


def test_the_claims_nearest_in_time_stand_for_the_finding(shipped: Shipped) -> None:
    rows = [
        claim("a", "773", document_date="2018-01-01"),
        claim("b", "773", document_date="2021-01-01"),
        claim("c", "760", document_date="2021-02-01"),
    ]
    (finding,) = run(shipped["same-fact"], *rows)
    assert finding.claims[:2] == ("b:0:773亿元", "c:0:760亿元")
    assert finding.verdict == "unexplained"  # though a, much earlier, prints the same


def test_pairs_are_ordered_by_date(shipped: Shipped) -> None:
    rows = [claim("a", "773", document_date="2021-05-01"), claim("b", "760", document_date="2021-01-01")]
    (finding,) = run(shipped["same-fact"], *rows)
    assert finding.claims == ("b:0:760亿元", "a:0:773亿元")


def test_a_claim_that_agrees_is_matched(make_rule: Make) -> None:
    rule = make_rule()
    assert found(rule, claim("a", "1"), claim("a", "2", order=1), claim("b", "2"), claim("b", "3", order=1)) == [
        ["1亿元", "3亿元"]
    ]
    assert not run(rule, claim("a", "1"), claim("a", "2", order=1), claim("b", "2"))


def test_ambiguous_pairs_are_silent(make_rule: Make) -> None:
    assert not run(make_rule(), claim("a", "1"), claim("a", "2", order=1), claim("b", "3"))
    assert run(make_rule(), claim("a", "1"), claim("a", "1", order=1), claim("b", "3"))  # one figure, said twice


def test_ambiguity_is_judged_for_each_two_documents(make_rule: Make) -> None:
    rows = [claim("a", "1"), claim("a", "2", order=1), claim("b", "3"), claim("c", "4")]
    assert found(make_rule(), *rows) == [["3亿元", "4亿元"]]


@pytest.mark.parametrize(("documents", "wanted"), [("different", [["1亿元", "3亿元"]]), ("same", [["1亿元", "2亿元"]])])
def test_documents(make_rule: Make, documents: str, wanted: list[list[str]]) -> None:
    within = [claim("a", "1"), claim("a", "2", order=1)]
    between = [claim("a", "1"), claim("b", "3")]
    assert found(make_rule(documents=documents), *(within if documents == "same" else between)) == wanted
    assert not run(make_rule(documents=documents), *(between if documents == "same" else within))
    assert len(run(make_rule(documents="any"), *within)) == len(run(make_rule(documents="any"), *between)) == 1


def test_one_variable(make_rule: Make) -> None:
    rule = make_rule(claims={"a": {"attribute": "share"}}, same=None, documents=None, holds="a <= 100")
    rows = [claim("a", x, unit="%", attribute="share", series=f"s{x}") for x in ("40", "100", "140")]
    assert found(rule, *rows) == [["140%"]]


def test_three_variables_joined_by_a_base_year(make_rule: Make) -> None:
    rule = make_rule(
        claims={"now": {"attribute": "level"}, "then": {"attribute": "level"}, "times": {"attribute": "multiple"}},
        same=["metric", "place", "scope"],
        documents="any",
        where="times.period == now.period and then.period == times.base",
        holds="now == times * then",
    )
    base = {"period_start": "2015-01-01", "period_end": "2015-12-31"}
    then = claim("b", "463", **base)
    times = claim("a", "1.67", unit="倍", attribute="multiple", base="2015-01-01/2015-12-31", series="t", order=1)
    assert not run(rule, claim("a", "773"), then, times)
    (finding,) = run(rule, claim("a", "840"), then, times)
    assert finding.formula == "840亿元 ≠ 1.67倍 * 463亿元"
    assert len(finding.claims) == 3 and finding.difference is None
    assert not run(rule, claim("a", "840"), claim("b", "463"), times)  # of another year than the base


@pytest.mark.parametrize(
    ("total", "agrees"),
    [("36", False), ("37", False), ("38", True), ("42", True), ("43", True), ("44", False), ("53", False)],
)
def test_a_sum_of_figures_that_were_cut_off(make_rule: Make, total: str, agrees: bool) -> None:
    """Rounded, four tens are 38 to 42; cut off, they may be four times 10.9, which makes 43 as well."""
    rule = make_rule(
        claims={"total": {"attribute": "level"}, "parts": {"set": True, "attribute": "share"}},
        same=["place", "unit"],
        documents="same",
        holds="total == sum(parts)",
    )
    parts = [claim("a", "10", attribute="share", series=f"p{i}", order=i) for i in range(1, 5)]
    # A second set beside it: each row is read with the set it binds.
    other = [claim("b", "53", series="t"), claim("b", "53", attribute="share", series="u", order=1)]
    assert bool(run(rule, claim("a", total), *parts, *other)) is not agrees


@pytest.mark.parametrize(("total", "agrees"), [("1", True), ("4", True), ("5", True), ("6", False)])
def test_an_expression_over_figures_that_were_cut_off(make_rule: Make, total: str, agrees: bool) -> None:
    """Rounded, 1 times 2 is at most 1.5 times 2.5; cut off, it may be 1.9 times 2.9, which makes 5."""
    rule = make_rule(
        claims={"a": {"attribute": "level"}, "b": {"attribute": "multiple"}, "c": {"attribute": "rate"}},
        same=["place"],
        documents="same",
        holds="a == b * c",
    )
    rows = [claim("x", "1", "倍", attribute="multiple", order=1), claim("x", "2", "倍", attribute="rate", order=2)]
    assert bool(run(rule, claim("x", total, "倍"), *rows)) is not agrees


# ---- what expressions say of figures


@pytest.mark.parametrize(
    ("holds", "printed", "fires"),
    [
        ("0 <= a <= 100", "100", False),
        ("0 <= a <= 100", "101", True),
        ("0 <= a <= 100", "-1", True),
        ("0 <= a < 100", "100", True),
        ("100 >= a >= 0", "140", True),
        ("a == 5 == 5", "5.0", False),
        ("min(a, 3) == 3", "7", False),
        ("min(a, 3) == 3", "2", True),
        ("max(a, 3, 5) == a", "4", True),
        ("max(a, 3, 5) == a", "6", False),
        # 86.4 may be anything up to 86.45, which is 86; 86.5 is rounded up or down.
        ("round(a, 0) == 86", "86.4", False),
        ("round(a, 0) == 86", "86.5", False),
        ("round(a, 0) == 86", "86.6", True),
        ("round(a.value, 0) == 87", "86.49", True),
        ("round(a.value, 0) == 87", "86.5", False),
        ("round(a.value, 0) == 86", "86.5", False),
        ("round(a.value, 1) == 0.3", "0.25", False),
        ("round(a, -2) == 1200", "1234", False),
        ("round(a, -2) == 1300", "1234", True),
        ("round(a.value / 3, 2) == 3.33", "10", False),
        ("round(a.value / 3, 2) == 3.34", "10", True),
    ],
)
def test_what_holds_of_a_figure(make_rule: Make, holds: str, printed: str, fires: bool) -> None:
    rule = make_rule(claims={"a": {"attribute": "level"}}, same=None, documents=None, holds=holds)
    assert bool(run(rule, claim("x", printed, "%"))) is fires


@pytest.mark.parametrize(
    ("holds", "printed", "unit", "dimension", "fires"),
    [
        ("a >= 5亿元", "4.9", "亿元", "money", True),
        ("a >= 5亿元", "50000", "万元", "money", False),
        ("a >= 5亿元", "40000", "万元", "money", True),
        ("a >= 5亿元", "3", "美元", "usd", False),
        ("not a >= 5亿元", "6", "美元", "usd", False),
        ("a < 3.5%", "4", "%", "percent", True),
        ("a < 3.5%", "4", "百分点", "point", False),
        ("a < 2倍", "3", "倍", "times", True),
        ("a < 2倍", "1.5", "倍", "times", False),
        ("0.5万吨 <= a <= 2万吨", "9000", "吨", "mass", False),
        ("0.5万吨 <= a <= 2万吨", "4000", "吨", "mass", True),
        ("a <= 100万斤", "600", "吨", "mass", True),
        ("a <= 100万斤", "400", "吨", "mass", False),
        ("a - 1亿元 <= 0", "2", "亿元", "money", True),
        ("a / 1亿元 <= 2", "3", "亿元", "money", True),
        ("a / 1亿元 <= 2", "3", "人", "people", False),
        ("max(a, 2亿元) == 2亿元", "3", "亿元", "money", True),
    ],
)
def test_literals_have_units(make_rule: Make, holds: str, printed: str, unit: str, dimension: str, fires: bool) -> None:
    rule = make_rule(claims={"a": {"attribute": "level"}}, same=None, documents=None, holds=holds)
    assert bool(run(rule, claim("x", printed, unit, dimension=dimension))) is fires


def test_only_what_is_broken_of_a_chain_is_shown(make_rule: Make) -> None:
    rule = make_rule(claims={"a": {"attribute": "level"}}, same=None, documents=None, holds="1亿元 <= a <= 5亿元")
    (low,), (high,) = run(rule, claim("x", "0.5")), run(rule, claim("x", "8"))
    assert (low.formula, high.formula) == ("1亿元 > 0.5亿元", "8亿元 > 5亿元")


@pytest.mark.parametrize(("largest", "fires"), [("30", False), ("31", True), ("30.4", False)])
def test_the_greatest_and_the_least_of_a_set(make_rule: Make, largest: str, fires: bool) -> None:
    rule = make_rule(
        claims={"total": {"attribute": "level"}, "parts": {"set": True, "attribute": "share"}},
        same=["place", "unit"],
        documents="same",
        holds="max(parts) == total and min(parts) == 10亿元",
    )
    parts = [claim("a", x, attribute="share", series=f"p{x}", order=int(x)) for x in ("10", "20", "30")]
    assert bool(run(rule, claim("a", largest), *parts)) is fires
    # Without the first, 20 is the least.
    assert run(rule, claim("a", "30"), *parts[1:])


def test_a_set(make_rule: Make) -> None:
    rule = make_rule(
        claims={"total": {"attribute": "level", "scope": ""}, "parts": {"set": True, "attribute": "share"}},
        same=["place", "period", "unit"],
        documents="same",
        where="parts.whole == total.metric",
        holds="total == sum(parts) and count(parts) == 3",
        message={"zh": "{parts.sum}", "en": "{total.text}: {parts.count} parts, {parts.sum}"},
    )

    def part(printed: str, order: int, document: str = "a") -> dict[str, Any]:
        return claim(document, printed, attribute="share", whole="税收收入", series=f"p{order}", order=order)

    parts = [part("10", 1), part("20", 2), part("31", 3)]
    assert not run(rule, claim("a", "61"), *parts)
    assert not run(rule, claim("a", "62"), *parts)  # within the rounding of three parts
    (finding,) = run(rule, claim("a", "64"), *parts)
    assert len(finding.claims) == 4
    assert finding.formula == "64亿元 ≠ 10亿元 + 20亿元 + 31亿元"
    assert finding.message["en"] == "64亿元: 3 parts, 6100000000"
    assert run(rule, claim("a", "61"), *parts[:2])
    assert not run(rule, claim("a", "61"), *parts, part("10", 1) | {"id": "again", "order": 9})  # said twice
    assert not run(rule, claim("a", "64"), *(part("10", k, "b") for k in range(3)))  # another document's


DISTRICTS = ("铜官区", "义安区", "郊区", "枞阳县")


def of_places(document: str = "a", **figures: str) -> list[dict[str, Any]]:
    """A figure for each district of a city, filed as reports are."""
    names = {name: name if name.endswith("县") else f"铜陵市{name}" for name in DISTRICTS}
    return [
        claim(document, figure, place=names[name], series=f"s {name}", order=i)
        for i, (name, figure) in enumerate(figures.items(), 1)
    ]


PARTS = dict(zip(DISTRICTS, ("10", "20", "30", "40"), strict=True))


@pytest.fixture
def city_rule(make_rule: Make) -> Rule:
    return make_rule(
        claims={"city": {"attribute": "level"}, "districts": {"attribute": "level", "set": "places", "of": "city"}},
        same=["metric", "period", "unit"],
        documents="same",
        holds="sum(districts) == city",
    )


def test_the_districts_of_a_city(city_rule: Rule) -> None:
    assert not run(city_rule, claim("a", "100", place="铜陵市"), *of_places(**PARTS))
    (finding,) = run(city_rule, claim("a", "120", place="铜陵市"), *of_places(**PARTS))
    assert finding.formula == "10亿元 + 20亿元 + 30亿元 + 40亿元 ≠ 120亿元" and len(finding.claims) == 5
    # Of another city nothing is known, nor where a district is not there or is there twice.
    assert not run(city_rule, claim("a", "120", place="芜湖市"), *of_places(**PARTS))
    city = claim("a", "120", place="铜陵市")
    assert not run(city_rule, city, *of_places(**PARTS)[1:])
    twice = claim("a", "11", place="铜陵市铜官区", series="t", order=9)
    assert not run(city_rule, city, *of_places(**PARTS), twice)
    assert run(city_rule, city, *of_places(**PARTS), twice | {"id": "again"} | scaled_to("10"))
    assert not run(
        city_rule, city, *of_places(**PARTS)[1:], claim("a", "10", place="铜陵市狮子山区", order=9, series="t")
    )
    # The districts of one document, the city of it too.
    assert not run(city_rule, city, *of_places("b", **PARTS))


def scaled_to(printed: str) -> dict[str, Any]:
    row = claim("a", printed)
    return {name: row[name] for name in ("number", "text", "value", "low", "high", "step")}


@pytest.fixture
def year_rule(make_rule: Make) -> Rule:
    return make_rule(
        claims={"year": {"attribute": "level"}, "parts": {"attribute": "level", "set": "periods", "of": "year"}},
        same=["series", "unit"],
        documents="same",
        holds="sum(parts) == year",
    )


def of_months(months: int, *figures: str, year: int = 2020) -> list[dict[str, Any]]:
    ends = {1: (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 3: (31, 30, 30, 31), 6: (30, 31)}[months]
    return [
        claim(
            "a",
            figure,
            order=20 * months + i,
            period_start=f"{year}-{i * months + 1:02}-01",
            period_end=f"{year}-{(i + 1) * months:02}-{ends[i]}",
        )
        for i, figure in enumerate(figures)
    ]


def test_the_parts_of_a_year(year_rule: Rule) -> None:
    year = claim("a", "100")
    quarters = of_months(3, "10", "20", "30", "40")
    assert not run(year_rule, year, *quarters)
    (finding,) = run(year_rule, claim("a", "120"), *quarters)
    assert finding.formula == "10亿元 + 20亿元 + 30亿元 + 40亿元 ≠ 120亿元"
    assert not run(year_rule, claim("a", "120"), *quarters[:3])
    assert not run(year_rule, claim("a", "120"), *quarters, quarters[0] | {"id": "x", "order": 3} | scaled_to("11"))
    assert not run(year_rule, claim("a", "120", period_start="2019-01-01", period_end="2019-12-31"), *quarters)
    assert run(year_rule, year, *of_months(6, "10", "20"))
    assert not run(year_rule, year, *of_months(6, "50", "50"), *quarters)
    assert run(year_rule, year, *of_months(6, "50", "60"), *quarters)
    assert not run(year_rule, year, *of_months(1, *["8.33"] * 12))
    assert run(year_rule, year, *of_months(1, *["9.33"] * 12))
    assert not run(year_rule, year, *of_months(1, *["9.33"] * 11))


def test_what_is_stated_of_each_document_of_a_kind(make_rule: Make) -> None:
    rule = make_rule(
        claims={
            "report": {"document_kind": "budget report"},
            "revenue": {"metric": "税收收入", "attribute": "level", "set": "or_none"},
        },
        same=["document"],
        documents="same",
        where="report.order == 0",
        holds="count(revenue) > 0",
    )

    def of_kind(kind: str | None, *rows: dict[str, Any]) -> pd.DataFrame:
        return table(*rows).assign(document_kind=kind)

    rows = [
        claim("a", "1", metric="税收"),
        claim("a", "2", order=1, metric="支出"),
        claim("b", "3"),
        claim("c", "4", order=1),
    ]
    (finding,) = check(of_kind("budget report", *rows), [rule])
    assert (finding.claims, finding.level) == (("a:0:1亿元",), "error")
    assert not check(of_kind("statistical bulletin", *rows), [rule])
    assert not check(of_kind(None, *rows), [rule])
    last = claim("a", "9", order=7)
    assert not check(of_kind("budget report", *rows, last), [rule])
    assert check(of_kind("budget report", *rows, last | {"attribute": "growth"}), [rule])


def test_unknown_is_silent(make_rule: Make) -> None:
    rule = make_rule(where="a.document_date <= b.document_date", holds="a == b")
    assert not run(rule, claim("a", "1"), claim("b", "2"))
    assert run(rule, claim("a", "1", document_date="2020-01-01"), claim("b", "2", document_date="2020-01-02"))


def test_open_ends(make_rule: Make) -> None:
    over = claim("a", "300", low=300 * 10**8, high=None, low_open=True, qualifier="over")
    assert not run(make_rule(), over, claim("b", "412"))
    assert run(make_rule(), over, claim("b", "250"))


def test_a_fact_yields_few_findings(make_rule: Make) -> None:
    rows = [claim(f"d{i}", str(100 + 7 * i)) for i in range(40)]
    findings = run(make_rule(), *rows)
    assert len(findings) == 10
    assert findings[0].claims == ("d0:0:100亿元", "d39:0:373亿元")


# ---- what findings are made of


def test_fingerprints(shipped: Shipped) -> None:
    rule = shipped["same-fact"]
    (first,) = run(rule, claim("a", "773"), claim("b", "760"))
    moved = {"line": 9, "start": 100, "sentence": "另有一句。", "metric": "税收 收入"}
    (again,) = run(rule, claim("a", "773", **moved), claim("b", "760", text="７60亿元"))
    assert first.fingerprint == again.fingerprint and len(first.fingerprint) == 16
    for other in ({"place": "临江区"}, {"metric": "财政收入"}, {"document_identity": "x"}, {"scope": "市本级"}):
        (changed,) = run(rule, claim("a", "773", **other), claim("b", "760", **other))
        assert changed.fingerprint != first.fingerprint


def test_fingerprints_differ_where_all_else_is_alike(shipped: Shipped) -> None:
    rows = [claim(d, p, series=s, order=i) for i, s in enumerate("st") for d, p in (("a", "773"), ("b", "760"))]
    findings = run(shipped["same-fact"], *rows)
    assert len({finding.fingerprint for finding in findings}) == 2


def test_what_is_found_about_some_claims_is_what_binds_them(shipped: Shipped) -> None:
    """To the fingerprint, where several would have the same."""
    rules, claims = list(shipped.values()), crowd_of(cases(shipped.values()), 3, copies=3)
    claims["document_identity"] = ""
    every = check(claims, rules)
    for documents in (slice(1), slice(None, None, 2)):
        about = set(claims["id"][claims["document"].isin(claims["document"].unique()[documents])])
        mine = [finding for finding in every if not about.isdisjoint(finding.claims)]
        assert check(claims, rules, about=about) == mine
    assert {finding.rule for finding in mine} > {"same-fact", "parts-but-for-a-slip"}


def test_a_third_document_leaves_the_fingerprint(shipped: Shipped) -> None:
    rows = [claim("a", "773"), claim("b", "760")]
    (two,), (three,) = run(shipped["same-fact"], *rows), run(shipped["same-fact"], *rows, claim("c", "760"))
    assert two.fingerprint == three.fingerprint


def test_worst_first(shipped: Shipped) -> None:
    findings = run(list(shipped.values()), *crowd(7))
    assert len(findings) > 5
    keys = [(LEVELS.index(f.level), -(f.relative or 0.0), f.fingerprint) for f in findings]
    assert keys == sorted(keys)


def crowd(seed: int, size: int = 120) -> list[dict[str, Any]]:
    """Claims that meet in many ways."""
    rng = random.Random(seed)
    rows = []
    for i in range(size):
        year = rng.choice([2019, 2020])
        end = rng.choice(["06-30", "12-31"])
        rows.append(
            claim(
                rng.choice("abcdef"),
                rng.choice(["10", "10.2", "11", "12", "15"]),
                series=rng.choice(["s", "t", "u", "v", None]),
                modality=rng.choice(["actual", "actual", "estimate", "target"]),
                attribute=rng.choice(["level", "growth"]),
                period_start=f"{year}-01-01",
                period_end=f"{year}-{end}",
                document_date=rng.choice([None, "2020-02-01", "2021-02-01", "2021-03-01"]),
                order=i,
                passage=i // 4,
                id=str(i),
            )
        )
    return rows


@pytest.fixture(scope="module")
def carried(shipped: Shipped) -> list[pd.DataFrame]:
    """The claims of the tests that the shipped rules carry."""
    return cases(shipped.values())


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_rows_makes_no_difference(shipped: Shipped, make_rule: Make, seed: int) -> None:
    rules = [*shipped.values(), make_rule()]
    rows = crowd(seed)
    findings = run(rules, *rows, seed=None)
    assert findings
    assert all(run(rules, *rows, seed=other) == findings for other in (1, 2))


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_makes_no_difference_to_any_rule(
    shipped: Shipped, carried: list[pd.DataFrame], make_set_rule: Callable[[str], Rule], seed: int
) -> None:
    rules = [*shipped.values(), make_set_rule("same"), make_set_rule("different")]
    claims = crowd_of(carried, seed)
    findings = check(claims, rules)
    assert {finding.rule for finding in findings} == {rule.id for rule in rules}
    assert all(check(claims.sample(frac=1, random_state=other), rules) == findings for other in (1, 2))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("unit", [10**4, 10**8])
def test_a_unit_changes_no_finding(shipped: Shipped, seed: int, unit: int) -> None:
    rules, plain = list(shipped.values()), table(*crowd(seed))
    grown = plain.assign(**{name: plain[name] * unit for name in ("value", "low", "high", "step")})
    assert judged(check(plain, rules)) == judged(check(grown, rules))


@pytest.mark.parametrize("unit", [1e-4, 1e4, 1e8])
def test_a_unit_changes_no_verdict_of_any_rule(
    shipped: Shipped, carried: list[pd.DataFrame], make_set_rule: Callable[[str], Rule], unit: float
) -> None:
    """Money in another unit: a percentage stays what it is, and so does what all rules say."""
    rules = [*shipped.values(), make_set_rule("same"), make_set_rule("different")]
    claims = crowd_of(carried, 5)
    factor = np.where(claims["unit"] == "元", unit, 1.0)
    findings = check(claims, rules)
    assert {finding.rule for finding in findings} == {rule.id for rule in rules}
    again = check(claims.assign(**{name: claims[name] * factor for name in AMOUNTS}), rules)
    # Figures a third apart are so to the last bit in one unit, not quite in another: their order is another matter.
    assert sorted(judged(again)) == sorted(judged(findings))


def judged(findings: list[Finding]) -> list[list[str]]:
    """What is said of which claims, without amounts: formulas show them, and messages the magnitude of bare digits."""
    kept = [f.name for f in fields(Finding) if f.name not in ("difference", "relative", "formula", "message")]
    return [[repr(getattr(finding, name)) for name in kept] for finding in findings]


@pytest.fixture
def make_set_rule(make_rule: Make) -> Callable[[str], Rule]:
    """A rule over sums, in one document or between documents."""

    def make(documents: str) -> Rule:
        return make_rule(
            id=f"sum-{documents}",
            claims={"rise": {"attribute": "growth"}, "parts": {"attribute": "level", "set": True}},
            same=["place", "period"],
            documents=documents,
            holds="rise < 0 or sum(parts) < 0",
        )

    return make


def brute(rows: list[dict[str, Any]]) -> set[frozenset[str]]:
    """The figures of `made-up` that fail, pair of documents by pair of documents, as the words of the rule say."""
    wrong = set()
    documents = sorted({row["document"] for row in rows})
    keys = {(row["series"], row["period_start"], row["period_end"], row["unit"], row["fact"]) for row in rows}
    facts = [
        [
            row
            for row in rows
            if (row["series"], row["period_start"], row["period_end"], row["unit"], row["fact"]) == key
        ]
        for key in keys
        if key[0]
    ]
    for group in facts:
        for one in documents:
            for other in documents:
                if one < other:
                    wrong |= unmatched([[r for r in group if r["document"] == d] for d in (one, other)])
    return wrong


def unmatched(sides: list[list[dict[str, Any]]]) -> set[frozenset[str]]:
    def agrees(a: dict[str, Any], b: dict[str, Any]) -> bool:
        if min(a["high"], b["high"]) > max(a["low"], b["low"]):
            return True
        return any(
            x["step"] > y["step"] and x["value"] <= y["value"] < x["value"] + x["step"] for x, y in ((a, b), (b, a))
        )

    left = [a for a in sides[0] if not any(agrees(a, b) for b in sides[1])]
    right = [b for b in sides[1] if not any(agrees(a, b) for a in sides[0])]
    printed = [{row["text"] for row in side} for side in (left, right)]
    return {frozenset(printed[0] | printed[1])} if len(printed[0]) == len(printed[1]) == 1 else set()


@pytest.mark.parametrize("seed", range(12))
def test_classes_find_what_pairs_find(make_rule: Make, seed: int) -> None:
    rows = [row | {"attribute": "level", "modality": "actual"} for row in crowd(seed, 40)]
    for row in rows:
        row["fact"] = f"{row['series']}/{row['period_end']}"
    got = {frozenset(figures) for figures in found(make_rule(), *rows)}
    assert got == brute(rows)


def many(documents: int, facts: int, seed: int = 1) -> pd.DataFrame:
    """A collection in which each document states each fact, and one figure in a hundred is off."""
    rng = np.random.default_rng(seed)
    size = documents * facts
    pattern = table(claim("a", "1"))
    frame = pd.DataFrame({name: [pattern[name].iloc[0]] * size for name in pattern})
    number, fact = np.divmod(np.arange(size), facts)
    value = fact % 900 + 100 + np.where(rng.random(size) < 0.01, rng.integers(2, 5, size), 0)
    years = [str(2015 + k % 6) for k in fact]
    return frame.assign(
        id=[str(i) for i in range(size)],
        document=[f"d{k}" for k in number],
        document_identity=[f"d{k}" for k in number],
        document_date=[f"{2021 + k % 3}-01-10" for k in number],
        order=fact,
        passage=fact // 4,
        series=[f"s{k // 6}" for k in fact],
        fact=[f"f{k}" for k in fact],
        period_start=[f"{year}-01-01" for year in years],
        period_end=[f"{year}-12-31" for year in years],
        text=[f"{v}亿元" for v in value],
        value=value * 1e8,
        low=value * 1e8 - 5e7,
        high=value * 1e8 + 5e7,
        step=1e8,
    )


@pytest.mark.parametrize(("documents", "facts"), [(10, 10_000), (2000, 50)])
def test_a_hundred_thousand_claims_take_seconds(shipped: Shipped, documents: int, facts: int) -> None:
    claims = many(documents, facts)
    start = time.perf_counter()
    findings = check(claims, list(shipped.values()))
    seconds = time.perf_counter() - start
    print(f"\n{len(claims):,} claims of {documents} documents: {seconds:.1f} s, {len(findings)} findings")
    assert findings
    assert seconds < 20  # a machine that is busy; it takes one or two
