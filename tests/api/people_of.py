"""Members who are signed in, for tests of what they do themselves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from tests.api.conftest import Shop

from regulars.domain.access import Kind
from regulars.domain.ids import MEMBER, decode
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage import sessions


@dataclass
class Person:
    """A member with a session. `number`: the row."""

    shop: Shop
    number: int
    secret: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.shop.client.request(
            method, path, json=body, headers={"Authorization": f"Bearer {self.secret}", **headers}
        )


def signed_in(shop: Shop, member: str, *, is_strong: bool = False) -> Person:
    """A session of the member with this id of ours."""
    number = decode(MEMBER, member)
    assert number is not None
    secret = sessions.new_secret(DEFAULT_ORGANIZATION)
    now = shop.clock()
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        sessions.begin(
            tx, DEFAULT_ORGANIZATION, kind=Kind.MEMBER, subject_id=number,
            secret_hash=sessions.hash_of(secret), device="Safari on iPhone", at=now,
            expires_at=now + timedelta(days=30),
            strong_until=now + timedelta(minutes=15) if is_strong else None,
        )  # fmt: skip
    return Person(shop, number, secret)
