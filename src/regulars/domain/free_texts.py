"""Which texts of a recorded operation somebody typed."""

from regulars.domain.operations import (
    Adjustment,
    CardChange,
    HoldOpening,
    MemberChange,
    Operation,
    PointsTransfer,
    Redemption,
    TagChange,
)


def free_texts(data: Operation) -> dict[str, str]:
    """What was typed, by JSON pointer."""
    match data:
        case Adjustment():
            return {"/reason": data.reason}
        case Redemption() | HoldOpening():
            return {} if data.reference is None else {"/reference": data.reference}
        case MemberChange():
            return {
                f"/attributes/{name}": value
                for name, value in data.attributes.items()
                if isinstance(value, str)
            }
        case PointsTransfer():
            return {"/to": data.to}
    return _of_status(data)


def _of_status(data: Operation) -> dict[str, str]:
    match data:
        case TagChange():
            return {f"/tags/{tag}": tag.replace("_", " ") for tag in data.add}
        case CardChange():
            return {"/reason": data.reason} if data.reason else {}
    return {}
