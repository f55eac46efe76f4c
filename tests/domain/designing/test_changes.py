"""What differs is told in both languages, with what happened and where."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.domain.programs.documents import program
from tests.domain.programs.test_diff import pairs

from regulars.domain import trial_phrases
from regulars.domain.programs import diff_phrases
from regulars.domain.programs.changes import Kind
from regulars.domain.programs.diff import changes, diff
from regulars.domain.programs.document import read
from regulars.domain.programs.model import Program
from regulars.domain.programs.source import open_document

GROCERY = Path("examples/grocery.yaml").read_text(encoding="utf-8")
PARTS = re.compile(r"\{(\w+)")


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(pairs())
def test_both_languages_tell_the_same(pair: tuple[Program, Program]) -> None:
    english, chinese = (changes(*pair, lang) for lang in ("en", "zh-CN"))

    assert [(one.kind, one.path) for one in english] == [(one.kind, one.path) for one in chinese]
    assert [one.words for one in english] == diff(*pair)
    assert all(one.path for one in english)


def test_a_tier_that_is_called_otherwise_in_one_language_changes_nothing_that_it_carries() -> None:
    newer = GROCERY.replace("name: {en: Gold, zh-CN: 金卡}", "name: {en: Gold, zh-CN: 黄金卡}", 1)
    newer = newer.replace("ceiling: 5.99", "ceiling: 4.99", 1)
    assert newer.count("黄金卡") == 1

    told = {lang: changes(read(GROCERY), read(newer), lang) for lang in ("en", "zh-CN")}

    paths = [one.path for one in told["en"]]
    assert paths == [one.path for one in told["zh-CN"]]
    assert ("benefits", 0, "kind") in paths
    assert ("benefits", 0, "for") not in paths


@pytest.mark.parametrize("table", [diff_phrases, trial_phrases], ids=["diff", "trials"])
def test_every_sentence_has_the_same_parts_in_both_languages(table: Any) -> None:
    for name, (english, chinese) in table._WORDS.items():
        assert sorted(PARTS.findall(english)) == sorted(PARTS.findall(chinese)), name


def test_a_change_says_what_happened_and_where() -> None:
    newer = GROCERY
    for before, after in (
        ("rate: 1, per: 1.00", "rate: 2, per: 1.00"),
        ("caps: [{per: month, points: 300}]", "caps: [{per: month, points: 500}]"),
        ("expiry: {after: P12M}", "expiry: {after: P6M}"),
        ("entry: {spend_year: 100000}", "entry: {spend_year: 90000}"),
        ("\n  grace: P30D", "\n  grace: P60D"),
    ):
        newer = newer.replace(before, after, 1)
    start, end = newer.index("  - id: review"), newer.index("stacking:\n  promotions")
    newer = newer[:start] + newer[end:]
    newer = newer.replace(
        "  - id: visit\n",
        "  - id: hello\n    name: {en: Hello, zh-CN: 你好}\n    on: share\n"
        "    earn: {currency: points, points: 1}\n  - id: visit\n",
    )
    newer = re.sub(r"\nexamples:.*", "\n", newer, flags=re.DOTALL)

    told = changes(read(GROCERY), read(newer), "zh-CN")

    source = open_document(newer).value
    by_path = {one.path: one for one in told}
    assert (
        by_path[("rules", 1, "caps")].words == "规则“自有品牌加分”：每月上限由300积分提高到500积分"
    )
    assert by_path[("rules", 9)].kind is Kind.REMOVED
    added = next(one for one in told if one.kind is Kind.ADDED)
    assert added.words.startswith("新增规则“你好”（hello）：")
    assert source["rules"][added.path[1]]["id"] == "hello"
    assert by_path[("currencies", "points", "expiry")].words == (
        "积分种类“积分”：有效期由获得后12个月改为获得后6个月"
    )
    assert by_path[("tiers", "ladder", 1, "entry")].words.startswith("等级“银卡”：升级条件由")
    assert by_path[("tiers", "grace")].words == "未达保级的宽限期由30天改为60天"
    assert not re.search("[a-z]{4,}", by_path[("rules", 0, "earn")].words.replace("USD", ""))


def test_rounding_stands_beside_what_is_earned() -> None:
    (change,) = changes(program(), program(("rules/0/rounding", "up")))

    assert change.path == ("rules", 0, "rounding")
