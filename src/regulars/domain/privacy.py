"""What an organization decides for itself about members' data, within what the law leaves open."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from regulars.domain.retention import Policy, read_policy

ErasedPoints = Literal["keep", "forfeit"]
"""What becomes of the points of an erased member: they lapse in their time, or they go at once."""


class PrivacyPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`retention`: kinds of record to ISO 8601 durations, where they depart from the default."""

    erased_points: ErasedPoints = "keep"
    retention: Mapping[str, str] = {}


def retention_of(policy: PrivacyPolicy) -> Policy:
    """How long the organization keeps what. Raises InvalidInput."""
    return read_policy(policy.retention)
