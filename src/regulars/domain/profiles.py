"""A member's profile as it is kept: the values, which of them were proven, and how it changes."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from regulars.domain.errors import InvalidInput
from regulars.domain.personal import FIELDS, Gender, Profile, normal_profile

PROVEN_AT = {"phone": "phone_proven_at", "email": "email_proven_at"}
"""The fields that a member can be reached by, and where it stands when that was last proven."""


class KeptProfile(Profile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the vault holds of a member. `…_proven_at`: when a code sent there came back."""

    phone_proven_at: datetime | None = None
    email_proven_at: datetime | None = None


class ProfileChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396): fields left out stay as they are, null takes one away."""

    name: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    birthday: date | UnsetType | None = UNSET
    address: str | UnsetType | None = UNSET
    gender: Gender | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    wechat: str | UnsetType | None = UNSET

    def __repr__(self) -> str:
        return f"Change of {', '.join(named(self)) or 'nothing'}"


def named(change: ProfileChange) -> tuple[str, ...]:
    """The fields that a change speaks of, in the order of the table."""
    return tuple(name for name in FIELDS if getattr(change, name) is not UNSET)


def changed(
    kept: KeptProfile, change: ProfileChange, *, today: date, region: str = "CN"
) -> KeptProfile:
    """The profile after the change, each new value in its one form. Raises InvalidInput.

    A number or address that is another than before is not proven any more.
    """
    values = {name: getattr(change, name) for name in named(change)}
    fresh = normal_profile(Profile(**values), region, today=today)
    after = {name: getattr(fresh, name) for name in values}
    for name, proven in PROVEN_AT.items():
        if name in after and after[name] != getattr(kept, name):
            after[proven] = None
    return structs.replace(kept, **after)


def differing(before: Profile, after: Profile) -> tuple[str, ...]:
    """The names of the fields whose values differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def proven(kept: KeptProfile, field: str, at: datetime) -> KeptProfile:
    """The profile with the note that its phone or e-mail address was proven at `at`."""
    return structs.replace(kept, **{PROVEN_AT[field]: at})


def write(kept: Profile) -> bytes:
    """The profile as the vault seals it."""
    return msgspec.json.encode(kept)


def read(raw: bytes) -> KeptProfile:
    """What `write` has written."""
    return _decoder.decode(raw)


def shown(kept: Profile, fields: Mapping[str, object] | tuple[str, ...]) -> dict[str, object]:
    """The values of some fields, those that are filled. Raises InvalidInput for none of ours."""
    unknown = [name for name in fields if name not in FIELDS]
    if unknown or not fields:
        raise InvalidInput(f"Choose fields among: {', '.join(FIELDS)}.")
    return {name: getattr(kept, name) for name in fields if getattr(kept, name) is not None}


_decoder = msgspec.json.Decoder(KeptProfile)
