"""The JSON Schema (2020-12) of a program document, for editors and for the first check."""

from functools import cache

from regulars.domain.programs.schema_benefits import benefits_schema
from regulars.domain.programs.schema_budgets import budgets_schema
from regulars.domain.programs.schema_cards import cards_schema
from regulars.domain.programs.schema_examples import examples_schema
from regulars.domain.programs.schema_lifecycle import lifecycle_schema
from regulars.domain.programs.schema_play import badges_schema
from regulars.domain.programs.schema_rules import rules_schema
from regulars.domain.programs.schema_tiers import tiers_schema
from regulars.domain.programs.schema_till import grace_schema, till_schema
from regulars.domain.programs.schema_values import (
    Schema,
    choice,
    decimal,
    either,
    flag,
    mapping,
    record,
    ref,
    shared,
    whole,
)

FORMAT = 1
MAX_CURRENCIES = 50
MAX_ATTRIBUTES = 100
MAX_TYPES = 100
MAX_CONVERSIONS = 200
MAX_GROUPS = 50

_KIND = choice("What kind of value it has.", "bool", "int", "string")


def _currency() -> Schema:
    expiry = either(
        "When points lapse.",
        {"const": "never", "title": "never"},
        record(
            "A span after they were earned.",
            {"after": ref("duration", "The span.")},
            required=["after"],
            title="{after: P12M}",
        ),
        record(
            "At the end of a month or year.",
            {
                "end_of": choice("The unit.", "month", "year"),
                "after": ref("duration", "A span that passes first."),
            },
            required=["end_of"],
            title="{end_of: year}",
        ),
        record(
            "After a span in which the member did nothing.",
            {"inactive": ref("duration", "The span.")},
            required=["inactive"],
            title="{inactive: P12M}",
        ),
        default="never",
    )
    return record(
        "One kind of points.",
        {
            "kind": choice(
                "Spendable points are earned and spent; status points count towards tiers only.",
                *("spendable", "status"),
            ),
            "name": ref("text", "What members read."),
            "pending": ref("duration", "How long earned points wait before they can be spent."),
            "expiry": expiry,
            "cash_value": record(
                "What points are worth when they are spent.",
                {
                    "points": whole("So many points …", least=1),
                    "amount": decimal("… are worth so much of the program's money."),
                },
                required=["points", "amount"],
                examples=[{"points": 100, "amount": 1.00}],
            ),
            "breakage": {
                "type": "number",
                "description": "The share of points expected to lapse, for the liability.",
                "minimum": 0,
                "exclusiveMaximum": 1,
                "default": 0,
                "examples": [0.15],
            },
            "transferable": flag("One member may give them to another.", default=False),
            "at_till": till_schema(),
            "restore_grace": grace_schema(),
        },
        required=["kind", "name"],
    )


def _head() -> dict[str, Schema]:
    return {
        "regulars": {"const": FORMAT, "description": "The version of this format."},
        "program": ref("id", "The name of the program."),
        "name": ref("text", "What members read."),
        "time_zone": {
            "type": "string",
            "description": "The zone in which days, months and years are cut.",
            "minLength": 1,
            "maxLength": 100,
            "examples": ["America/New_York", "Asia/Shanghai"],
        },
        "money": {
            "type": "string",
            "description": "The money of prices and rates, as in ISO 4217.",
            "pattern": "^[A-Z]{3}$",
            "errorMessage": "Write the three letters of ISO 4217, such as USD or CNY.",
            "examples": ["USD", "CNY"],
        },
    }


def _declarations() -> dict[str, Schema]:
    return {
        "members": record(
            "Who takes part, and what is known of a member.",
            {
                "unknown": choice(
                    "What an event of a person not yet a member does.",
                    *("enroll", "refuse"),
                    default="enroll",
                ),
                "attributes": mapping(
                    "Coarse facts for conditions; no personal data.", _KIND, most=MAX_ATTRIBUTES
                ),
            },
        ),
        "event_attributes": mapping(
            "Further facts of built-in events, by event type: event.data.attributes.x.",
            mapping("Facts.", _KIND, most=50),
            most=50,
        ),
        "event_types": mapping(
            "Event types of this program.",
            record(
                "An event type.",
                {
                    "name": ref("text", "What people read."),
                    "amount": {
                        "type": "string",
                        "description": "The whole-number property (minor units) that rates count.",
                    },
                    "schema": {
                        "type": "object",
                        "description": "The JSON Schema (2020-12) of the event's data.",
                    },
                },
                required=["schema"],
            ),
            most=MAX_TYPES,
            names=r"^[a-z][a-z0-9_]{0,40}(\.[a-z0-9_]{1,40}){0,5}$",
        ),
    }


def _points() -> dict[str, Schema]:
    return {
        "currencies": mapping("Kinds of points.", _currency(), most=MAX_CURRENCIES)
        | {"minProperties": 1},
        "conversions": {
            "type": "array",
            "description": "Which points members may turn into others.",
            "items": record(
                "`take` points of one currency become `give` of another.",
                {
                    "from": ref("id", "The currency that is given up."),
                    "to": ref("id", "The currency that is received."),
                    "take": whole("Only multiples of it convert.", least=1),
                    "give": whole("What is received for them.", least=1),
                },
                required=["from", "to", "take", "give"],
            ),
            "maxItems": MAX_CONVERSIONS,
        },
    }


def _promises() -> dict[str, Schema]:
    return {
        "rules": rules_schema(),
        "stacking": mapping(
            "How rules of one group compete.",
            choice(
                "best: the one that gives most; priority: the highest; all: no competition.",
                *("best", "priority", "all"),
            ),
            most=MAX_GROUPS,
        ),
        "tiers": tiers_schema(),
        "benefits": benefits_schema(),
        "lifecycle": lifecycle_schema(),
        "badges": badges_schema(),
        "cards": cards_schema(),
        "budgets": budgets_schema(),
        "returns": record(
            "What happens when a purchase comes back.",
            {
                "spent": choice(
                    "When the points are spent already: the balance falls below zero, the member"
                    " owes them, or they are waived.",
                    *("negative", "owe", "waive"),
                    default="negative",
                ),
                "tier": choice(
                    "Whether a tier that the purchase brought is taken back.",
                    *("take_back", "keep"),
                    default="take_back",
                ),
            },
        ),
        "examples": examples_schema(),
    }


@cache
def document_schema() -> Schema:
    """The schema of the whole document. Do not change what it gives: it is shared."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Regulars program",
        **record(
            "A loyalty program: its points, rules and tiers.",
            _head() | _declarations() | _points() | _promises(),
            required=["regulars", "program", "name", "time_zone", "money", "currencies", "rules"],
        ),
        "$defs": shared(),
    }
