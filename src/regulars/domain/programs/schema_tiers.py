"""JSON Schema of tiers: the metrics they look at, how they are won, kept and lost."""

from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    either,
    listing,
    mapping,
    record,
    ref,
)

MAX_TIERS = 50
MAX_METRICS = 50
MAX_NEEDS = 10


def _metric() -> Schema:
    return record(
        "A number that is kept for each member.",
        {
            "spend": {"const": True, "description": "Money paid, less returns, in minor units."},
            "assets": {"const": True, "description": "The newest asset statement, minor units."},
            "count": listing(
                "How many events of these types; a purchase that came back whole counts no more.",
                {"type": "string", "minLength": 1, "maxLength": 100},
                most=50,
            ),
            "currency": ref("id", "Points of this currency earned, less those taken back."),
            "window": either(
                "The stretch of time that is summed. Assets need none.",
                choice("The year so far, or everything.", "calendar_year", "lifetime"),
                record(
                    "The latest days or months.",
                    {"rolling": ref("duration", "How long back.")},
                    required=["rolling"],
                    title="{rolling: P12M}",
                ),
            ),
        },
        oneOf=[
            {"required": ["spend", "window"]},
            {"required": ["count", "window"]},
            {"required": ["currency", "window"]},
            {"required": ["assets"]},
        ],
        errorMessage="Give one of spend, count or currency, with a window, or assets.",
        examples=[
            {"spend": True, "window": "calendar_year"},
            {"count": ["purchase"], "window": {"rolling": "P12M"}},
        ],
    )


def _needs(description: str) -> Schema:
    return either(
        description,
        {
            "type": "object",
            "title": "metrics with their least values",
            "not": {"required": ["any"]},
            "$ref": "#/$defs/need",
        },
        record(
            "Any one of several ways.",
            {"any": listing("The ways.", ref("need", "One way."), most=MAX_NEEDS)},
            required=["any"],
            title="{any: [...]}",
        ),
        examples=[
            {"spend_year": 100_000},
            {"any": [{"spend_year": 300_000}, {"baskets": 100, "spend_year": 200_000}]},
        ],
    )


def _tier() -> Schema:
    return record(
        "A rung of the ladder.",
        {
            "id": ref("id", "The name of the tier in decisions and reports."),
            "name": ref("text", "What members read."),
            "entry": _needs("What lets a member in. The lowest tier has none."),
            "keep": _needs("What lets a member stay. Without it: the same as entry."),
        },
        required=["id", "name"],
    )


def tiers_schema() -> Schema:
    """The shape of the tiers."""
    valid = record(
        "To the end of a month, quarter or year.",
        {
            "until_end_of": choice("The unit.", "month", "quarter", "year"),
            "after": ref("duration", "A span that passes first."),
        },
        required=["until_end_of"],
        title="{until_end_of: year}",
    )
    return record(
        "How members rise and fall.",
        {
            "metrics": mapping("The numbers that tiers look at.", _metric(), most=MAX_METRICS),
            "upgrade": either(
                "When a member who qualifies rises.",
                {"const": "at_once", "title": "at_once"},
                record(
                    "Only at the end of each month, quarter or year.",
                    {"at_end_of": choice("The unit.", "month", "quarter", "year")},
                    required=["at_end_of"],
                    title="{at_end_of: month}",
                ),
                default="at_once",
            ),
            "valid": either(
                "How long a tier is held before its keep condition is looked at.",
                {"const": "forever", "title": "forever"},
                record(
                    "A fixed span.",
                    {"for": ref("duration", "The span.")},
                    required=["for"],
                    title="{for: P12M}",
                ),
                valid,
                default="forever",
            ),
            "grace": ref("duration", "How much longer a tier is held that is not kept."),
            "step_down": choice(
                "Where a member goes who does not keep a tier: one rung down, to the highest"
                " rung that the member qualifies for, or to the bottom.",
                *("one", "qualified", "bottom"),
                default="one",
            ),
            "ladder": {
                "type": "array",
                "description": "All tiers, lowest first. Every member has at least the lowest.",
                "items": _tier(),
                "minItems": 1,
                "maxItems": MAX_TIERS,
            },
        },
        title="Tiers",
        required=["ladder"],
    )
