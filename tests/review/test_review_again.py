"""A desk opened anew over documents that have changed: what was decided opens again where it should, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from reviewdesk import House, audited, report

from checker.model import Audit

A = "2020年，清河市完成地区生产总值412.6亿元，引进企业35家。"
B = "今年以来，全市上下稳中求进。\n2020年清河市地区生产总值达到421.6亿元，再上台阶。"


def both(a: str = A, b: str = B, names: tuple[str, str] = ("a.txt", "b.txt")) -> Audit:
    return audited([report(a, names[0], "一月的报告"), report(b, names[1], "二月的报告", 2)])


# What became of the documents, and what a page says has changed; empty where the finding is as it was.
CHANGED: dict[str, tuple[Audit, tuple[str, ...]]] = {
    "nothing": (both(), ()),
    "another figure": (both(b=B.replace("421.6", "422.6")), ("figure",)),
    "a figure mended by half": (both(A.replace("412.6", "412.7")), ("figure",)),
    "another sentence": (both(A.replace("引进企业35家", "引进企业36家")), ("passage",)),
    "lines moved down": (both("\n\n" + A, "\n" * 40 + B), ()),
    "more said before": (both("全市经济运行平稳。\n" + A), ()),
    "more said after": (both(A + "\n全市经济运行平稳。"), ()),
    "a line broken in the sentence": (both(A.replace("，引进", "，\n引进")), ()),
    "files renamed": (both(names=("z.txt", "y.txt")), ()),
    "files moved": (both(names=("往年/a.txt", "往年/b.txt")), ()),
}


@pytest.mark.parametrize("name", CHANGED)
@pytest.mark.parametrize("to", ["confirmed-error", "explained", "to-verify"])
def test_a_finding_opens_again_where_what_was_seen_has_changed(name: str, to: str, tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", USUAL)
    house.browser("张三").decide(0, to, reason="见年鉴")
    audit, changes = CHANGED[name]
    again = House(tmp_path / "d.db", audit)
    assert [one.fingerprint for one in again.findings] == [one.fingerprint for one in house.findings]
    zhang = again.browser("张三")
    page, queue = zhang.finding(0), zhang.get("/?state=all")
    if changes:
        (notice,) = page.all("p", "notice")
        was = " 当时为412.6亿元 / 421.6亿元。" if "figure" in changes else ""
        assert notice.text == f"重新待复核：{'；'.join(WORDS[one] for one in changes)}。{was}"
        assert queue.states() == ["reopened"] and queue.count("reopened") == queue.count("open") == 1
        zhang.decide(0, to, reason="见年鉴")  # it is looked at again, and settled
        assert zhang.open() == 0 and not zhang.finding(0).all("p", "notice")
    else:
        assert not page.all("p", "notice") and queue.states() == [to]
        assert queue.count("open") == queue.count("reopened") == 0


USUAL = both()
WORDS = {"figure": "数字有变", "passage": "原句有变"}


@pytest.mark.parametrize("to", ["open", "in-progress"])
def test_what_was_never_settled_does_not_open_again(to: str, tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", USUAL)
    house.browser("张三").decide(0, to)
    again = House(tmp_path / "d.db", CHANGED["another figure"][0])
    page = again.browser("张三").get("/?state=all")
    assert page.states() == [to] and page.count("reopened") == 0 and page.count("open") == 1


def test_what_was_undone_does_not_open_again(tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", USUAL)
    zhang = house.browser("张三")
    zhang.decide(0, "rounding")
    zhang.undo(0)
    again = House(tmp_path / "d.db", CHANGED["another figure"][0]).browser("张三")
    assert again.get("/").count("reopened") == 0 and again.open() == 1


def test_a_finding_that_is_gone_leaves_its_decisions(tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", USUAL)
    house.browser("张三").decide(0, "rounding")
    address = house.path(0)
    mended = House(tmp_path / "d.db", both(b=B.replace("421.6", "412.6")))
    assert mended.findings == () and len(mended.events()) == 1
    zhang = mended.browser("张三")
    assert zhang.open() == 0 and zhang.get(address, 404).status == 404
    assert zhang.get(f"/?after={mended.events()[0].id}").all("div", "told") == []
    back = House(tmp_path / "d.db", USUAL).browser("张三")
    assert back.open() == 0 and back.get("/").count("rounding") == 1


def test_opening_the_desk_again_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", USUAL)
    house.browser("张三").decide(0, "confirmed-error", side="B", note="见原件")
    house.browser("李四").decide(0, "rounding", seen=0)
    before = (tmp_path / "d.db").read_bytes()
    again = House(tmp_path / "d.db", USUAL)
    shown = [one.browser("张三").finding(0).html for one in (house, again)]
    assert shown[0] == shown[1] and (tmp_path / "d.db").read_bytes() == before
