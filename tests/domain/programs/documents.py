"""Builds program documents for tests: a small valid one, and the same with something changed."""

import json
from copy import deepcopy
from typing import Any

from regulars.domain.errors import Fault, ProgramInvalid
from regulars.domain.programs.document import read
from regulars.domain.programs.model import Program

SMALL: dict[str, Any] = {
    "regulars": 1,
    "program": "small",
    "name": {"en": "Small", "zh-CN": "小"},
    "time_zone": "Asia/Shanghai",
    "money": "CNY",
    "members": {"attributes": {"birth_month": "int", "vip": "bool"}},
    "event_attributes": {"purchase": {"weather": "string"}},
    "event_types": {
        "bottle_returned": {
            "name": {"en": "Bottle returned", "zh-CN": "退瓶"},
            "amount": "deposit",
            "schema": {
                "type": "object",
                "properties": {
                    "deposit": {"type": "integer", "minimum": 0},
                    "kind": {"type": "string"},
                },
                "required": ["deposit"],
            },
        }
    },
    "currencies": {
        "points": {"kind": "spendable", "name": {"en": "Points", "zh-CN": "积分"}},
        "growth": {"kind": "status", "name": {"en": "Growth", "zh-CN": "成长值"}},
    },
    "rules": [
        {
            "id": "base",
            "name": {"en": "Base", "zh-CN": "基础"},
            "on": "purchase",
            "earn": {"currency": "points", "rate": 1, "per": 1},
        },
        {
            "id": "double",
            "name": {"en": "Double", "zh-CN": "双倍"},
            "on": "purchase",
            "earn": {"currency": "points", "multiply": 2},
        },
        {
            "id": "grow",
            "name": {"en": "Grow", "zh-CN": "成长"},
            "on": ["visit", "bottle_returned"],
            "earn": {"currency": "growth", "points": 5},
        },
    ],
    "stacking": {"promo": "best"},
    "tiers": {
        "metrics": {"grown": {"currency": "growth", "window": "lifetime"}},
        "ladder": [
            {"id": "basic", "name": {"en": "Basic", "zh-CN": "普通"}},
            {"id": "gold", "name": {"en": "Gold", "zh-CN": "金卡"}, "entry": {"grown": 50}},
        ],
    },
}


def changed(*edits: tuple[str, Any], of: dict[str, Any] = SMALL) -> str:
    """The small document as JSON with values put at places such as "rules/0/when"."""
    document = deepcopy(of)
    for place, value in edits:
        *around, last = place.split("/")
        target: Any = document
        for step in around:
            inside_list = isinstance(target, list)
            target = target[int(step)] if inside_list else target.setdefault(step, {})
        if isinstance(target, list):
            target[int(last) : int(last) + 1] = [value]
        else:
            target[last] = value
    return json.dumps(document, ensure_ascii=False, indent=1)


def program(*edits: tuple[str, Any]) -> Program:
    """The program of the small document with these edits."""
    return read(changed(*edits))


def faults(text: str) -> list[Fault]:
    """What is wrong with a document, in the order of its text."""
    try:
        read(text)
    except ProgramInvalid as error:
        found = list(error.faults)
    else:
        return []
    assert found
    assert all(fault.line and fault.column for fault in found)
    return found
