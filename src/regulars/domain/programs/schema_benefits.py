"""JSON Schema of benefits: what members have beside points, and who has it."""

from regulars.domain.programs.benefits import BenefitKind, QuotaPer
from regulars.domain.programs.schema_budgets import share_schema
from regulars.domain.programs.schema_rules import lines_schema, schedule_schema
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

MAX_BENEFITS = 300


def _carriers() -> Schema:
    return either(
        "Who has the benefit, for as long as they are what is named here. Without it: only those"
        " to whom it is granted, by a rule or by hand.",
        {"const": "everyone", "title": "everyone"},
        record(
            "Any one of these, and `where` beside.",
            {
                "tiers": listing("Holders of these tiers.", ref("id", "A tier."), most=50),
                "stages": listing(
                    "Members in these stages of life.", choice("A stage.", *STAGES), most=7
                ),
                "tags": listing("Members with one of these tags.", ref("id", "A tag."), most=50),
                "cards": listing("Holders of these paid cards.", ref("id", "A card."), most=20),
                "where": ref("condition", "A condition over `member`."),
            },
            minProperties=1,
            title="{tiers: [...]}",
        ),
        examples=["everyone", {"tiers": ["gold"]}, {"stages": ["at_risk", "lapsed"]}],
    )


def _worth() -> dict[str, Schema]:
    return {
        "percent": {
            **decimal("For a percentage: how many per cent off.", examples=[10, 12.5]),
            "maximum": 100,
        },
        "amount": decimal("For an amount: how much money off.", examples=[5.00]),
        "ceiling": decimal(
            "For a percentage or free delivery: at most so much money.", examples=[20.00]
        ),
        "cashback": record(
            "For cashback: points for each `per` of money.",
            {
                "currency": ref("id", "The points that are given."),
                "rate": decimal("So many points.", examples=[2]),
                "per": decimal("For so much money.", examples=[1.00]),
            },
            required=["currency", "rate", "per"],
        ),
        "item": {
            "type": "string",
            "description": "What is handed out or done: an article, a service, an event.",
            "minLength": 1,
            "maxLength": 200,
        },
    }


def _limits() -> dict[str, Schema]:
    return {
        "lines": lines_schema("The lines of an order that it is for. Without it: all."),
        "threshold": decimal("Only for orders of at least so much.", examples=[50.00]),
        "schedule": schedule_schema(
            "When it can be used, in the program's time zone. Before `from` and from `until` on"
            " nobody has it."
        ),
        "when": ref("condition", "A condition over `order`, `member` and `now` when it is used."),
        "quota": record(
            "How often one member may use it.",
            {
                "uses": whole("So many times.", least=1, most=1_000_000),
                "per": choice("In each stretch of the calendar.", *QuotaPer),
            },
            required=["uses", "per"],
            examples=[{"uses": 2, "per": "month"}],
        ),
        "valid": ref("duration", "How long it lasts when it is granted."),
        "share_of_contribution": share_schema(),
    }


def benefit_schema() -> Schema:
    """The shape of one benefit."""
    return record(
        "Something members have beside points.",
        {
            "id": ref("id", "The name of the benefit in reports; keep it for ever."),
            "name": ref("text", "What members read."),
            "about": ref("text", "More words for members, such as how it is used."),
            "kind": choice("What it is.", *BenefitKind),
            **_worth(),
            "for": _carriers(),
            **_limits(),
            "stacking": record(
                "Benefits, coupons and the like of one group exclude each other on an order; the"
                " group's entry in `stacking` says how.",
                {
                    "group": ref("id", "The group."),
                    "priority": whole("Higher comes first.", most=1_000, default=0),
                },
                minProperties=1,
            ),
            "restore": flag(
                "Whether a use is given back when all that it was used for is returned.",
                default=True,
            ),
            "automatic": flag(
                "Whether it applies to an order without being asked for.", default=True
            ),
            "appointment": flag("Whether a time has to be booked for it.", default=False),
            "partner": ref("id", "The partner who provides it and may take it."),
        },
        required=["id", "name", "kind"],
    )


def benefits_schema() -> Schema:
    """The shape of the list of benefits."""
    return {
        "type": "array",
        "title": "Benefits",
        "description": "What members have beside points, and by what they have it.",
        "items": benefit_schema(),
        "maxItems": MAX_BENEFITS,
    }
