"""JSON Schema of budgets and of caps by what a member brought in."""

from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    decimal,
    listing,
    record,
    ref,
    whole,
)

MAX_BUDGETS = 50


def budgets_schema() -> Schema:
    """The shape of the list of budgets."""
    return {
        "type": "array",
        "description": "What the program, or a campaign of it, may cost.",
        "items": _budget(),
        "maxItems": MAX_BUDGETS,
    }


def _budget() -> Schema:
    points = record(
        "At most so many points of a currency.",
        {
            "currency": ref("id", "The currency."),
            "most": whole("At most so many.", least=1, examples=[100000]),
        },
        required=["currency", "most"],
    )
    return record(
        "At most so many points and so much money. What is used up gives nothing any more.",
        {
            "id": ref("id", "The name of the budget in reports; keep it for ever."),
            "name": ref("text", "What people read."),
            "per": choice(
                "Anew in each stretch of the calendar; without it, once and for all.",
                *("month", "quarter", "year"),
            ),
            "points": points,
            "money": decimal("At most so much of discounts, in the program's money."),
            "rules": listing("Rules whose points are taken of it.", ref("id", "A rule.")),
            "benefits": listing(
                "Benefits whose discounts are taken of it.", ref("id", "A benefit.")
            ),
            "coupons": listing(
                "Coupons whose discounts are taken of it, by their templates' codes.",
                {"type": "string", "minLength": 1, "maxLength": 63},
            ),
        },
        required=["id"],
        anyOf=[{"required": ["points"]}, {"required": ["money"]}],
        errorMessage="Give points, money or both.",
        examples=[
            {
                "id": "spring",
                "per": "month",
                "points": {"currency": "points", "most": 100000},
                "rules": ["base"],
            }
        ],
    )


def share_schema() -> Schema:
    """The shape of a cap by contribution, of a rule or of a benefit."""
    return record(
        "It gives a member at most a share of what they brought in, over the window of a metric of"
        " spending; points at their cash value.",
        {
            "at_most": {
                "type": "number",
                "description": "The share; 0.05 is one twentieth.",
                "exclusiveMinimum": 0,
                "maximum": 10,
                "examples": [0.05],
            },
            "metric": ref("id", "A metric that counts spending, under tiers."),
        },
        required=["at_most", "metric"],
        examples=[{"at_most": 0.05, "metric": "spend_year"}],
    )
