"""The desk in a real browser: the whole way by keys, with an input method, with the mouse, by two people at once."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_fixtures import (
    FINDINGS,
    LOG,
    REPORTS,
    Desk,
    Start,
    Visit,
    browser,
    looked_at,
    needs_browser,
    path_of,
    press,
    reports,
    seeds,
    settled,
    start,
    visit,
    write_reports,
)
from playwright.sync_api import Browser, CDPSession, Page, expect

__all__ = ["browser", "looked_at", "reports", "seeds", "start", "visit"]
pytestmark = needs_browser
Run = Callable[..., Any]

ALT, CTRL, META, SHIFT = 1, 2, 4, 8
DONE = re.compile("after=")


def decide(page: Page, key: str) -> None:
    """A verdict by its key, and the page that comes then."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before and bool(DONE.search(url)))


# The whole way ----------------------------------------------------------------------------------------------------


def test_a_reviewer_settles_findings_by_keys_and_later_runs_respect_it(
    start: Start, visit: Visit, process: Run, tmp_path: Path
) -> None:
    desk = start("seeds/")
    page = visit(desk)
    expect(page.locator("a.row")).to_have_count(11)
    paths = desk.findings()[:3]

    # The queue: down, down, up, and in.
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("a.row").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**" + paths[0])

    # The first verdict asks for a name, and is then given by Enter.
    page.keyboard.press("b")
    page.keyboard.press("1")
    expect(page.locator("input[name=who]:visible").last).to_be_focused()
    page.keyboard.type("李四")
    page.keyboard.press("Enter")
    page.wait_for_url(DONE)
    assert path_of(page) == paths[1]
    assert desk.kept() == [("李四", "verdict", "confirmed-error", "B")]
    expect(page.get_by_role("status")).to_contain_text("确认差错")
    expect(page.locator(".verdict input[name=who]")).to_have_count(0)

    # One that needs a reason waits for it.
    page.keyboard.press("n")
    page.keyboard.type("已电话核对")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator("textarea[name=reason]")).to_be_focused()
    page.keyboard.press("Enter")
    assert settled(page)[0] == []
    page.keyboard.type("统计范围不同")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + paths[2] + "**")
    assert desk.kept()[1:] == [("李四", "verdict", "explained", "")]
    assert (desk.events()[1].reason, desk.events()[1].note) == ("统计范围不同", "已电话核对")

    # The third is rounding, no: undone; then accepted.
    decide(page, "3")
    page.keyboard.press("u")
    page.wait_for_url("**" + paths[2] + "**")
    assert [kind for _, kind, *_ in desk.kept()] == ["verdict", "verdict", "verdict", "undo"]
    expect(page.get_by_role("status")).to_contain_text("撤销")
    page.keyboard.press("7")
    page.keyboard.type("已付印")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/finding/(?!" + paths[2].rsplit("/", 1)[1] + ")"))

    # All of that is in the exports.
    table = process("decisions", "export", desk.file, "--lang", "zh").stdout.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))[1:]
    assert len(rows) == 5 and all("李四" in row for row in rows)
    lines = process("decisions", "export", desk.file, "--format", "jsonl").stdout.decode().splitlines()
    said = [event for event in map(json.loads, lines) if "finding" in event]
    # What was kept within one second has no order in an export.
    assert sorted((event["kind"], event["to"]) for event in said) == [
        ("undo", "open"), ("verdict", "accepted"), ("verdict", "confirmed-error"), ("verdict", "explained"),
        ("verdict", "rounding"),
    ]  # fmt: skip

    # A run shows what was settled as settled, and so does the desk when it is opened again.
    audited = process("audit", "seeds/", "--decisions", desk.file, "--format", "json", "--lang", "zh")
    suppressed = {one["fingerprint"] for one in json.loads(audited.stdout)["findings"] if one["suppression"]}
    assert suppressed == {path.rsplit("/", 1)[1] for path in paths[1:]}
    desk.close()
    again = start("seeds/", "--as", "李四")
    page = visit(again)
    expect(page.locator("a.row")).to_have_count(8)
    expect(page.locator(".tabs")).to_contain_text("接受不改 1")
    page.goto(again.address + paths[2])
    expect(page.locator(".finding .state").first).to_contain_text("接受不改")
    expect(page.locator("button[aria-pressed=true]")).to_contain_text("接受不改")


def test_a_document_that_has_changed_opens_its_findings_again_and_the_page_says_why(
    start: Start, visit: Visit, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    write_reports(folder)
    desk = start(folder, "--as", "张三")
    page = visit(desk, "/?q=35家")
    page.locator("a.row").filter(has_text="53家").click()
    page.wait_for_url(re.compile("/finding/"))
    expect(page.locator(".value strong")).to_have_text(["35家", "53家"])
    decide(page, "3")
    desk.close()
    (folder / "b.txt").write_text(REPORTS["b.txt"].replace("53家", "63家"), encoding="utf-8")
    desk = start(folder, "--as", "张三")
    page = visit(desk, "/?state=reopened")
    expect(page.locator("a.row")).to_have_count(1)
    page.locator("a.row").click()
    expect(page.locator(".notice")).to_contain_text("重新待复核")
    expect(page.locator(".notice")).to_contain_text("数字")
    expect(page.locator(".value strong")).to_have_text(["35家", "63家"])
    expect(page.locator(".history")).to_contain_text("四舍五入")


def test_a_verdict_for_the_whole_fact_settles_all_its_findings(start: Start, visit: Visit, reports: Path) -> None:
    desk = start(reports, "--as", "张三")
    paths = desk.findings()
    assert len(paths) == FINDINGS
    page = visit(desk, paths[0])
    page.keyboard.press("g")
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("g")
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.keyboard.press("g")
    decide(page, "5")
    assert path_of(page) == paths[3]
    assert desk.kept() == [("张三", "verdict", "alignment-error", "")] * 3
    page.keyboard.press("u")
    page.wait_for_url("**" + paths[0] + "**")
    assert len(desk.events()) == 6
    expect(page.locator(".left")).to_contain_text(f"待复核{FINDINGS}条")


def test_two_people_who_answer_at_once_are_told_of_each_other(start: Start, visit: Visit, reports: Path) -> None:
    desk = start(reports)
    path = desk.findings()[0]
    first, second = visit(desk, path), visit(desk, path)
    for page, name, key in ((first, "张三", "1"), (second, "李四", "4")):
        page.keyboard.press(key)
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        page.wait_for_url(DONE)
    expect(first.locator(".others")).to_have_count(0)
    expect(second.get_by_role("status")).to_contain_text("张三：确认差错")
    assert {who for who, *_ in desk.kept()} == {"张三", "李四"}
    first.goto(desk.address + path)
    expect(first.locator(".notice li")).to_have_count(2)
    expect(first.locator(".notice")).to_contain_text("张三：确认差错")
    expect(first.locator(".notice")).to_contain_text("李四：抽取错误")
    decide(first, "4")
    first.goto(desk.address + path)
    expect(first.locator(".notice")).to_have_count(0)


def test_without_scripts_a_verdict_is_given_with_the_mouse(start: Start, visit: Visit, reports: Path) -> None:
    desk = start(reports)
    page = visit(desk, java_script_enabled=False)
    page.locator("a.row").first.click()
    page.locator(".verdict input[name=who]").fill("王五")
    page.locator(".verdict input[name=who]").press("Enter")
    page.get_by_text("双方", exact=True).click()
    page.locator("textarea[name=reason]").fill("单位不同")
    page.get_by_role("button", name="口径或修订可解释").click()
    expect(page.get_by_role("status")).to_contain_text("口径或修订可解释")
    assert desk.kept() == [("王五", "verdict", "explained", "")]
    page.get_by_role("button", name="接受不改").click()
    expect(page.get_by_role("alert")).to_contain_text("没有记录")
    assert len(desk.events()) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_and_the_way_back_give_one_verdict(
    start: Start, visit: Visit, reports: Path, scripts: bool
) -> None:
    desk = start(reports, "--as", "张三")
    page = visit(desk, java_script_enabled=scripts)
    page.locator("a.row").first.click()
    path = path_of(page)
    if scripts:
        page.get_by_role("button", name="四舍五入").dblclick()
    else:
        page.get_by_role("button", name="四舍五入").click()
    page.wait_for_url(DONE)
    assert path_of(page) != path
    page.go_back()
    page.wait_for_url("**" + path)
    expect(page.locator(".history li")).to_have_count(1)
    expect(page.locator("button[aria-pressed=true]")).to_contain_text("四舍五入")
    assert desk.kept() == [("张三", "verdict", "rounding", "")]
    # From there another one may still be given.
    page.get_by_role("button", name="对齐错误").click()
    page.wait_for_url(DONE)
    assert [to for _, _, to, _ in desk.kept()] == ["rounding", "alignment-error"]


def test_the_second_click_of_a_double_click_means_nothing_on_the_next_page(
    start: Start, visit: Visit, reports: Path
) -> None:
    desk = start(reports, "--as", "张三")
    page = visit(desk, desk.findings()[0])
    page.get_by_role("button", name="四舍五入").click()
    page.wait_for_url(DONE)
    page.get_by_role("button", name="对齐错误").hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    assert settled(page)[0] == []
    assert len(desk.events()) == 1


def test_a_key_that_is_held_gives_one_verdict(start: Start, visit: Visit, reports: Path) -> None:
    desk = start(reports, "--as", "张三")
    page = visit(desk, desk.findings()[0])
    page.keyboard.down("4")
    page.wait_for_url(DONE)
    for _ in range(5):
        page.keyboard.down("4")  # what a keyboard sends while the key stays down
    assert settled(page)[0] == []
    page.keyboard.up("4")
    assert len(desk.events()) == 1


def test_an_answer_given_to_a_person_is_found_under_their_name(start: Start, visit: Visit, reports: Path) -> None:
    desk = start(reports, "--as", "张三")
    page = visit(desk, desk.findings()[0])
    page.locator("textarea[name=note]").fill("请问统计局")
    page.get_by_label("分派给").fill("李四")
    page.keyboard.press("Enter")
    page.wait_for_url(DONE)
    expect(page.get_by_role("status")).to_contain_text("分派给李四")
    expect(page.locator(".history")).to_contain_text("请问统计局")  # what was written beside is not lost
    page.locator(".seat summary").click()
    page.locator(".seat input[name=who]").fill("李四")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".seat summary")).to_contain_text("李四")
    page.goto(desk.address + "/?state=mine")
    expect(page.locator("a.row")).to_have_count(1)


# An input method --------------------------------------------------------------------------------------------------


def compose(page: Page, text: str) -> CDPSession:
    """An input method begins to write in the field that has the focus."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    return cdp


def test_what_an_input_method_is_sent_gives_no_verdict(start: Start, visit: Visit, reports: Path) -> None:
    desk = start(reports, "--as", "张三")
    page = visit(desk, desk.findings()[0])
    page.keyboard.press("2")
    reason = page.locator("textarea[name=reason]")
    expect(reason).to_be_focused()
    cdp = compose(page, "koujing")
    for code in ("Digit1", "Digit3", "KeyJ", "KeyU", "Escape"):
        press(page, code, "Process")
    expect(reason).to_be_focused()
    cdp.send("Input.insertText", {"text": "口径"})
    cdp = compose(page, "butong")
    press(page, "Enter", "Enter", windowsVirtualKeyCode=229)  # the one that takes what was composed
    assert settled(page)[0] == []
    cdp.send("Input.insertText", {"text": "不同"})
    expect(reason).to_have_value("口径不同")
    # Some browsers say of that Enter only that the input method had it.
    reason.evaluate(
        "(it) => it.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
    )
    assert settled(page)[0] == []
    page.keyboard.press("Enter")
    page.wait_for_url(DONE)
    assert [(event.to, event.reason) for event in desk.events()] == [("explained", "口径不同")]


# Keys by their place ----------------------------------------------------------------------------------------------

NEXT = 1
GOES = [
    ("its letter", "KeyJ", "j", NEXT),
    ("a Russian layout", "KeyJ", "о", NEXT),
    ("a Greek layout", "KeyJ", "ξ", NEXT),
    ("an input method that is on", "KeyJ", "Process", NEXT),
    ("capitals", "KeyJ", "J", NEXT),
]
STAYS = [
    ("the letter of another place", "KeyL", "д", 0),
    ("a letter that Dvorak has elsewhere", "KeyC", "j", 0),
    ("a verdict with Ctrl", "Digit3", "3", CTRL),
    ("a verdict with Alt", "Digit3", "3", ALT),
    ("a verdict with Meta", "Digit3", "3", META),
    ("a verdict with Shift", "Digit3", "#", SHIFT),
    ("the next finding with Ctrl", "KeyJ", "j", CTRL),
    ("the source with Alt", "KeyO", "o", ALT),
    ("undoing with Meta", "KeyU", "z", META),
    ("a number pad without NumLock", "Numpad3", "PageDown", 0),
    ("a key without a place", "", "3", 0),
    ("the eighth of seven", "Digit8", "8", 0),
]


@pytest.fixture(scope="module")
def still(browser: Browser, looked_at: Desk) -> Iterator[Page]:
    """A finding that stays as it is, as long as nothing happens that should not."""
    page = browser.new_page()
    page.add_init_script(LOG)
    page.goto(looked_at.address + looked_at.findings()[0])
    yield page
    page.context.close()


@pytest.mark.parametrize(("code", "key", "step"), [case[1:] for case in GOES], ids=[case[0] for case in GOES])
def test_a_key_works_by_its_place(looked_at: Desk, visit: Visit, code: str, key: str, step: int) -> None:
    paths = looked_at.findings()
    page = visit(looked_at, paths[0])
    press(page, code, key)
    page.wait_for_url("**" + paths[step])
    page.keyboard.press("k")
    page.wait_for_url("**" + paths[0])


@pytest.mark.parametrize(("code", "key", "modifiers"), [case[1:] for case in STAYS], ids=[case[0] for case in STAYS])
def test_a_key_does_nothing_with(still: Page, code: str, key: str, modifiers: int) -> None:
    if settled(still) != ([], "BODY", False):
        still.reload()
    press(still, code, key, modifiers)
    assert settled(still) == ([], "BODY", False)


@pytest.mark.parametrize("field", ["textarea[name=reason]", "textarea[name=note]", ".assign input[name=assignee]"])
def test_a_key_in_a_field_is_a_character(looked_at: Desk, visit: Visit, field: str) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    page.locator(field).focus()
    page.keyboard.type("13jkuo/?")
    expect(page.locator(field)).to_have_value("13jkuo/?")
    assert (settled(page)[0], settled(page)[2]) == ([], False)
    page.keyboard.press("Escape")
    assert settled(page) == ([], "BODY", False)


@pytest.mark.parametrize("kind", ["radio", "checkbox"])
def test_enter_on_a_choice_gives_no_verdict(looked_at: Desk, visit: Visit, kind: str) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    page.locator(f"#verdict input[type={kind}]").first.focus()
    page.keyboard.press("Enter")
    assert settled(page)[0] == []
    page.keyboard.press("j")  # a choice is no field: keys work from there
    page.wait_for_url(re.compile("/finding/"))


def test_the_sides_are_chosen_by_key_and_by_arrow(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    chosen = page.locator("input[name=side]:checked")
    for key, side in (("a", "A"), ("b", "B"), ("a", "A")):
        page.keyboard.press(key)
        expect(chosen).to_have_value(side)
    page.locator("input[name=side]:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(chosen).to_have_value("B")
    expect(chosen).to_be_focused()
    assert settled(page)[0] == []


@pytest.mark.parametrize(("key", "side"), [("", 0), ("a", 0), ("b", 1)])
def test_the_source_of_the_chosen_side_is_opened_and_left_by_key(
    looked_at: Desk, visit: Visit, key: str, side: int
) -> None:
    path = looked_at.findings()[0]
    page = visit(looked_at, path)
    figure = page.locator(".value strong").nth(side).inner_text()
    if key:
        page.keyboard.press(key)
    page.keyboard.press("o")
    page.wait_for_url("**/document/**")
    expect(page.locator(".fig:target")).to_have_text(figure)
    expect(page.locator(".fig:target")).to_be_in_viewport()
    page.keyboard.press("o")
    page.wait_for_url("**" + path)


def test_the_filter_is_reached_by_key_and_goes_by_what_is_typed(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    page.keyboard.press("/")
    page.wait_for_url("**/#q")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("引进企业 53家")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    expect(page.locator("a.row")).to_have_count(2)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("没有这样的")
    page.keyboard.press("Enter")
    expect(page.locator(".nothing")).to_be_visible()


def test_a_verdict_that_waits_for_a_reason_can_be_let_go(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    page.keyboard.press("2")
    expect(page.locator("button.waiting")).to_have_count(1)
    page.keyboard.type("口径")
    page.keyboard.press("n")  # in a field it types
    page.keyboard.press("Escape")
    expect(page.locator("button.waiting")).to_have_count(0)
    page.keyboard.press("n")
    page.keyboard.type("一")
    page.keyboard.press("Enter")
    page.keyboard.type("二")
    assert page.locator("textarea[name=note]").input_value() == "一\n二" and settled(page)[0] == []


def test_the_filter_goes_by_what_is_chosen_and_the_findings_stay_within_it(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at, "/")
    page.get_by_label("级别").focus()
    page.keyboard.press("ArrowDown")  # whoever steps through the levels has not chosen yet
    expect(page.get_by_label("级别")).to_have_value("error")
    assert "level" not in page.url
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url(re.compile("level=error"))
    assert 1 < page.locator("a.row").count() < len(looked_at.findings())
    page.locator("a.row").last.click()
    page.wait_for_url(re.compile("/finding/"))
    expect(page.locator("a[rel=next]")).to_have_count(0)
    expect(page.locator("a[rel=prev]")).to_have_count(1)


@pytest.mark.parametrize("opened_by", ["key", "mouse"])
def test_the_help_closes_and_gives_the_focus_back(looked_at: Desk, visit: Visit, opened_by: str) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    page.locator("button[value=rounding]").focus()
    if opened_by == "key":
        page.keyboard.press("?")
    else:
        page.get_by_role("button", name="快捷键").click()
    help = page.get_by_role("dialog", name="快捷键")
    expect(help).to_be_visible()
    for key in ("3", "j", "o", "u", "/", "g"):
        page.keyboard.press(key)
    assert settled(page)[0] == []
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    expect(page.locator("button[value=rounding]" if opened_by == "key" else "#ask")).to_be_focused()
    assert looked_at.events() == []
