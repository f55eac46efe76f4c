"""JSON Schema of the paid memberships that a program sells."""

from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    decimal,
    flag,
    mapping,
    record,
    ref,
    whole,
)

MAX_CARDS = 20
MAX_PERSONS = 9


def _refund() -> Schema:
    return record(
        "What is paid back when the card is given back before its end.",
        {
            "full_within": ref(
                "duration", "All of it, so long after the beginning of the term.", examples=["P7D"]
            ),
            "then": choice(
                "Afterwards: the share of the days that are left, or nothing.",
                *("pro_rata", "nothing"),
                default="pro_rata",
            ),
            "less_saved": flag(
                "Less what the card has saved its holder in this term.", default=False
            ),
        },
        minProperties=1,
    )


def _family() -> Schema:
    return record(
        "Who shares the card. Benefits are shared, points are not.",
        {
            "persons": whole("So many beside the holder.", least=1, most=MAX_PERSONS),
            "cooling": ref(
                "duration",
                "How long somebody who left a family waits before they join another.",
                examples=["P30D"],
            ),
            "quota": choice(
                "Whose quota a benefit uses: everybody's own, or one for all of them.",
                *("each", "shared"),
                default="each",
            ),
        },
        required=["persons"],
        examples=[{"persons": 3, "cooling": "P30D", "quota": "shared"}],
    )


def _card() -> Schema:
    return record(
        "A membership that members pay for. What it brings stands in `benefits`, with its id under"
        " `for.cards`.",
        {
            "name": ref("text", "What members read."),
            "price": decimal("What a term costs, in the program's money.", examples=[128, 9.9]),
            "points": record(
                "What a term costs in points; beside a price in money the member chooses.",
                {
                    "currency": ref("id", "The currency."),
                    "amount": whole("So many points.", least=1),
                },
                required=["currency", "amount"],
            ),
            "term": ref("duration", "How long it lasts.", examples=["P1Y", "P1M"]),
            "trial": ref(
                "duration",
                "How long it may be tried for nothing, once a member.",
                examples=["P30D"],
            ),
            "remind": ref(
                "duration", "How long before its end the holder is reminded.", examples=["P14D"]
            ),
            "grace": ref(
                "duration",
                "How long the benefits stay after the end. A renewal in this time counts from the"
                " end.",
                examples=["P7D"],
            ),
            "refund": _refund(),
            "family": _family(),
        },
        required=["name", "term"],
        anyOf=[{"required": ["price"]}, {"required": ["points"]}],
        errorMessage="A card has a price, in money or in points.",
        examples=[{"name": {"en": "Plus", "zh-CN": "Plus 年卡"}, "price": 128, "term": "P1Y"}],
    )


def cards_schema() -> Schema:
    """The shape of the paid memberships."""
    return mapping("Memberships that members pay for.", _card(), most=MAX_CARDS)
