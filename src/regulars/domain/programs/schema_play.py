"""JSON Schema of play: challenges and streaks of rules, and the badges there are."""

from regulars.domain.programs.play_terms import (
    MAX_MADE_UP,
    MAX_STREAK_DAYS,
    MAX_TIMES,
    PICTURES,
)
from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    flag,
    mapping,
    record,
    ref,
    whole,
)

MAX_BADGES = 100


def challenge_schema() -> Schema:
    """The shape of a rule's challenge."""
    return record(
        "The rule gives only when the so-manieth event of a period comes that it is for.",
        {
            "times": whole("How many events it takes.", least=2, most=MAX_TIMES, examples=[3]),
            "per": choice(
                "The period of the calendar; `period`: the whole life of the rule.",
                *("day", "week", "month", "quarter", "year", "period"),
                default="period",
            ),
            "count": choice(
                "What is counted: events, or the different days on which there was one.",
                *("events", "days"),
                default="events",
            ),
            "repeats": flag(
                "At each multiple again, as on a card of ten stamps. Otherwise once a period.",
                default=False,
            ),
        },
        required=["times"],
        examples=[{"times": 3, "per": "week"}, {"times": 10, "repeats": True}],
    )


def streak_schema() -> Schema:
    """The shape of a rule's streak."""
    return record(
        "The rule gives when there was such an event on so many days running.",
        {
            "days": whole("How many days running.", least=2, most=MAX_STREAK_DAYS, examples=[7]),
            "repeats": flag(
                "Again after each so many more days. Otherwise once for ever.", default=True
            ),
            "make_up": record(
                "Missed days that members may make up for.",
                {
                    "days": whole("How many days in each period.", least=1, most=MAX_MADE_UP),
                    "per": choice("The period.", "week", "month", "quarter", "year"),
                    "price": whole("What each costs, in points of the rule's currency.", default=0),
                },
                required=["days", "per"],
                examples=[{"days": 1, "per": "month", "price": 20}],
            ),
        },
        required=["days"],
        examples=[{"days": 7, "make_up": {"days": 1, "per": "month", "price": 20}}],
    )


def badges_schema() -> Schema:
    """The shape of the badges that rules award."""
    return mapping(
        "Badges that rules award by `effects`, by their codes. Who has one keeps it.",
        record(
            "A badge.",
            {
                "name": ref("text", "What members read."),
                "picture": choice("The picture.", *PICTURES, default="star"),
                "about": ref("text", "What it is for, in a sentence."),
            },
            required=["name"],
            examples=[{"name": {"en": "Early bird", "zh-CN": "早起鸟"}, "picture": "sun"}],
        ),
        most=MAX_BADGES,
    )
