"""JSON Schema of what a rule does beside giving points, and of the occasions it waits for."""

from regulars.domain.programs.schema_values import Schema, listing, record, ref

MAX_EFFECTS = 10


def effects_schema() -> Schema:
    """The shape of a rule's effects."""
    valid = ref("duration", "For how long. Without it: as long as what is given says itself.")
    one = record(
        "One effect.",
        {
            "benefit": ref("id", "A benefit of the program that is granted to the member."),
            "coupon": {
                "type": "string",
                "description": "The code of the template of which the member gets a coupon.",
                "pattern": "^[a-z][a-z0-9_-]{0,59}$",
                "errorMessage": "Write the code of a coupon template, such as welcome-10.",
            },
            "tag": ref("id", "A tag that the member gets."),
            "untag": ref("id", "A tag that the member loses."),
            "notice": ref("text", "What the member is told."),
            "badge": ref("id", "A badge of the program that the member wins, and keeps."),
            "for": valid,
        },
        oneOf=[
            {"required": ["benefit"]},
            {"required": ["coupon"]},
            {"required": ["tag"]},
            {"required": ["untag"]},
            {"required": ["notice"]},
            {"required": ["badge"]},
        ],
        errorMessage="Give one of: benefit, coupon, tag, untag, notice or badge.",
        examples=[{"benefit": "birthday_gift", "for": "P30D"}, {"tag": "parent", "for": "P2Y"}],
    )
    return {
        "type": "array",
        "description": "What the rule does beside giving points, or instead of it.",
        "items": one,
        "minItems": 1,
        "maxItems": MAX_EFFECTS,
        "uniqueItems": True,
    }


def occasions_schema() -> Schema:
    """The shape of the occasions of a rule on `occasion`."""
    return listing(
        "For rules on `occasion`: birthday, anniversary, member_day, second_purchase, a stage"
        " that is reached, such as stage.lapsed, or a tier, such as tier.gold.",
        {
            "type": "string",
            "pattern": "^(birthday|anniversary|member_day|second_purchase"
            "|(stage|tier)[.][a-z][a-z0-9_]{0,62})$",
            "errorMessage": "Write birthday, anniversary, member_day, second_purchase,"
            " stage.<stage> or tier.<tier>.",
        },
        most=50,
    ) | {"examples": [["birthday"], ["stage.lapsed"], ["tier.gold"]]}
