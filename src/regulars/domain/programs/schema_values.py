"""JSON Schema of the small things a program document is made of: names, times, spans, conditions.

`errorMessage` is what a person is told when a value does not fit; editors show it too.
"""

from typing import Any

from regulars.domain.amounts import MAX_AMOUNT

Schema = dict[str, Any]

MAX_ENTRIES = 1_000
MAX_CONDITION = 4_000

ID_PATTERN = "^[a-z][a-z0-9_]{0,62}$"
_DURATION = r"^P(?=.)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=.)(\d{1,5}H)?(\d{1,5}M)?)?$"


def ref(name: str, description: str, **more: Any) -> Schema:
    """A use of the shared shape `name`, described for the place where it is used."""
    return {"$ref": f"#/$defs/{name}", "description": description, **more}


def record(description: str, properties: dict[str, Schema], **more: Any) -> Schema:
    """A mapping with these properties and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": False,
        **more,
    }


def listing(description: str, items: Schema, *, least: int = 1, most: int = MAX_ENTRIES) -> Schema:
    """A list without repetitions."""
    return {
        "type": "array",
        "description": description,
        "items": items,
        "minItems": least,
        "maxItems": most,
        "uniqueItems": True,
    }


def mapping(description: str, of: Schema, *, most: int, names: str = ID_PATTERN) -> Schema:
    """A mapping whose names the document chooses."""
    return {
        "type": "object",
        "description": description,
        "additionalProperties": of,
        "propertyNames": {
            "pattern": names,
            "errorMessage": "A name has small letters, digits and _, and begins with a letter.",
        },
        "maxProperties": most,
    }


def choice(description: str, *values: str, **more: Any) -> Schema:
    """One of a few words."""
    return {"type": "string", "description": description, "enum": list(values), **more}


def flag(description: str, *, default: bool | None = None) -> Schema:
    """true or false."""
    return {"type": "boolean", "description": description} | (
        {} if default is None else {"default": default}
    )


def whole(description: str, *, least: int = 0, most: int = MAX_AMOUNT, **more: Any) -> Schema:
    """A whole number."""
    return {
        "type": "integer",
        "description": description,
        "minimum": least,
        "maximum": most,
        **more,
    }


def decimal(description: str, **more: Any) -> Schema:
    """A decimal above zero, read exactly."""
    return {
        "type": "number",
        "description": description,
        "exclusiveMinimum": 0,
        "maximum": MAX_AMOUNT,
        **more,
    }


def either(description: str, *shapes: Schema, **more: Any) -> Schema:
    """One of several shapes, which differ in type or in their properties."""
    return {"description": description, "anyOf": list(shapes), **more}


def shared() -> dict[str, Schema]:
    """The shapes used in many places, for `$defs`."""
    word = {"type": "string", "minLength": 1, "maxLength": 200}
    return {
        "id": {
            "type": "string",
            "title": "Id",
            "pattern": ID_PATTERN,
            "errorMessage": "An id has small letters, digits and _, and begins with a letter.",
            "examples": ["weekend_double"],
        },
        "text": {
            "type": "object",
            "title": "Words in several languages",
            "required": ["en"],
            "properties": {
                "en": {**word, "title": "English"},
                "zh-CN": {**word, "title": "简体中文"},
            },
            "additionalProperties": word,
            "propertyNames": {
                "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
                "errorMessage": "Languages are written as in en, zh-CN or pt-BR.",
            },
            "maxProperties": 30,
            "examples": [{"en": "Gold", "zh-CN": "金卡"}],
        },
        "duration": {
            "type": "string",
            "title": "Span of time",
            "pattern": _DURATION,
            "errorMessage": "Write a span such as P14D, P12M, P1Y or PT2H.",
            "examples": ["P12M", "P14D", "PT2H"],
        },
        "day": {
            "type": "string",
            "title": "Day",
            "pattern": r"^\d{4}-\d{2}-\d{2}$",
            "errorMessage": "Write a day such as 2017-07-04.",
            "examples": ["2017-07-04"],
        },
        "moment": {
            "type": "string",
            "title": "Moment",
            "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$",
            "errorMessage": "Write a day such as 2017-07-04, or 2017-07-04T09:00:00Z.",
            "examples": ["2017-07-04", "2017-07-04T09:00:00Z"],
        },
        "condition": {
            "type": "string",
            "title": "Condition in CEL",
            "minLength": 1,
            "maxLength": MAX_CONDITION,
            "examples": ['order.total >= 5000 && order.channel == "app"'],
        },
        "words": listing("Texts to compare with, exactly.", word),
        "need": {
            "type": "object",
            "title": "Metrics and their least values, all of which must be reached",
            "description": "Money is counted in minor units: 100000 is 1,000.00 USD.",
            "additionalProperties": whole("The least value.", least=1),
            "minProperties": 1,
            "maxProperties": 20,
            "examples": [{"spend_year": 100_000}],
        },
    }
