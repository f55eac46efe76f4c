"""JSON Schema of a program's examples: events, and what they must earn."""

from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    mapping,
    record,
    ref,
    whole,
)

MAX_EXAMPLES = 200
MAX_STEPS = 100

REASONS = (
    "schedule",
    "audience",
    "payment",
    "condition",
    "condition_error",
    "lines",
    "nothing",
    "stacking",
    "cap",
    "share",
    "budget",
)
"""Why a rule did not apply, in the order in which the reasons are looked for."""


def _expect() -> Schema:
    return record(
        "What must come out.",
        {
            "earn": mapping(
                "All that the event gives, by currency; a return gives less than nothing.",
                {"type": "integer", "examples": [12, -5]},
                most=50,
            ),
            "rules": mapping("What each of these rules gives.", {"type": "integer"}, most=500),
            "reasons": mapping(
                "Why each of these rules gives nothing.",
                choice("The first reason.", *REASONS),
                most=500,
            ),
            "tier": ref("id", "The tier after the event."),
            "refused": {
                "type": "string",
                "description": "The code of the refusal; then nothing else is expected.",
                "examples": ["already_returned"],
            },
        },
        minProperties=1,
    )


def _step() -> Schema:
    return record(
        "An event and what must come out.",
        {
            "id": {
                "type": "string",
                "description": "The id of the event, for returns to name.",
                "minLength": 1,
                "maxLength": 200,
            },
            "type": {"type": "string", "description": "The event type.", "maxLength": 100},
            "time": ref("moment", "When it happens."),
            "data": {"type": "object", "description": "The data of the event."},
            "expect": _expect(),
        },
        required=["type", "time", "expect"],
    )


def examples_schema() -> Schema:
    """The shape of the list of examples."""
    member = record(
        "The member before the first event.",
        {
            "tier": ref("id", "The tier held; without it the lowest."),
            "attributes": {
                "type": "object",
                "description": "Values of member attributes.",
                "additionalProperties": {"type": ["boolean", "integer", "string"]},
                "maxProperties": 100,
            },
            "enrolled_at": ref("moment", "When the member joined."),
            "purchases": whole("Purchases so far.", most=10**9, default=0),
            "cards": mapping(
                "Paid cards that are held, each with its end.",
                ref("moment", "Paid for until then."),
                most=20,
            ),
        },
    )
    return {
        "type": "array",
        "title": "Examples",
        "description": "Tests of this program, run before it is published.",
        "items": record(
            "One member and what happens to the member.",
            {
                "name": {"type": "string", "description": "What it shows.", "maxLength": 200},
                "member": member,
                "events": {
                    "type": "array",
                    "description": "Decided one after the other on the same member.",
                    "items": _step(),
                    "minItems": 1,
                    "maxItems": MAX_STEPS,
                },
            },
            required=["name", "events"],
        ),
        "maxItems": MAX_EXAMPLES,
    }
