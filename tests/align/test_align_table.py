"""What must hold for the table of every alignment, over collections that print one passage in several ways."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.align import align_table

ADDED = ["key", "owner_key", "series", "fact", "measure", "about", "possible"]
PARTS = st.sampled_from(["农村", "城镇", "新建", "改造", "学校", "公路", "居民", "收入", "支出", "总额", "投资"])
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("".join)
PASSAGES = st.lists(st.tuples(NAMES, st.integers(2, 9999)), min_size=3, max_size=7)
# How a document prints a figure of the passage: as it is, in other words, another figure, or not at all.
WAYS = st.lists(
    st.sampled_from(["same", "same", "shorter", "longer", "other figure", "bare", "left out"]), min_size=7, max_size=7
)
DOCUMENTS = st.lists(st.tuples(st.sampled_from(["甲县", "乙县"]), WAYS), min_size=2, max_size=6)
COLLECTIONS = st.builds(lambda passage, documents: table(passage, documents), PASSAGES, DOCUMENTS)
# ... and some documents do not say which place they are about.
OPEN = st.lists(st.tuples(st.sampled_from(["甲县", "乙县", ""]), WAYS), min_size=2, max_size=6)
UNSURE = st.builds(lambda passage, documents: table(passage, documents), PASSAGES, OPEN)


def table(passage: list[tuple[str, int]], documents: list[tuple[str, list[str]]]) -> pd.DataFrame:
    """The claims of documents that print a passage, each of its place and in its way."""
    rows = []
    for k, (place, ways) in enumerate(documents):
        printed = [figure for figure in zip(passage, ways, strict=False) if figure[1] != "left out"]
        for order, ((metric, number), way) in enumerate(printed):
            words = {"longer": metric + "数", "shorter": metric[2:] or metric, "bare": "完成投资"}.get(way, metric)
            rows.append(claim(f"{place}{k}.txt", order, place, words, number + (way == "other figure")))
    return pd.DataFrame(rows, columns=list(claim("", 0, "", "", 0)))


def claim(document: str, order: int, place: str, metric: str, number: int) -> dict[str, Any]:
    figure = {"number": str(number), "value": float(number), "low": number - 0.5, "high": number + 0.5, "step": 1.0}
    period = {"period_start": "2020-01-01", "period_end": "2020-12-31", "base": None}
    kind = {"unit": "户", "dimension": "households", "attribute": "level", "modality": "actual", "concept": None}
    scope = {"level": "", "owner": "", "whole": None, "basis": ""}
    where = {"id": f"{document}#{order}", "document": document, "order": order, "place": place, "metric": metric}
    return where | figure | period | kind | scope


def aligned(claims: pd.DataFrame) -> dict[str, list[Any]]:
    """What alignment adds to each claim, by its id."""
    added = align_table(claims).set_index("id")[ADDED]
    return dict(zip(added.index, added.fillna("unknown").to_numpy().tolist(), strict=True))


@given(COLLECTIONS | UNSURE, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_rows_makes_no_difference(claims: pd.DataFrame, random: Any) -> None:
    order = list(range(len(claims)))
    random.shuffle(order)
    assert aligned(claims.iloc[order]) == aligned(claims)


@given(COLLECTIONS)
@settings(deadline=None)
def test_a_place_is_aligned_alone_as_among_others(claims: pd.DataFrame) -> None:
    together = aligned(claims)
    for place in ("甲县", "乙县"):
        alone = aligned(claims[claims["place"] == place])
        assert alone == {id: together[id] for id in alone}


@given(COLLECTIONS)
@settings(deadline=None)
def test_the_claims_given_stay_as_they_are(claims: pd.DataFrame) -> None:
    before = claims.copy(deep=True)
    after = align_table(claims)
    pd.testing.assert_frame_equal(claims, before)
    pd.testing.assert_frame_equal(after[claims.columns], before)


def test_neighbours_testify_within_a_place() -> None:
    """Phrases that are only related are one series between neighbours that agree, and two where they stand alone."""
    passage = [("新建学校", 41), ("改造公路", 3521), ("农村居民投资总额", 812)]
    same, other = ["same"] * 3, [*["same"] * 2, "left out"]
    claims = table(passage, [("甲县", same), ("甲县", other), ("乙县", same)])
    related = claim("甲县1.txt", 2, "甲县", "累计投资总额", 815)
    found = aligned(pd.concat([claims, pd.DataFrame([related])], ignore_index=True))
    series = ADDED.index("series")
    assert found["甲县1.txt#2"][series] == found["甲县0.txt#2"][series] != found["乙县2.txt#2"][series]
    alone = claim("甲县1.txt", 0, "甲县", "累计投资总额", 815)
    found = aligned(pd.concat([claims[claims["document"] == "甲县0.txt"], pd.DataFrame([alone])], ignore_index=True))
    assert found["甲县1.txt#0"][series] != found["甲县0.txt#2"][series]


def test_an_empty_table_has_all_columns() -> None:
    empty = align_table(table([], []))
    assert empty.empty and set(ADDED) <= set(empty.columns)
