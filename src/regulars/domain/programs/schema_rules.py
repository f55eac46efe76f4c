"""JSON Schema of rules: what an act earns, for whom, when, on what, and within which limits."""

from regulars.domain.programs.schema_budgets import share_schema
from regulars.domain.programs.schema_effects import effects_schema, occasions_schema
from regulars.domain.programs.schema_play import challenge_schema, streak_schema
from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    decimal,
    either,
    flag,
    listing,
    record,
    ref,
    whole,
)
from regulars.domain.programs.stages import STAGES

MAX_RULES = 500
MAX_CAPS = 10

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _earn() -> Schema:
    return record(
        "What the rule gives: a rate, a number of points, or a multiple of other rules.",
        {
            "currency": ref("id", "The currency that is earned."),
            "rate": decimal("Points for each `per` of money.", examples=[1, 1.2]),
            "per": decimal("The money for which `rate` points are given.", examples=[1.00]),
            "points": whole("A number of points an event.", least=1, examples=[50]),
            "multiply": decimal(
                "The factor on what other rules give: 2 doubles it.", examples=[2, 1.5]
            ),
            "of": listing(
                "The rules that are multiplied. Without it: every rule with a rate in this"
                " currency.",
                ref("id", "A rule that gives a rate or a number of points."),
                most=50,
            ),
        },
        required=["currency"],
        oneOf=[
            {"required": ["rate"]},
            {"required": ["points"]},
            {"required": ["multiply"]},
        ],
        dependentRequired={"rate": ["per"], "per": ["rate"], "of": ["multiply"]},
        errorMessage="Give one of: rate with per, points, or multiply.",
        examples=[
            {"currency": "points", "rate": 1, "per": 1.00},
            {"currency": "points", "points": 50},
            {"currency": "points", "multiply": 2, "of": ["base"]},
        ],
    )


def schedule_schema(description: str) -> Schema:
    """The shape of a schedule, in which everything given must hold."""
    return record(
        description,
        {
            "from": ref("moment", "The first moment; a day begins at its midnight."),
            "until": ref("moment", "The moment at which it is over; that day is not included."),
            "weekdays": listing("Days of the week.", choice("A day of the week.", *WEEKDAYS)),
            "hours": listing(
                "Hours of the day, from and until; the end is not included.",
                {
                    "type": "string",
                    "pattern": r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$",
                    "errorMessage": 'Write hours such as "08:00-11:30".',
                },
                most=24,
            ),
            "dates": listing("Single days.", ref("day", "A day."), most=400),
            "month_days": listing(
                "Days of every month.", whole("A day from 1 to 31.", least=1, most=31), most=31
            ),
            "birth_month": flag(
                "Only in the month of the member's birthday, as the member attribute birth_month"
                " says."
            ),
        },
        minProperties=1,
        examples=[{"weekdays": ["sat", "sun"], "hours": ["08:00-11:30"]}],
    )


def lines_schema(description: str) -> Schema:
    """The shape of a choice of receipt lines."""
    sets = {
        "skus": ref("words", "Articles."),
        "categories": ref("words", "Categories of articles."),
        "brands": ref("words", "Brands."),
    }
    return record(
        f"{description} Everything given must hold; `except` wins.",
        {
            **sets,
            "except": record("Lines that do not count.", sets, minProperties=1),
            "where": ref("condition", "A condition over `line`.", examples=["line.quantity >= 2"]),
        },
        minProperties=1,
        examples=[{"categories": ["PRODUCE"], "except": {"brands": ["Private"]}}],
    )


def _cap() -> Schema:
    return record(
        "The most that one member gets from the rule in a stretch of the calendar.",
        {
            "per": choice(
                "The stretch; `period` is the whole life of the rule.",
                *("event", "day", "week", "month", "year", "period"),
            ),
            "points": whole("At most so many points.", least=1),
            "times": whole("At most so many events.", least=1),
        },
        required=["per"],
        anyOf=[{"required": ["points"]}, {"required": ["times"]}],
        errorMessage="Give points, times or both.",
        examples=[{"per": "day", "points": 200}, {"per": "week", "times": 1}],
    )


def _audience() -> Schema:
    return record(
        "The members that the rule is for.",
        {
            "tiers": listing("Holders of these tiers.", ref("id", "A tier."), most=50),
            "cards": listing("Holders of one of these paid cards.", ref("id", "A card."), most=20),
            "stages": listing(
                "Members in these stages of life.", choice("A stage.", *STAGES), most=7
            ),
            "tags": listing("Members with one of these tags.", ref("id", "A tag."), most=50),
            "where": ref("condition", "A condition over `member`."),
        },
        minProperties=1,
        examples=[{"tiers": ["gold"], "where": "member.purchases >= 10"}],
    )


def rule_schema() -> Schema:
    """The shape of one rule."""
    event_type = {
        "type": "string",
        "pattern": r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$",
        "maxLength": 100,
        "errorMessage": "An event type is a word such as purchase or bottle_returned.",
    }
    return record(
        "A promise: what an act earns, for whom, when, on what, and within which limits.",
        {
            "id": ref("id", "The name of the rule in decisions and reports; keep it for ever."),
            "name": ref("text", "What members read."),
            "on": either(
                "The events that the rule looks at.",
                {**event_type, "title": "an event type"},
                {**listing("Event types.", event_type, most=50), "title": "a list of event types"},
                examples=["purchase", ["visit", "check_in"]],
            ),
            "occasions": occasions_schema(),
            "earn": _earn(),
            "effects": effects_schema(),
            "rounding": choice(
                "What happens to a part of a point.", "down", "half_up", "up", default="down"
            ),
            "lines": lines_schema("Which lines of a receipt count."),
            "schedule": schedule_schema(
                "When the rule applies, in the program's time zone. Everything given must hold."
            ),
            "audience": _audience(),
            "when": ref("condition", "A condition over `event`, `order`, `member` and `now`."),
            "payment": {
                **listing(
                    "Purchases paid, at least in part, by one of these methods.",
                    {"type": "string", "minLength": 1, "maxLength": 200},
                    most=50,
                ),
                "examples": [["cobrand_card"]],
            },
            "caps": {
                "type": "array",
                "description": "Limits for one member.",
                "items": _cap(),
                "minItems": 1,
                "maxItems": MAX_CAPS,
            },
            "challenge": challenge_schema(),
            "streak": streak_schema(),
            "budget": whole(
                "The most that the rule gives to all members together.", least=1, examples=[100000]
            ),
            "share_of_contribution": share_schema(),
            "stacking": record(
                "Rules of one group compete; the group's entry in `stacking` says how.",
                {
                    "group": ref("id", "The group."),
                    "priority": whole("Higher comes first.", most=1_000, default=0),
                },
                required=["group"],
                examples=[{"group": "promo", "priority": 10}],
            ),
        },
        required=["id", "on"],
        anyOf=[{"required": ["earn"]}, {"required": ["effects"]}],
        errorMessage="Say what the rule gives: earn, effects or both.",
    )


def rules_schema() -> Schema:
    """The shape of the list of rules."""
    return {
        "type": "array",
        "title": "Rules",
        "description": "What acts earn. All that apply add up, unless they share a stacking group.",
        "items": rule_schema(),
        "maxItems": MAX_RULES,
    }
