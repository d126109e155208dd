"""The queue: what is asked for is what is shown, counted and gone through."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewdesk import RULES, Browser, House, audited, report, usual

from checker.report.plain import one_line, printed, tidy
from checker.report.view import heading, name
from checker.report.words import choose
from checker.review import Material, material, queue
from checker.review.queue import PAGE, UNTOUCHED, Filter, Standing


def numbers(house: House, browser: Browser, **wanted: str) -> list[int]:
    """The findings that a filter leaves, as the page shows them."""
    page = browser.get("/?" + urlencode({"state": "all"} | wanted))
    known = {finding.fingerprint: n for n, finding in enumerate(house.findings)}
    return [known[fingerprint] for fingerprint in page.rows()]


# ---- by words

EVERY = [0, 1, 2, 3, 4, 5, 6]
SEARCHES: dict[str, list[int]] = {
    "": EVERY,
    "   ": EVERY,
    "53.2万吨 52.3万吨": [5],
    "52.3万吨  53.2万吨": [5],
    "  53.2万吨\t52.3万吨\n": [5],
    "390.2 四月": [4],
    "四月的报告": [3, 4],
    "%": [3],  # in 增长12.5%
    "_": [],
    "4_2": [],
    "4%": [],
    "'": [],
    '"': [],
    "''": [],
    "\\": [],
    "*": [],
    "' OR '1'='1": [],
    "'; DROP TABLE findings; --": [],
    ":n :viewer ?": [],
    "\x00": [],
    "390.2\x00": [],
}


def test_findings_are_found_by_all_the_words_of_a_search(house: House, zhang: Browser) -> None:
    for text, found in SEARCHES.items():
        assert numbers(house, zhang, q=text) == found, text
    (finding,) = (one for one in house.findings if one.metric == "粮食产量")
    assert numbers(house, zhang, q=finding.fingerprint) == [5] == numbers(house, zhang, q=finding.fingerprint.upper())
    assert numbers(house, zhang) == EVERY  # nothing was dropped


def test_case_and_signs_count_as_people_mean_them(tmp_path: Path) -> None:
    titles = ("Report A_100%", "report b'\"\\x")
    texts = ("2020年，清河市R&D经费支出12.6亿元。", "2020年，清河市R&D经费支出21.6亿元。")
    documents = [report(*pair, title, n) for n, (pair, title) in enumerate(zip(
        zip(texts, ("a.txt", "b.txt"), strict=True), titles, strict=True), 1)]  # fmt: skip
    house = House(tmp_path / "d.db", audited(documents))
    assert len(house.findings) == 1
    zhang = house.browser("张三")
    for text in (
        "report",
        "REPORT a_100%",
        "r&d",
        "R&D",
        "b'\"\\X",
        "_100",
        "100%",
        "%",
        "_",
        "'",
        '"',
        "\\",
        "清河 r&d",
    ):
        assert numbers(house, zhang, q=text) == [0], text
    for text in ("a-100", "A%100", "report_a", "%%", "''"):
        assert numbers(house, zhang, q=text) == [], text


def test_an_indicator_is_found_by_whatever_it_is_called(house: House, zhang: Browser) -> None:
    gdp = [n for n, one in enumerate(house.findings) if one.metric == "地区生产总值"]
    assert gdp and numbers(house, zhang, q="gdp") == numbers(house, zhang, q="国内生产总值") == gdp


# ---- by the rest


def test_findings_are_found_by_level_rule_document_and_state(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    zhang.decide(5, "to-verify")
    assert numbers(house, zhang, level="error") == EVERY and numbers(house, zhang, level="note") == []
    assert numbers(house, zhang, rule="same-fact") == EVERY and numbers(house, zhang, rule="same") == []
    assert numbers(house, zhang, document="3") == [3, 4]
    bound = {
        n for n in EVERY if any(house.desk.material.claims[c].document == "1.txt" for c in house.findings[n].claims)
    }
    assert numbers(house, zhang, document="0") == sorted(bound)
    assert numbers(house, zhang, state="") == numbers(house, zhang, state="open") == [1, 2, 3, 4, 6]
    assert numbers(house, zhang, state="rounding") == [0] and numbers(house, zhang, state="to-verify") == [5]
    assert numbers(house, zhang, document="2", state="rounding") == [0]
    assert numbers(house, zhang, document="3", state="rounding", q="x") == []


STRANGE = ["x", "-1", "99", "1e3", "０", "1.0", "0x1", "' OR 1", "OPEN", "None", "s.open", "\x00", "長" * 500, "null"]


def test_values_that_are_none_find_nothing_and_break_nothing(house: House, zhang: Browser) -> None:
    for field in ("level", "rule", "document", "state"):
        for value in STRANGE:
            if (field, value) != ("document", "1.0"):
                assert numbers(house, zhang, **{field: value}) == [], (field, value)
    assert zhang.get("/?unknown=1&state=all&state=open&q=x&q=").rows() == zhang.get("/").rows()


def test_tabs_count_what_they_would_show(house: House, zhang: Browser) -> None:
    li = house.browser("李四")
    for number, to in enumerate(("rounding", "rounding", "to-verify", "confirmed-error", "in-progress")):
        zhang.decide(number, to)
    li.decide(1, "confirmed-error", seen=0)
    zhang.post(f"{house.path(5)}/assign", assignee="张三", seen=zhang.finding(5).value("seen"))
    for query in ({}, {"document": "2"}, {"q": "四月"}, {"level": "error", "q": "清河市"}, {"level": "note"}):
        page = zhang.get("/?" + urlencode(query))
        for state in (
            "open",
            "all",
            "mine",
            "disputed",
            "reopened",
            "unsigned",
            "rounding",
            "to-verify",
            "in-progress",
        ):
            assert page.count(state) == len(numbers(house, zhang, **query, state=state)), (query, state)
    page = zhang.get("/")
    assert {one: page.count(one) for one in ("open", "all", "mine", "disputed")} == {
        "open": 4, "all": 7, "mine": 1, "disputed": 1,
    }  # fmt: skip


# ---- pages


@pytest.fixture(scope="module")
def many() -> Material:
    """More findings than a page holds: the same reports of many towns."""
    texts = []
    for n in range(PAGE + 21):
        place = f"{chr(0x4E00 + 37 * n)}{chr(0x5200 + 53 * n)}县"
        texts += [
            (place, f"2020年，{place}粮食产量{n + 10}.2万吨。"),
            (place, f"2020年{place}粮食产量{n + 10}.9万吨。"),
        ]
    documents = [
        report(text, f"{n:03}.txt", f"报告{n}", 1 + n % 2, place=place) for n, (place, text) in enumerate(texts)
    ]
    return material(audited(documents), RULES)


def test_a_long_queue_has_pages(many: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(many.findings) == PAGE + 21
    house = House(tmp_path / "d.db", over=many)
    zhang = house.browser("张三")
    pages = [numbers(house, zhang, page=str(page)) for page in (1, 2)]
    assert [len(page) for page in pages] == [PAGE, 21] and pages[0] + pages[1] == list(range(PAGE + 21))
    for page in ("3", "99999999"):  # past the end is the end
        shown = zhang.get(f"/?state=all&page={page}")
        assert len(shown.rows()) == 21 and "第2页，共2页" in shown.text
    for page in ("0", "-1", "x", "", "1e9", "9" * 30, "１", "1;2", "\x00"):
        assert numbers(house, zhang, page=page) == pages[0], page
    first = zhang.get("/?q=%E7%B2%AE&level=error")
    assert [tag.attributes["href"] for tag in first.all("a", rel="next")] == ["/?level=error&page=2&q=%E7%B2%AE"]
    assert len(zhang.get("/document").all("th", scope="row")) == PAGE
    assert len(zhang.get("/document?page=3").all("th", scope="row")) == 2 * (PAGE + 21) - 2 * PAGE
    assert len(zhang.get("/document?page=99999999").all("th", scope="row")) == 2 * (PAGE + 21) - 2 * PAGE
    assert len(zhang.get("/document?q=%E6%8A%A5%E5%91%8A14").all("th", scope="row")) == 3  # 14, 140 and 141


# ---- a plain account of the same


class Plain:
    """What the queue should hold, without a database."""

    def __init__(self, under: Material, standings: dict[int, Standing], who: str) -> None:
        self.under, self.standings, self.who = under, standings, who
        self.words = [self._words(n) for n in range(len(under.findings))]

    def _words(self, number: int) -> str:
        finding = self.under.findings[number]
        claims = self.under.claims_of(finding)
        texts = [self.under.text(claim.document) for claim in claims]
        words = [
            *heading(self.under.groups[self.under.group_of[number]], "zh"), one_line(choose(finding.message, "zh")),
            " / ".join(map(printed, claims)), finding.fingerprint,
            *(name(text, text.path) for text in sorted(texts, key=lambda one: self.under.positions[one.path])),
            *(tidy(claim.sentence[: queue.SEARCHED]) for claim in claims[:2]),
        ]  # fmt: skip
        return " ".join(words).casefold()

    def about(self, wanted: Filter) -> list[int]:
        """The findings asked for in whatever state."""
        return [
            n
            for n, finding in enumerate(self.under.findings)
            if all(word in self.words[n] for word in wanted.text.casefold().split())
            and wanted.level in ("", finding.level)
            and wanted.rule in ("", finding.rule)
            and (
                not wanted.document
                or any(
                    str(self.under.positions[self.under.claims[c].document]) == wanted.document for c in finding.claims
                )
            )
        ]

    def fits(self, number: int, state: str) -> bool:
        found = self.standings.get(number, UNTOUCHED)
        special = {
            "open": found.open, "all": True, "disputed": found.disputed, "reopened": found.reopened,
            "unsigned": found.unsigned, "mine": bool(self.who) and found.assignee == self.who,
        }  # fmt: skip
        return special.get(state, found.state == state)


STATES = ["", "open", "all", "mine", "disputed", "reopened", "unsigned", "rounding", "to-verify", "in-progress", "none"]
FILTERS = st.builds(
    Filter,
    text=st.lists(
        st.sampled_from(["清河", "2020", "报告", "412.6", "亿元", "三月", "粮食", "%", "'", "_", "x", "同", "1"]),
        max_size=3,
    ).map(" ".join),
    level=st.sampled_from(["", "", "error", "note", "x"]),
    rule=st.sampled_from(["", "", "same-fact", "x"]),
    document=st.sampled_from(["", "", "0", "1", "2", "3", "4", "x"]),
    state=st.sampled_from(STATES),
)
STANDINGS = st.dictionaries(
    st.integers(0, 6),
    st.builds(
        Standing,
        state=st.sampled_from(["open", "rounding", "to-verify", "in-progress", "confirmed-error"]),
        open=st.booleans(), reopened=st.booleans(), disputed=st.booleans(), unsigned=st.booleans(),
        who=st.sampled_from(["", "张三", "李四"]), assignee=st.sampled_from(["", "张三", "李四"]),
    ),
)  # fmt: skip


@given(FILTERS, STANDINGS, st.sampled_from(["", "张三", "李四", "王五"]), st.integers(0, 6))
@settings(max_examples=250, deadline=None)
def test_the_queue_holds_what_a_plain_account_of_it_does(
    wanted: Filter, standings: dict[int, Standing], who: str, number: int
) -> None:
    db = FILLED
    db.execute("DELETE FROM standing")
    queue.mark(db, "", standings.items())
    queue.mark(db, "another", ((n, UNTOUCHED._replace(state="accepted", open=False)) for n in range(7)))
    plain = Plain(usual(), standings, who)
    about = plain.about(wanted)
    asked = [n for n in about if plain.fits(n, wanted.state or "open")]
    rows = queue.rows(db, "", who, wanted, 1)
    assert [row.n for row in rows] == asked
    assert [row.standing for row in rows] == [standings.get(n, UNTOUCHED) for n in asked]
    assert queue.standing(db, "", range(7)) == [standings.get(n, UNTOUCHED) for n in range(7)]
    before, after = [n for n in asked if n < number], [n for n in asked if n > number]
    assert queue.neighbours(db, "", who, wanted, number) == (max(before, default=None), min(after, default=None))
    opened = [n for n in about if plain.fits(n, wanted.state.replace("all", "") or "open") and n != number]
    following = min((n for n in opened if n > number), default=min(opened, default=None))
    assert queue.next_one(db, "", who, wanted, number) == following
    counts = queue.counts(db, "", who, wanted)
    for state in STATES[1:]:
        assert counts.get(state, 0) == sum(plain.fits(n, state) for n in about), state


FILLED = queue.fill(usual(), "zh")


@given(st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_search_at_all_is_answered(text: str) -> None:
    wanted = Filter(text=text, level=text[:1], state=text[1:3], document=text[3:4])
    rows = queue.rows(FILLED, "", text, wanted, 1)
    assert len(rows) == queue.counts(FILLED, "", text, wanted).get(wanted.state or "open", 0)
    assert queue.documents(FILLED, text, 1)[1] <= 4


def test_documents_are_found_by_title_path_and_place(house: House, zhang: Browser) -> None:
    def found(text: str) -> Sequence[str]:
        page = zhang.get("/document?" + urlencode({"q": text}))
        return [tag.text for tag in page.all("th", scope="row")]

    assert found("") == ["三月的报告", "二月的报告", "一月的报告", "四月的报告"]  # those with most findings first
    assert found("一月") == ["一月的报告"] == found("1.TXT") == found("一月 清河市")
    assert found("%") == found("'") == found("一月 二月") == []


def test_a_row_names_both_figures_as_they_are_printed(house: House, zhang: Browser) -> None:
    shown = [tag.text for tag in zhang.get("/").all("a", "row")]
    for finding, row in zip(house.findings, shown, strict=True):
        assert all(printed(claim) in row for claim in house.desk.material.claims_of(finding))
