"""Fits arguments to what an operation takes."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from regulars.domain.conditions.functions import Overload
from regulars.domain.conditions.typed import Typed
from regulars.domain.conditions.types import Nullable, Type
from regulars.domain.errors import ConditionInvalid


def accept(argument: Typed, wanted: Type) -> Typed | None:
    """`argument` as a `wanted`; null in its place is an error when evaluated. None if it is not."""
    if argument.type == wanted:
        return argument
    if isinstance(argument.type, Nullable) and argument.type.inner == wanted:
        return Typed("not_null", wanted, (argument,), offset=argument.offset)
    return None


def require(argument: Typed, wanted: Type, *, what: str) -> Typed:
    """`argument` as a `wanted`. Raises ConditionInvalid: "`what` must be …, not …"."""
    accepted = accept(argument, wanted)
    if accepted is None:
        raise ConditionInvalid(
            f"{what} must be {wanted}, but this is {argument.type}.", offset=argument.offset
        )
    return accepted


def resolve(
    overloads: Sequence[Overload], arguments: tuple[Typed, ...], *, offset: int
) -> Typed | None:
    """The operation that fits `arguments`; None if there is none."""
    for overload in overloads:
        if len(overload.params) != len(arguments):
            continue
        fitted = [accept(a, p) for a, p in zip(arguments, overload.params, strict=True)]
        accepted = tuple(argument for argument in fitted if argument is not None)
        if len(accepted) == len(fitted):
            return Typed(overload.op, overload.result, accepted, offset=offset)
    return None


def nearest(name: str, known: Iterable[str]) -> str:
    """ " Did you mean …?", or nothing if no known name is near."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""
