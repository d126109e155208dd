"""What the pages of the desk look like, and whether everybody can use them: widths, colours, names, focus.

With CHECKER_SCREENSHOTS=folder the main pages are left there as pictures.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser_fixtures import (
    Desk,
    Visit,
    browser,
    looked_at,
    needs_browser,
    reports,
    seeds,
    settled,
    visit,
)
from playwright.sync_api import Browser, Page, expect

__all__ = ["browser", "looked_at", "reports", "seeds", "visit"]
pytestmark = needs_browser

SIZES = {1280: 900, 390: 844}
PAGES = ["queue", "filtered", "finding", "document", "documents", "fact", "figures", "problem", "finding of many"]
Look = Callable[[str, int], Page]

each_page = pytest.mark.parametrize("name", PAGES)
each_width = pytest.mark.parametrize("width", SIZES)


@pytest.fixture(scope="module")
def look(browser: Browser, seeds: Desk, looked_at: Desk) -> Iterator[Look]:
    """A page of the desk in a window so wide; each is opened once and not changed."""
    opened: dict[tuple[str, int], Page] = {}

    def address(name: str, page: Page) -> str:
        if name == "finding of many":
            return looked_at.address + looked_at.findings()[-1]
        first = seeds.findings()[0]
        paths = {
            "queue": "/", "filtered": "/?q=%E4%BA%BF%E5%85%83&state=all&document=1", "finding": first,
            "document": "/document/1", "documents": "/document", "figures": "/figures", "problem": "/finding/none",
        }  # fmt: skip
        if name in paths:
            return seeds.address + paths[name]
        page.goto(seeds.address + first)
        return seeds.address + str(page.locator("footer a").get_attribute("href"))

    def open_page(name: str, width: int) -> Page:
        if (name, width) not in opened:
            page = browser.new_page(viewport={"width": width, "height": SIZES[width]}, locale="zh-CN")
            page.goto(address(name, page))
            opened[name, width] = page
        page = opened[name, width]
        page.emulate_media(color_scheme="light")
        return page

    yield open_page
    for page in opened.values():
        page.context.close()


# Looks ------------------------------------------------------------------------------------------------------------


@each_page
@each_width
def test_nothing_is_wider_than_the_window(look: Look, name: str, width: int) -> None:
    page = look(name, width)
    beyond = page.evaluate(
        """() => [...document.body.querySelectorAll("*")]
          .filter((it) => !it.closest(".wide, .hush, svg, dialog") && it.getBoundingClientRect().right > innerWidth + 1)
          .map((it) => it.outerHTML.slice(0, 100))"""
    )
    assert beyond == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


# Colours as the browser has computed them: text over what lies behind it, as WCAG 2.2 reckons contrast.
CONTRAST = """() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = (color) => [0, 1, 2].map((i) => color[i] / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (it) => {
    const layers = [];
    for (let at = it; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    layers.push([255, 255, 255, 1]);
    return layers.reverse().reduce((under, layer) => over(layer, under));
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const found = [];
  const check = (it, color, text) => {
    const style = getComputedStyle(it), size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const back = behind(it), got = ratio(over(parse(color), back), back);
    if (got < needed) found.push(`${got.toFixed(2)} ${it.tagName}.${it.getAttribute("class")}: ${text.slice(0, 30)}`);
  };
  let checked = 0;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const it = texts.currentNode.parentElement, text = texts.currentNode.data.trim();
    const drawn = it.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    if (!text || !drawn || it.closest("title, .hush, .skip, :disabled")) continue;
    const style = getComputedStyle(it);
    checked += 1;
    check(it, it.closest("svg") ? style.fill : style.color, text);
  }
  for (const it of document.querySelectorAll("[placeholder]"))
    if (it.checkVisibility()) check(it, getComputedStyle(it, "::placeholder").color, it.placeholder);
  return [checked, [...new Set(found)]];
}"""


@each_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_lies_behind_it(look: Look, name: str, scheme: Any) -> None:
    page = look(name, 1280)
    page.emulate_media(color_scheme=scheme)
    checked, found = page.evaluate(CONTRAST)
    assert found == []
    assert checked > 5


@pytest.mark.parametrize("name", ["queue", "finding", "document"])
@each_width
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_main_pages_are_drawn_in_both_schemes(
    look: Look, tmp_path: Path, name: str, width: int, scheme: Any
) -> None:
    page = look(name, width)
    page.emulate_media(color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (max(paper) < 64) if scheme == "dark" else (min(paper) > 192)
    folder = Path(os.environ.get("CHECKER_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{name}-{width}-{scheme}.png"
    page.screenshot(path=picture)
    width_of_it = int.from_bytes(picture.read_bytes()[16:20], "big")
    assert width_of_it == width


def test_a_page_asks_for_itself_its_styles_and_its_script(looked_at: Desk, visit: Visit) -> None:
    """Nothing is asked for ahead, since no page may be stored: it would be asked for twice."""
    page = visit(looked_at)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto(looked_at.address + looked_at.findings()[0], wait_until="networkidle")
    assert sorted(asked) == ["document", "script", "stylesheet", "stylesheet"]


# For everybody ----------------------------------------------------------------------------------------------------

INTERACTIVE = {
    "button", "link", "textbox", "searchbox", "combobox", "radio", "checkbox", "DisclosureTriangle", "dialog",
    "progressbar", "img", "image", "navigation", "complementary", "form", "search", "listbox", "spinbutton",
}  # fmt: skip
MAY_BE_NAMELESS = {"form", "search"}


@each_page
def test_everything_that_can_be_used_has_a_name(look: Look, name: str) -> None:
    page = look(name, 1280)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    used = [one for one in nodes if not one["ignored"] and one["role"]["value"] in INTERACTIVE - MAY_BE_NAMELESS]
    assert len(used) > 3
    assert [one["role"]["value"] for one in used if not one.get("name", {}).get("value", "").strip()] == []


@each_page
def test_a_page_has_its_landmarks_headings_and_language(look: Look, name: str) -> None:
    page = look(name, 1280)
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.title()
    for landmark in ("main", "banner"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    labels = page.locator("nav").evaluate_all("(all) => all.map((it) => it.getAttribute('aria-label'))")
    assert len(labels) == len(set(labels)) and all(labels)
    levels = page.locator("h1, h2, h3").evaluate_all(
        "(all) => all.filter((it) => !it.closest('dialog')).map((it) => Number(it.tagName[1]))"
    )
    assert levels[:1] == [1] and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.locator("[id]").evaluate_all("(all) => all.map((it) => it.id)")
    assert len(ids) == len(set(ids))


# A link within running text may be as low as its line; a mark in the margin has its figure in the text.
SMALL = """() => [...document.querySelectorAll("a[href], button, select, input, textarea, summary")]
  .filter((it) => it.checkVisibility() && !it.closest(".hush, .skip, .text, .margin, dialog:not([open])"))
  .map((it) => it.matches("[type=radio], [type=checkbox]") ? it.closest("label") : it)
  .filter((it) => !(getComputedStyle(it).display === "inline"
    && [...it.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim())))
  .filter((it) => { const { width, height } = it.getBoundingClientRect(); return width < 24 || height < 24; })
  .map((it) => `${it.getBoundingClientRect().width.toFixed()}x${it.getBoundingClientRect().height.toFixed()} `
    + it.outerHTML.slice(0, 90))"""


@each_page
def test_what_is_touched_is_large_enough_for_a_finger(look: Look, name: str) -> None:
    assert look(name, 390).evaluate(SMALL) == []


# Whether the element that has the focus, or what stands for it, is drawn with a line around it.
OUTLINED = """() => {
  const it = document.activeElement;
  const near = [it, it.nextElementSibling, it.querySelector?.("rect")].filter(Boolean);
  const drawn = near.map((one) => getComputedStyle(one));
  const outlined = drawn.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  return outlined || drawn.some((style) => style.stroke !== "none" && parseFloat(style.strokeWidth) >= 3);
}"""
WHAT = "(document.activeElement.value || document.activeElement.id || document.activeElement.innerText || '').trim()"


@pytest.mark.parametrize("name", ["queue", "finding", "document"])
def test_the_focus_is_seen_wherever_tab_takes_it(look: Look, name: str) -> None:
    page = look(name, 1280)
    page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen.append(page.evaluate(f"[{WHAT}, ({OUTLINED})()]"))
    assert len(seen) > 8
    assert [what for what, outlined in seen if not outlined] == []


def test_tab_leads_from_the_figures_to_every_verdict_and_space_gives_it(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at, looked_at.findings()[0])
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.value ?? ''"))
        if reached[-1] == "accepted":
            break
    verdicts = [
        "confirmed-error",
        "explained",
        "rounding",
        "extraction-error",
        "alignment-error",
        "to-verify",
        "accepted",
    ]
    assert [one for one in reached if one in verdicts] == verdicts
    page.keyboard.press("Space")
    expect(page.locator("textarea[name=reason]")).to_be_focused()
    assert settled(page)[0] == []


def test_the_link_to_the_content_comes_first(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_narrow_window_has_a_way_to_the_verdict(looked_at: Desk, visit: Visit) -> None:
    page = visit(looked_at, looked_at.findings()[0], width=390, height=844)
    way = page.locator(".to-verdict")
    expect(way).to_be_in_viewport()
    way.click()
    expect(page.locator("button[value=confirmed-error]")).to_be_in_viewport()
