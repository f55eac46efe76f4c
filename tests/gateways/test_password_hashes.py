"""Passwords are hashed by Argon2id as RFC 9106 recommends, and compared however they are typed."""

import pytest
from argon2 import PasswordHasher

from regulars.domain.errors import InvalidInput
from regulars.domain.passwords import MOST_LENGTH
from regulars.gateways.password_hashes import hash_password, is_outdated, is_password

PASSWORD = "tangerine lantern opposite gravel"


def test_a_hash_says_how_it_was_made_and_never_twice_the_same() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)

    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert not is_outdated(first)
    assert is_outdated(PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash("x"))


def test_only_the_password_itself_is_it() -> None:
    kept = hash_password("ｐassword Å tangerine")

    assert is_password(kept, "password Å tangerine")
    assert not is_password(kept, "password A tangerine")
    assert not is_password(kept, "")
    assert not is_password(None, "the password of nobody at all")
    assert not is_password("no hash", PASSWORD)


@pytest.mark.parametrize("text", ["x" * (MOST_LENGTH + 1), "\ud800"])
def test_what_is_no_password_is_refused_before_it_costs_anything(text: str) -> None:
    with pytest.raises(InvalidInput):
        is_password(None, text)
