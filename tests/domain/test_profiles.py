"""A profile changes by a merge patch, and what is new of it is not proven."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.personal import Profile
from regulars.domain.profiles import (
    KeptProfile,
    ProfileChange,
    changed,
    differing,
    named,
    proven,
    read,
    shown,
    write,
)

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
MEI = KeptProfile(
    name="Mei", phone="+8613800138000", email="mei@example.com", phone_proven_at=NOW,
    email_proven_at=NOW,
)  # fmt: skip


def patch(**values: Any) -> ProfileChange:
    return msgspec.json.decode(msgspec.json.encode(values), type=ProfileChange)


def test_what_is_left_out_stays_and_null_takes_away() -> None:
    after = changed(MEI, patch(name=None, address="1 Main Street"), today=TODAY)
    assert (after.name, after.address, after.phone) == (None, "1 Main Street", MEI.phone)
    assert differing(MEI, after) == ("name", "address")
    assert changed(MEI, patch(), today=TODAY) == MEI


def test_a_number_that_is_only_written_otherwise_stays_proven() -> None:
    assert changed(MEI, patch(phone="138 0013 8000"), today=TODAY) == MEI
    moved = changed(MEI, patch(phone="139 0013 9000"), today=TODAY)
    assert (moved.phone_proven_at, moved.email_proven_at) == (None, NOW)
    assert proven(moved, "phone", NOW).phone_proven_at == NOW
    assert changed(MEI, patch(email=None), today=TODAY).email_proven_at is None


def test_nobody_says_themselves_that_something_is_proven() -> None:
    with pytest.raises(msgspec.ValidationError):
        patch(phone_proven_at="2026-03-04T00:00:00Z")


def test_a_profile_without_notes_on_proof_is_read_as_well() -> None:
    assert read(write(Profile(name="Mei"))) == KeptProfile(name="Mei")
    assert read(write(MEI)) == MEI


def test_no_change_shows_its_values_in_a_log() -> None:
    change = patch(name="Mei", phone=None)
    assert repr(change) == "Change of name, phone"
    assert "Mei" not in repr(MEI)
    assert named(change) == ("name", "phone")


def test_only_fields_of_a_profile_are_shown() -> None:
    assert shown(MEI, ("name", "address")) == {"name": "Mei"}
    for wrong in ((), ("phone_proven_at",), ("name", "__class__")):
        with pytest.raises(InvalidInput):
            shown(MEI, wrong)


NAMES = st.text("abc李 ", min_size=1, max_size=8).filter(str.strip)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.none() | NAMES,
        "address": st.none() | NAMES,
        "language": st.none() | st.sampled_from(["en", "zh-cn"]),
        "phone": st.none() | st.sampled_from(["13800138000", "139-0013-9000"]),
    },
)


@given(CHANGES)
def test_the_same_change_twice_is_the_same_as_once(values: dict[str, Any]) -> None:
    once = changed(MEI, patch(**values), today=TODAY)
    assert changed(once, patch(**values), today=TODAY) == once
    assert set(differing(MEI, once)) <= set(values)
