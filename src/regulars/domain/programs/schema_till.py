"""JSON Schema of paying with points, and of getting them back."""

from regulars.domain.programs.schema_values import Schema, choice, record, ref, whole


def till_schema() -> Schema:
    """How members pay with points of a currency."""
    return record(
        "Members pay with these points at the till, as `cash_value` says what they are worth.",
        {
            "least": whole("At least so many for an order.", least=1, default=1),
            "most": whole("At most so many for an order.", least=1),
            "step": whole("Only multiples of so many.", least=1, default=1),
            "share": {
                "type": "number",
                "description": "At most this share of what is to be paid; 0.5 is one half.",
                "exclusiveMinimum": 0,
                "maximum": 1,
                "default": 1,
                "examples": [0.5],
            },
            "earn_on": choice(
                "Whether new points are earned on the money that is paid, or on the whole price.",
                *("money", "price"),
                default="money",
            ),
        },
        examples=[{"least": 100, "step": 100, "share": 0.5}],
    )


def grace_schema() -> Schema:
    """How long points last that come back too late."""
    return ref(
        "duration",
        "How long points last that are given back after they had lapsed. Without it they lapse"
        " again at once.",
        examples=["P30D"],
    )
