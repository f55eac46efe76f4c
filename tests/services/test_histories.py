"""Random histories through the real intake, against the shadow; and verified from nothing."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.services.histories import Both, document, histories, published

from regulars.domain.ids import MemberRef
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.verification.verifying import verify
from regulars.storage import members
from regulars.storage.database import Database
from regulars.storage.programs import Versions

numbers = count()
BOUNDED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# The pool of connections draws its own jitter from `random`, in threads of its own, at any moment;
# hypothesis takes it for ours when it falls into the making of an example.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("spent", ["negative", "owe", "waive"])
def test_any_history_ends_as_the_rules_of_the_business_say(db: Database, spent: str) -> None:
    published(db, document(spent))
    versions = Versions(1)

    @BOUNDED
    @given(histories)
    def lived(taken: list[tuple[Any, int, bool]]) -> None:
        both = Both(db, f"m{next(numbers)}-", spent)
        for step, hours, ends_batch in taken:
            both.take(step, hours, ends_batch=ends_batch)
        both.finish()
        both.compare(versions)
        for owner, shadow in enumerate(both.shadows):
            ref = MemberRef(None, "card", f"{both.prefix}{owner}")
            with db.transaction(DEFAULT_ORGANIZATION) as tx:
                member = members.get(tx, 1, ref)
            if member is not None and member.state.tier is not None:
                assert member.state.tier.tier == shadow.tier

    lived()
    report = verify(db, 1)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]
    assert report.replayed > 300
