"""JSON Schema of the stages of a member's life: how often and how lately they came."""

from regulars.domain.programs.schema_values import Schema, listing, record, ref, whole

GROWING_TIMES, MATURE_TIMES, OFTEN_WITHIN = 2, 6, "P12M"
AT_RISK, LAPSED, WON_BACK = "P60D", "P180D", "P90D"
"""What counts where a document says nothing."""


def _often(description: str, times: int) -> Schema:
    return record(
        description,
        {
            "times": whole("At least so many times.", least=1, most=1_000, default=times),
            "within": ref("duration", "Within the latest days or months.", default=OFTEN_WITHIN),
        },
        minProperties=1,
        examples=[{"times": times, "within": OFTEN_WITHIN}],
    )


def lifecycle_schema() -> Schema:
    """The shape of the lifecycle."""
    return record(
        "Which stage of life a member is in: prospect, new, growing, mature, at_risk, lapsed or"
        " won_back.",
        {
            "on": listing(
                "The events that count as coming. Without it: purchase.",
                {"type": "string", "minLength": 1, "maxLength": 100},
                most=50,
            ),
            "growing": _often("When a member is growing rather than new.", GROWING_TIMES),
            "mature": _often("When a member is mature.", MATURE_TIMES),
            "at_risk": ref(
                "duration", "How long after the last time a member is at risk.", default=AT_RISK
            ),
            "lapsed": ref("duration", "How long after it a member has lapsed.", default=LAPSED),
            "won_back": ref(
                "duration", "How long a member who came again is called won back.", default=WON_BACK
            ),
            "second_purchase": ref(
                "duration",
                "How long after the first time the occasion second_purchase is, for those who have"
                " not come again.",
            ),
            "member_day": whole(
                "The day of each month on which the occasion member_day is.", least=1, most=28
            ),
        },
        title="Lifecycle",
        examples=[{"at_risk": "P60D", "lapsed": "P180D"}],
    )
