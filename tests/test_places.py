"""The gazetteer: what is a name of a place in a text, which place it is, and what only looks like one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import places
from checker.places import above, by_code, find, named, parents, printed, resolve
from checker.vocabulary import words

# A text, and the places that its names stand for; a list where a name stays open.
FOUND: dict[str, list[str | list[str]]] = {
    "河南省郑州市二七区": ["河南省", "郑州市", "郑州市二七区"],
    "日在银川市第": ["银川市"],
    "收到临沧市的来信": ["临沧市"],
    "威海市和市": ["威海市"],
    "日在广东省": ["广东省"],
    "推动市、个省市、全市中区": [],
    "北京市朝阳区": ["北京市", "北京市朝阳区"],
    "长春市朝阳区": ["长春市", "长春市朝阳区"],
    "朝阳区": [["北京市朝阳区", "长春市朝阳区"]],
    "鼓楼区": [["南京市鼓楼区", "徐州市鼓楼区", "福州市鼓楼区", "开封市鼓楼区"]],
    "长安区，石家庄市": ["石家庄市长安区", "石家庄市"],
    "晋城市城区": ["晋城市", "晋城市城区"],
    "城区和郊区": [],
    "内蒙古、广西和新疆": ["内蒙古自治区", "广西壮族自治区", "新疆维吾尔自治区"],
    "吉林与吉林市": ["吉林省", "吉林市"],
    "海南，海南州": ["海南省", "海南藏族自治州"],
    "克州、迪庆州和黔东南州": ["克孜勒苏柯尔克孜自治州", "迪庆藏族自治州", "黔东南苗族侗族自治州"],
    "恩施土家族苗族自治州": ["恩施土家族苗族自治州"],
    "前郭县": ["前郭尔罗斯蒙古族自治县"],
    "襄樊市与保定地区": ["襄樊市", "保定地区"],
    "仙桃市和济源市": ["仙桃市", "济源市"],
    "郑州市高新区": ["郑州市"],
    "日本和美国": ["日本", "美国"],
    "全国": ["全国"],
}


@pytest.mark.parametrize("text", FOUND)
def test_names_are_found_and_resolved(text: str) -> None:
    found = [[printed(place) for place in mention.places] for mention in find(text)]
    assert found == [[name] if isinstance(name, str) else name for name in FOUND[text]]


FORMED = words("places")["formed"]


@pytest.mark.parametrize("text", FORMED["reads"])
def test_a_place_is_known_by_the_form_of_its_name(text: str) -> None:
    assert places.formed(text)


@pytest.mark.parametrize("text", FORMED["not_read"])
def test_what_ends_like_a_place_is_none(text: str) -> None:
    assert places.formed(text) == []


def test_a_place_knows_what_is_around_it() -> None:
    (district,) = named("二七区")
    assert [place.name for place in parents(district)] == ["郑州市", "河南省"]
    assert district.tier == places.COUNTY
    (alone,) = named("仙桃市")
    assert [place.name for place in parents(alone)] == ["湖北省"]
    (inner,) = (place for place in named("朝阳区") if place.code.startswith("11"))
    assert [place.name for place in parents(inner)] == ["北京市"]


def test_a_former_place_knows_what_took_its_place() -> None:
    (former,) = named("襄樊市")
    assert former.until
    now = by_code(former.now)
    assert now is not None and now.name == "襄阳市"


def test_near_places_resolve_a_name() -> None:
    (mention,) = find("鼓楼区")
    assert mention.place is None
    (resolved,) = resolve([mention], named("江苏省"))
    assert [place.code[:2] for place in resolved.places] == ["32", "32"]
    (resolved,) = resolve([mention], named("福州市"))
    assert resolved.place is not None and printed(resolved.place) == "福州市鼓楼区"


def test_all_names_but_the_former_are_unlike_or_share_a_name() -> None:
    current = [place for name in places._gazetteer().names for place in named(name) if not place.until]
    codes = {place.code for place in current}
    assert len([code for code in codes if code.endswith("0000")]) == 34
    assert len([code for code in codes if code.isdigit() and code.endswith("00") and not code.endswith("0000")]) == 333
    assert len([code for code in codes if code.isdigit() and not code.endswith("00")]) > 2800


@given(st.text(alphabet="河南省郑州市二七区朝阳推动全和日在县城", max_size=20))
def test_mentions_stand_in_order_and_hold_their_text(text: str) -> None:
    end = 0
    for mention in find(text):
        assert mention.start >= end and mention.text == text[mention.start : mention.end] and mention.places
        end = mention.end
        assert not any(above(place, place) for place in mention.places)


def test_loading_is_fast() -> None:
    clock = "time.perf_counter()"
    script = f"import time; from checker import places; t = {clock}; places.find('郑州'); print({clock} - t)"
    best = min(float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(3))
    assert best < 0.2  # some 25 ms on an idle machine
