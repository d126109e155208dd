"""What people do at the desk: verdicts, undoing, giving findings to each other; two at once, blind, and signing off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from reviewdesk import TOKEN, Browser, House, Page

from checker import decisions
from checker.decisions import Event, meant, same_person, state, verdicts
from checker.decisions.events import event
from checker.report.plain import printed
from checker.review import application
from checker.review.desk import MAX_NAME, MAX_WORDS

REASONS = {id: "见年鉴的说明" for id, verdict in verdicts().items() if verdict.reason}
ENDING = [id for id in verdicts() if id not in ("open", "in-progress")]


def holds(house: House, number: int) -> str:
    """The verdict that holds, by what is in the file."""
    return state(house.findings[number].fingerprint, house.events(number)).to


# ---- a verdict


@pytest.mark.parametrize("to", verdicts())
def test_every_verdict_is_kept_with_what_was_said(to: str, house: House, zhang: Browser) -> None:
    answer = zhang.decide(1, to, side="A", reason=REASONS.get(to, ""), note="  已问统计局\r\n二科 ")
    (kept,) = house.events()
    side = "A" if verdicts()[to].side else ""
    assert (kept.kind, kept.finding, kept.who) == ("verdict", house.findings[1].fingerprint, "张三")
    assert (kept.from_, kept.to, kept.side) == ("open", to, side)
    assert (kept.reason, kept.note) == (REASONS.get(to, ""), "已问统计局\n二科")
    assert kept.at == "2026-01-31T08:00:01Z" and kept.sight and len(kept.sight.quotes) == 2
    following = 1 if to in ("open", "in-progress") else 2
    assert answer.headers["location"] == f"{house.path(following)}?after={kept.id}"
    page = zhang.after(answer)
    assert verdicts()[to].zh in page.all("div", "told")[0].text
    assert zhang.finding(1).all("span", "state")[0].attributes["class"] == f"state {to}"


@pytest.mark.parametrize("to", REASONS)
@pytest.mark.parametrize("reason", ["", "   ", "\r\n\t"])
def test_a_verdict_that_needs_a_reason_is_not_kept_without(to: str, reason: str, house: House, zhang: Browser) -> None:
    answer = zhang.decide(0, to, reason=reason, note='问过<b> "统计局" {{7*7}}')
    page = Page(answer)
    assert page.status == 422 and house.events() == []
    assert "这个结论须写理由" in page.text
    assert [tag.text for tag in page.all("blockquote")] == ['问过<b> "统计局" {{7*7}}']


UNKEPT: dict[str, dict[str, str]] = {
    "a side that is none": {"to": "confirmed-error", "side": "C"},
    "a note too long": {"to": "rounding", "note": "长" * (MAX_WORDS + 1)},
    "a reason too long": {"to": "explained", "reason": "长" * (MAX_WORDS + 1)},
    "a name too long": {"to": "rounding", "who": "长" * (MAX_NAME + 1)},
    "a name that does not print": {"to": "rounding", "who": "张\u202e三"},
    "a name of control characters": {"to": "rounding", "who": "张\x00三"},
}


@pytest.mark.parametrize("name", UNKEPT)
def test_what_no_page_could_show_is_not_kept(name: str, house: House, zhang: Browser) -> None:
    answer = zhang.decide(0, UNKEPT[name].get("to", ""), **{k: v for k, v in UNKEPT[name].items() if k != "to"})
    assert answer.status_code == 422 and house.events() == [] and "set-cookie" not in answer.headers
    assert "没有记录" in answer.text
    assert holds(house, 0) == "open" and zhang.open() == len(house.findings)


@pytest.mark.parametrize("to", ["", "settled", "OPEN", "rounding ", "__class__"])
def test_a_verdict_that_is_none_is_told_as_missing(to: str, house: House, zhang: Browser) -> None:
    assert zhang.decide(0, to).status_code == 404 and house.events() == []


def test_a_verdict_on_a_finding_that_is_none_is_told_as_missing(house: House, zhang: Browser) -> None:
    for action in ("verdict", "assign", "undo"):
        assert zhang.post(f"/finding/{'0' * 16}/{action}", to="rounding", seen=0).status_code == 404
    assert house.events() == []


# ---- the next finding


def test_the_next_one_finding_comes_up_until_all_are_done(house: House, zhang: Browser) -> None:
    count, at, visited = len(house.findings), 3, []
    for left in range(count - 1, -1, -1):
        answer = zhang.decide(at, "rounding")
        visited.append(at)
        assert zhang.open() == left
        location = answer.headers["location"].partition("?")[0]
        if left:
            at = next(n for n in range(count) if location == house.path(n))
    assert visited == [3, 4, 5, 6, 0, 1, 2]  # after the last comes the first
    assert location == "/" and "全部发现都已复核" in zhang.after(answer).text


def test_the_filter_is_kept_from_finding_to_finding(house: House, zhang: Browser) -> None:
    query = "?level=error&rule=same-fact&state=all&q=%E6%8A%A5%E5%91%8A+2020"
    page = zhang.finding(0, query)
    form = page.all("form", "verdict")[0].attributes["action"]
    answer = zhang.post(form, to="to-verify", seen=page.value("seen"))
    location = answer.headers["location"]
    assert location == house.path(1) + query.replace("&q", f"&after={house.events()[0].id}&q")
    queue = zhang.get("/" + query)
    assert all(tag.attributes["href"].endswith(query) for tag in queue.all("a", "row"))


def test_a_finding_that_does_not_fit_the_filter_does_not_come_up(house: House, zhang: Browser) -> None:
    query, at = "?document=3", 0  # the fourth report, which two findings bind
    for leads in (house.path(3), house.path(4), "/"):
        answer = zhang.decide(at, "rounding", query)
        assert answer.headers["location"].startswith(leads + query + "&after=")
        at += 3 if at == 0 else 1


# ---- taking back


def undone(house: House, number: int) -> frozenset[str]:
    return state(house.findings[number].fingerprint, house.events(number)).undone


def test_undo_takes_back_what_was_done_last_wherever_that_was(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    zhang.decide(4, "explained", reason="口径")
    zhang.decide(4, "to-verify")
    for number, left in ((4, "explained"), (4, "open"), (0, "open")):
        answer = zhang.undo(2)  # from wherever one is
        assert answer.headers["location"].startswith(house.path(number)) and holds(house, number) == left
        assert "撤销" in zhang.after(answer).all("div", "told")[0].text
    assert zhang.undo(2).headers["location"] == house.path(2) and len(house.events()) == 6  # nothing is left


def test_undo_passes_over_what_the_history_has_taken_back(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    zhang.decide(1, "rounding")
    zhang.undo(1, house.events(1)[0].id)
    assert zhang.undo(3).headers["location"].startswith(house.path(0))
    assert [holds(house, 0), holds(house, 1)] == ["open", "open"]
    assert zhang.undo(3).headers["location"] == house.path(3) and len(house.events()) == 4


def test_an_undo_can_be_taken_back_and_then_the_verdict_again(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    zhang.undo(0)
    back = next(one for one in house.events(0) if one.kind == "undo")
    assert holds(house, 0) == "open"
    answer = zhang.undo(0, back.id)
    assert answer.status_code == 303 and holds(house, 0) == "rounding"
    assert "恢复“四舍五入”" in zhang.after(answer).text
    assert zhang.undo(0).status_code == 303 and holds(house, 0) == "open"


def test_an_event_is_taken_back_once(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    (kept,) = house.events(0)
    assert zhang.undo(0, kept.id).status_code == 303
    for id in (kept.id, "0" * 32, "x", "\x00"):
        assert zhang.undo(0, id).status_code == 422
    assert zhang.undo(1, kept.id).status_code == 422  # it is about another finding
    assert len(house.events()) == 2


def test_undo_of_the_whole_fact_takes_all_of_it_back_at_once(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding", whole=1)
    assert [holds(house, n) for n in range(4)] == ["rounding"] * 3 + ["open"]
    zhang.undo(1, house.events(1)[0].id)
    zhang.undo(5)
    assert [holds(house, n) for n in range(4)] == ["open"] * 4
    assert [len(house.events(n)) for n in range(4)] == [2, 2, 2, 0]


def test_a_desk_that_was_opened_again_undoes_what_is_at_the_finding(tmp_path: Path) -> None:
    first = House(tmp_path / "d.db")
    first.browser("Zhang San").decide(0, "rounding")
    again = House(tmp_path / "d.db")
    again.browser("李四").undo(0)
    again.browser("zhang  SAN").undo(1)
    assert len(again.events()) == 1
    assert again.browser("ｚhang SAN").undo(0).status_code == 303 and holds(again, 0) == "open"


def test_the_history_tells_the_last_first(house: House, zhang: Browser) -> None:
    zhang.decide(0, "to-verify", note="待查")
    zhang.decide(0, "rounding")
    zhang.undo(0)
    house.browser("李四").decide(0, "explained", reason="口径不同", note="见脚注")
    page = zhang.finding(0)
    entries = [tag.text for tag in page.all("b") if tag.text in WORDS or tag.text.startswith("撤销")]
    assert entries == ["口径或修订可解释", "撤销“四舍五入”", "四舍五入", "存疑待核"]
    assert [tag.text for tag in page.all("p", "why")] == ["口径不同；见脚注", "待查"]
    mine = [tag.attributes["value"] for tag in page.all("input", name="event")]
    by_id = {one.id: one for one in house.events(0)}
    assert {by_id[id].who for id in mine} == {"张三"} and len(mine) == 2  # the undo, and what stands


WORDS = {verdict.zh for verdict in verdicts().values()}


# ---- the whole fact


def test_a_verdict_for_the_whole_fact_is_given_to_what_is_open(house: House, zhang: Browser) -> None:
    assert house.desk.material.members[0] == (0, 1, 2)
    zhang.decide(1, "extraction-error")
    assert len(zhang.finding(0).all("input", name="whole")) == 1
    answer = zhang.decide(0, "confirmed-error", side="B", note="全部", whole=1)
    assert [holds(house, n) for n in range(4)] == ["confirmed-error", "extraction-error", "confirmed-error", "open"]
    assert [(one.side, one.note) for n in (0, 2) for one in house.events(n)] == [("B", "全部"), ("", "全部")]
    assert answer.headers["location"].startswith(house.path(3))
    assert not zhang.finding(0).all("input", name="whole")
    # To what is decided already it is given where one stands, not to the others.
    zhang.decide(0, "rounding", whole=1)
    assert [holds(house, n) for n in range(3)] == ["rounding", "extraction-error", "confirmed-error"]


def test_a_verdict_for_the_whole_fact_is_kept_whole_or_not_at_all(house: House, zhang: Browser) -> None:
    assert zhang.decide(0, "accepted", whole=1).status_code == 422
    assert house.events() == []


# ---- giving findings to people


def test_a_finding_is_given_and_withdrawn(house: House, zhang: Browser) -> None:
    seen = zhang.finding(0).value("seen")
    answer = zhang.post(f"{house.path(0)}/assign", assignee=" 李四 ", seen=seen, note="请问统计局")
    page = zhang.after(answer)
    assert page.value("assignee") == "李四" and "分派给李四" in page.text and "请问统计局" in page.text
    assert {tag.attributes["value"] for tag in page.all("option")} == {"张三", "李四"}
    li = house.browser("李四")
    assert li.get("/").count("mine") == 1 and zhang.get("/").count("mine") == 0
    assert li.get("/?state=mine").rows() == [house.findings[0].fingerprint]
    assert zhang.get("/?state=mine").rows() == []
    zhang.post(f"{house.path(0)}/assign", assignee="", seen=zhang.finding(0).value("seen"))
    assert li.get("/?state=mine").rows() == [] and "取消分派" in zhang.finding(0).text
    assert [(one.from_, one.to) for one in house.events()] == [("", "李四"), ("李四", "")]
    zhang.undo(3)
    assert li.get("/?state=mine").rows() == [house.findings[0].fingerprint]


@pytest.mark.parametrize("name", ["ＬＩ Si", "li si", "LI  SI", "Li　Si"])
def test_mine_is_mine_however_my_name_is_written(name: str, house: House, zhang: Browser) -> None:
    zhang.post(f"{house.path(2)}/assign", assignee="Li Si", seen=0)
    assert house.browser(name).get("/?state=mine").rows() == [house.findings[2].fingerprint]


def test_nobody_has_no_findings(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    page = house.browser().get("/?state=mine")
    assert page.rows() == [] and page.count("mine") == 0


@pytest.mark.parametrize("to", ["长" * (MAX_NAME + 1), "李\u202e四", "李\x00四", "李\u200b四"])
def test_a_finding_is_not_given_to_what_is_no_name(to: str, house: House, zhang: Browser) -> None:
    assert zhang.post(f"{house.path(0)}/assign", assignee=to, seen=0).status_code == 422
    assert house.events() == []


# ---- who sits there


def test_whoever_has_no_name_is_asked_for_it_once(house: House) -> None:
    guest = house.browser()
    page = guest.finding(0)
    assert [tag.attributes.get("value", "") for tag in page.all("input", name="who")] == ["", ""]
    for answer in (guest.decide(0, "rounding"), guest.undo(0), guest.post(f"{house.path(0)}/assign", assignee="李四")):
        assert answer.status_code == 422 and "请填写复核人姓名" in answer.text
    assert house.events() == []
    answer = guest.decide(0, "rounding", who=" 王　五 ")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    page = guest.after(answer)
    assert "王 五" in page.text and len(page.all("input", name="who")) == 1
    guest.decide(1, "rounding")
    assert [one.who for one in house.events()] == ["王 五", "王 五"]


def test_another_person_takes_the_seat(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    answer = zhang.post("/reviewer", who="李四", back="/document?page=1")
    assert answer.headers["location"] == "/document?page=1"
    zhang.decide(1, "rounding")
    assert [house.events(n)[0].who for n in (0, 1)] == ["张三", "李四"]
    assert zhang.undo(0).headers["location"].startswith(house.path(1))  # what was done last by whom sits there


@pytest.mark.parametrize("who", ["", "  ", "长" * (MAX_NAME + 1), "张\x1b[31m三", "张\u2066三"])
def test_what_is_no_name_takes_no_seat(who: str, house: House, zhang: Browser) -> None:
    answer = zhang.post("/reviewer", who=who)
    assert answer.status_code == 422 and "set-cookie" not in answer.headers
    assert "张三" in zhang.get("/").text


def test_the_desk_is_opened_as_somebody(tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", as_="王五")
    guest = house.browser()
    guest.decide(0, "rounding")
    guest.post("/reviewer", who="李四")
    guest.decide(1, "rounding")
    assert [house.events(n)[0].who for n in (0, 1)] == ["王五", "李四"]
    # The cookie of a desk that was opened as another is not looked at.
    other = House(tmp_path / "d.db", as_="赵六")
    again = other.browser()
    again.client.cookies = guest.client.cookies
    again.decide(2, "rounding")
    assert other.events(2)[0].who == "赵六"


# ---- two at once


def test_two_answers_to_the_same_page_are_both_kept_and_told(house: House, zhang: Browser) -> None:
    li = house.browser("李四")
    seen = int(zhang.finding(0).value("seen"))
    assert int(li.finding(0).value("seen")) == seen
    assert not zhang.after(zhang.decide(0, "rounding", seen=seen)).all("p", "others")
    page = li.after(li.decide(0, "confirmed-error", side="B", seen=seen))
    (others,) = page.all("p", "others")
    assert "张三：四舍五入" in others.text and "都已记录" in others.text
    for browser in (zhang, li):
        shown = browser.finding(0)
        notice = shown.all("div", "notice")[0].text
        assert "意见不一" in notice and "张三：四舍五入" in notice and "李四：确认差错" in notice
        queue = browser.get("/?state=disputed")
        assert queue.rows() == [house.findings[0].fingerprint] and queue.states() == ["disputed"]
        assert queue.count("disputed") == 1 and queue.count("open") == len(house.findings)
    # A verdict in the knowledge of both settles it.
    li.decide(0, "rounding")
    assert zhang.get("/").count("disputed") == 0 and not zhang.finding(0).all("div", "notice")
    assert [one.to for one in house.events(0)] == ["rounding", "confirmed-error", "rounding"]


def test_an_answer_in_the_knowledge_of_another_is_no_dispute(house: House, zhang: Browser) -> None:
    li = house.browser("李四")
    zhang.decide(0, "rounding")
    page = li.after(li.decide(0, "confirmed-error"))
    assert not page.all("p", "others") and li.get("/").count("disputed") == 0
    assert holds(house, 0) == "confirmed-error"


def test_the_same_answer_of_two_is_a_sign_off(house: House, zhang: Browser) -> None:
    li = house.browser("李四")
    zhang.decide(0, "confirmed-error", side="A", seen=0)
    assert zhang.get("/").count("unsigned") == 0  # nobody has asked for a second
    li.decide(0, "confirmed-error", side="A", seen=0)
    assert zhang.get("/").count("disputed") == 0
    assert state(house.findings[0].fingerprint, house.events(0)).signed
    # The same person in other letters is no second person.
    zhang.decide(1, "confirmed-error", seen=0, who="Zhao")
    zhang.decide(1, "confirmed-error", seen=0, who="ＺＨＡＯ")
    assert same_person("Zhao", "ＺＨＡＯ")
    assert not state(house.findings[1].fingerprint, house.events(1)).signed


def test_twenty_answers_at_once_are_all_kept(house: House) -> None:
    pairs = [(house.browser(who), number) for who in ("张三", "李四") for number in (0, 1)]
    work = [(*pair, note) for pair in pairs for note in range(5)]

    def send(one: tuple[Browser, int, int]) -> int:
        browser, number, note = one
        return browser.decide(number, "rounding", seen=0, note=f"第{note}次").status_code

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(send, work)) == [303] * 20
    kept = {(one.who, one.finding, one.note) for one in house.events()}
    assert kept == {
        (who, house.findings[number].fingerprint, f"第{note}次")
        for who in ("张三", "李四") for number in (0, 1) for note in range(5)
    }  # fmt: skip
    assert decisions.verify(house.file) == []
    assert house.browser("张三").get("/").count("open") == len(house.findings) - 2


def elsewhere(house: House, tmp_path: Path, work: Callable[[Browser], Any]) -> list[Event]:
    """What somebody did at another desk over the same documents, with a file of its own."""
    other = House(tmp_path / "other.db")
    work(other.browser("李四"))
    return other.events()


def test_what_another_process_keeps_is_there_at_the_next_request(house: House, zhang: Browser, tmp_path: Path) -> None:
    seen = int(zhang.finding(0).value("seen"))
    made = elsewhere(house, tmp_path, lambda li: (li.decide(0, "rounding"), li.decide(3, "to-verify")))
    assert decisions.merge(house.file, made) == 2
    # Zhang has loaded the page before, so the two have not seen each other's answers.
    page = zhang.after(zhang.decide(0, "explained", seen=seen, reason="口径"))
    assert "李四：四舍五入" in page.all("p", "others")[0].text
    assert zhang.get("/").count("disputed") == 1 and zhang.get("/").count("to-verify") == 1
    assert int(zhang.finding(0).value("seen")) == 3
    # A page loaded now tells of both, and whoever answers it has seen them.
    zhang.decide(0, "explained", reason="口径")
    assert zhang.get("/").count("disputed") == 0


def test_events_about_findings_that_are_not_here_do_no_harm(house: House, zhang: Browser, tmp_path: Path) -> None:
    (made,) = elsewhere(house, tmp_path, lambda li: li.decide(0, "rounding"))
    strange = event("verdict", "f" * 16, "李四", made.at, "open", "rounding", sight=made.sight)
    decisions.merge(house.file, [strange])
    assert zhang.open() == len(house.findings)
    assert zhang.finding(0, f"?after={strange.id}").status == 200
    zhang.decide(0, "rounding")
    assert house.desk.event.keys() == {one.id for one in house.events()}


# ---- blind


@pytest.fixture
def dark(tmp_path: Path) -> House:
    return House(tmp_path / "d.db", blind=True)


def shown(browser: Browser, house: House) -> dict[str, str]:
    """All pages on which an answer could be seen, without what differs for each browser."""
    first = house.findings[0]
    fact = house.desk.material.fact_of[first.claims[0]].id
    states = ["open", "all", "disputed", "reopened", "unsigned", *verdicts()]
    addresses = [
        house.path(0), house.path(1), f"/fact/{fact}", "/document/0", "/document/1", "/document/2",
        *(f"/?state={one}" for one in states), "/?state=all&q=0",
    ]  # fmt: skip
    return {address: _plain(browser.get(address)) for address in addresses}


def _plain(page: Page) -> str:
    seen = page.all("input", name="seen")
    text = page.html
    for tag in seen:
        text = text.replace(f'name="seen" value="{tag.attributes["value"]}"', "")
    at, to = text.find("<datalist"), text.find("</datalist>")  # people who take part may be given findings
    return text[:at] + text[to:] if at >= 0 else text


@pytest.mark.parametrize("to", ["confirmed-error", "explained", "to-verify"])
def test_an_answer_is_hidden_until_one_has_answered(to: str, dark: House) -> None:
    zhang, li = dark.browser("张三"), dark.browser("李四")
    before = shown(li, dark)
    zhang.decide(0, to, reason=REASONS.get(to, "") or "隐藏的理由", note="隐藏的备注", whole=1)
    assert shown(li, dark) == before  # nothing at all has changed for the other
    assert shown(zhang, dark) != before and holds(dark, 0) == to
    assert li.client.get("/figures").status_code == 404 and "/figures" not in li.get("/").html
    # Nor can it be got at by its id.
    (kept, *_) = dark.events(0)
    assert "隐藏" not in li.finding(0, f"?after={kept.id}").html
    assert li.undo(0, kept.id).status_code == 422
    li.undo(0)
    assert holds(dark, 0) == to


def test_both_see_both_once_both_have_answered(dark: House) -> None:
    zhang, li = dark.browser("张三"), dark.browser("李四")
    zhang.decide(0, "rounding")
    zhang.finding(0)
    page = li.after(li.decide(0, "explained", reason="口径不同"))
    assert "张三：四舍五入" in page.all("p", "others")[0].text
    for browser in (zhang, li):
        notice = browser.finding(0).all("div", "notice")[0].text
        assert "张三：四舍五入" in notice and "李四：口径或修订可解释" in notice
        assert browser.get("/?state=disputed").rows() == [dark.findings[0].fingerprint]
    # A third, who has not answered, sees neither.
    wang = dark.browser("王五")
    assert wang.get("/").count("disputed") == 0 and "四舍五入" not in wang.finding(0).all("section", "history")[0].text
    wang.decide(0, "to-verify")
    assert wang.get("/").count("disputed") == 0  # which is no answer
    wang.decide(0, "rounding")
    assert wang.get("/").count("disputed") == 1


def test_the_same_person_in_other_letters_sees_no_more(dark: House) -> None:
    dark.browser("Zhang").decide(0, "rounding")
    dark.browser("ＺＨＡＮＧ").decide(0, "explained", reason="口径")
    assert dark.browser("李四").open() == len(dark.findings)
    assert dark.browser("zhang").open() == len(dark.findings) - 1


def test_a_blind_answer_that_agrees_is_a_sign_off(dark: House) -> None:
    zhang, li = dark.browser("张三"), dark.browser("李四")
    zhang.decide(0, "confirmed-error", side="A")
    assert not state(dark.findings[0].fingerprint, dark.events(0)).signed
    li.decide(0, "confirmed-error", side="A")
    assert state(dark.findings[0].fingerprint, dark.events(0)).signed


# ---- signing off


def test_a_confirmed_error_stays_open_for_others_until_one_of_them_has_confirmed_it(tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", sign_off=True)
    zhang, li, wang = (house.browser(who) for who in ("张三", "李四", "王五"))
    total = len(house.findings)
    zhang.decide(0, "confirmed-error", side="A")
    assert [one.open() for one in (zhang, li, wang)] == [total - 1, total, total]
    assert "待第二人确认" in li.finding(0).text and "待第二人确认" not in zhang.finding(0).all("article")[0].text
    assert house.browser("ｚ").open() == total and house.browser().open() == total
    zhang.decide(0, "confirmed-error", side="A")  # twice by one is not by two
    assert li.open() == total
    answer = li.decide(2, "rounding")
    assert answer.headers["location"].startswith(house.path(3))
    li.decide(0, "confirmed-error", side="A")
    assert [one.open() for one in (zhang, li, wang)] == [total - 2] * 3
    zhang.undo(0)
    assert [one.open() for one in (zhang, li, wang)] == [total - 2] * 3  # what Zhang said first still holds
    zhang.undo(0)
    assert [one.open() for one in (zhang, li, wang)] == [total - 1, total - 2, total - 1]  # now Li has said it alone


def test_other_verdicts_need_no_second_person(tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", sign_off=True)
    zhang, li = house.browser("张三"), house.browser("李四")
    for to in ENDING:
        if to != "confirmed-error":
            zhang.decide(0, to, reason=REASONS.get(to, ""))
            assert zhang.open() == li.open() == len(house.findings) - 1


# ---- whose, and about what


def test_a_form_of_a_page_that_showed_somebody_else_does_nothing(house: House, zhang: Browser) -> None:
    page = zhang.finding(0)
    assert {tag.attributes["value"] for tag in page.all("input", name="seat")} == {"张三"}
    zhang.post("/reviewer", who="李四")  # in another tab
    for answer in (
        zhang.decide(0, "rounding", seat="张三"),
        zhang.post(f"{house.path(0)}/assign", assignee="王五", seat="张三"),
    ):
        assert answer.status_code == 422 and "本页打开时的复核人是另一位" in answer.text
    assert house.events() == []
    zhang.decide(0, "rounding", seat="李四")
    assert [one.who for one in house.events()] == ["李四"]


def test_whoever_starts_the_desk_sits_there_whoever_did_before(tmp_path: Path) -> None:
    first = House(tmp_path / "d.db", as_="张三").browser("李四")
    again = House(tmp_path / "d.db", as_="张三")
    again.app = application(again.desk, "127.0.0.1", "another" + TOKEN, "", "张三")
    browser = again.browser()
    browser.client.cookies.update(dict(first.client.cookies))
    assert browser.finding(0).value("seat") == "张三"


def test_nobody_takes_back_what_somebody_else_did(house: House, zhang: Browser) -> None:
    zhang.decide(0, "rounding")
    (kept,) = house.events()
    assert house.browser("李四").undo(0, kept.id).status_code == 422 and len(house.events()) == 1


def test_undo_beside_what_was_done_takes_back_just_that(house: House, zhang: Browser) -> None:
    page = zhang.after(zhang.decide(0, "rounding", whole=1))
    assert "共3条" in page.all("div", "told")[0].text
    zhang.decide(5, "rounding")
    zhang.post(f"{house.path(0)}/undo", step=page.value("step"))  # of the page that came up first
    assert [holds(house, n) for n in (0, 1, 2, 5)] == ["open", "open", "open", "rounding"]


def test_the_side_of_a_whole_fact_is_the_same_figure_in_all_its_findings(house: House, zhang: Browser) -> None:
    zhang.decide(0, "confirmed-error", side="B", whole=1)
    (figure,) = {meant(one) for one in house.events(0)}
    for number in (1, 2):
        ((kept,), claims) = house.events(number), house.desk.material.claims_of(house.findings[number])
        sides = [printed(claim) for claim in claims]
        assert kept.side == ("AB"[sides.index(figure)] if figure in sides else "")


def test_a_form_that_is_sent_twice_is_kept_once(house: House, zhang: Browser) -> None:
    """By a double click without scripts, or a page that is sent again."""
    seen = int(zhang.finding(0).value("seen"))
    first, second = (zhang.decide(0, "rounding", seen=seen, note="问过") for _ in range(2))
    assert first.headers["location"] == second.headers["location"] and len(house.events()) == 1
    zhang.decide(0, "rounding", seen=seen, note="又问过")
    zhang.decide(0, "rounding", note="又问过")  # of the page as it is now
    assert len(house.events()) == 3


def test_an_answer_of_another_is_not_chosen_beforehand(house: House, zhang: Browser) -> None:
    zhang.decide(0, "confirmed-error", side="B")
    mine, other = zhang.finding(0), house.browser("李四").finding(0)
    assert [tag.attributes["value"] for tag in mine.all("input", name="side") if "checked" in tag.attributes] == ["B"]
    assert [tag.attributes["value"] for tag in mine.tags if "aria-pressed" in tag.attributes] == ["confirmed-error"]
    assert not [tag for tag in other.tags if "aria-pressed" in tag.attributes or "checked" in tag.attributes]


def test_to_give_a_finding_to_whom_it_is_given_is_nothing(house: House, zhang: Browser) -> None:
    for to in ("", "李四", "李四", "", ""):
        assert (
            zhang.post(f"{house.path(0)}/assign", assignee=to, seen=zhang.finding(0).value("seen")).status_code == 303
        )
    assert [one.to for one in house.events()] == ["李四", ""]


def test_after_a_verdict_the_next_of_those_asked_for_comes_up(house: House, zhang: Browser) -> None:
    for number in (1, 4):
        zhang.post(f"{house.path(number)}/assign", assignee="张三")
    answer = zhang.decide(1, "rounding", "?state=mine")
    assert answer.headers["location"].startswith(house.path(4) + "?state=mine")
    zhang.decide(2, "to-verify")
    answer = zhang.decide(2, "rounding", "?state=to-verify")
    assert answer.headers["location"].startswith("/?state=to-verify")
    assert "没有符合条件的发现" in zhang.after(answer).text


def test_the_source_text_leads_back_with_what_was_asked_for(house: House, zhang: Browser) -> None:
    page = zhang.finding(0, "?rule=same-fact")
    source = next(tag for tag in page.all("a") if tag.attributes.get("data-key") == "KeyO").attributes["href"]
    text = zhang.get(zhang.client.get(source).headers["location"])
    back = next(tag for tag in text.all("a") if tag.attributes.get("data-key") == "KeyO").attributes["href"]
    assert back == house.path(0) + "?rule=same-fact"


def test_what_people_may_see_is_kept_for_so_many_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.review.desk.VIEWERS", 3)
    house = House(tmp_path / "d.db", blind=True)
    people = [house.browser(f"第{n}人") for n in range(6)]
    people[0].decide(0, "rounding")
    for _ in range(2):
        opened = [one.open() for one in people]
        assert opened == [len(house.findings) - 1, *[len(house.findings)] * 5]
    (kept,) = house.desk.queue.execute("SELECT count(DISTINCT viewer) FROM standing").fetchone()
    assert kept <= 3
