"""The coupons that an order may use, found for many members and codes at once."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.coupons.codes import code_of, grouped
from regulars.domain.coupons.refusals import TemplateExists
from regulars.domain.coupons.templates import Give, Template, TemplateState, Terms
from regulars.storage.coupons import issuing, templates
from regulars.storage.coupons.issuing import Issue
from regulars.storage.coupons.wallet import wallets
from regulars.storage.database import Database, Tx

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TERMS = Terms(give=Give.AMOUNT, currency="CNY", amount=1_000)


def members(tx: Tx, count: int) -> list[int]:
    """New members."""
    rows = tx.execute(
        "insert into member (organization_id, enrolled_at) "
        "select 1, now() from generate_series(1, %s) returning id",
        [count],
    )
    return [number for (number,) in rows]


def template(tx: Tx, code: str = "ten", terms: Terms = TERMS, word: str | None = None) -> Template:
    """An active template."""
    made = templates.put(
        tx, 1, code=code, name={"en": code}, terms=terms, prefix="", public_code=word,
        by="staff:1", now=NOW,
    )  # fmt: skip
    return templates.move(tx, 1, made.id, TemplateState.ACTIVE, why="", by="staff:1", now=NOW)


def given(tx: Tx, of: Template, number: int, member: int | None, **more: object) -> int:
    """A coupon that was given out."""
    one = Issue(
        template_id=of.id, code=code_of("", number), member_id=member, source="staff",
        issued_at=NOW, by="staff:1", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    (made,) = issuing.issue(tx, 1, [one])
    assert made is not None
    return made


def test_members_coupons_and_codes_are_found_together(db: Database) -> None:
    with db.transaction(1) as tx:
        ann, bob = members(tx, 2)
        ten, word = template(tx), template(tx, "all", word="SPRING")
        own = given(tx, ten, 1, ann)
        given(tx, ten, 2, bob)
        free = given(tx, ten, 3, None)
        typed = grouped(code_of("", 3)).lower()
        found = wallets(tx, 1, [ann], [typed, "spring", "nonsense"], NOW)
    assert [held.coupon.id for held in found.of[ann]] == [own]
    assert bob not in found.of
    assert found.by_code[typed].coupon.id == free
    assert found.by_code["spring"].template.id == word.id
    assert found.by_code["spring"].coupon.id == 0
    assert "nonsense" not in found.by_code


def test_what_is_over_revoked_or_used_up_is_in_no_wallet(db: Database) -> None:
    with db.transaction(1) as tx:
        (ann,) = members(tx, 1)
        ten = template(tx)
        given(tx, ten, 1, ann, valid=(None, NOW))
        used = given(tx, ten, 2, ann)
        revoked = given(tx, ten, 3, ann)
        left = given(tx, ten, 4, ann, valid=(None, NOW + timedelta(seconds=1)))
        tx.execute("update coupon set state = 'revoked' where id = %s", [revoked])
        tx.execute(
            "insert into quota (organization_id, kind, subject, most, used) "
            "values (1, 'coupon', %s, 1, 1)",
            [str(used)],
        )
        found = wallets(tx, 1, [ann], [], NOW)
    assert [held.coupon.id for held in found.of[ann]] == [left]


def test_a_template_that_changed_is_read_anew(db: Database) -> None:
    with db.transaction(1) as tx:
        (ann,) = members(tx, 1)
        ten = template(tx)
        given(tx, ten, 1, ann)
        wallets(tx, 1, [ann], [], NOW)
        templates.move(tx, 1, ten.id, TemplateState.PAUSED, why="", by="staff:1", now=NOW)
        (held,) = wallets(tx, 1, [ann], [], NOW).of[ann]
    assert held.template.state is TemplateState.PAUSED


def test_a_request_is_served_once(db: Database) -> None:
    with db.transaction(1) as tx:
        (ann,) = members(tx, 1)
        ten = template(tx)
        given(tx, ten, 1, ann, request_key="x")
        again = Issue(
            template_id=ten.id, code=code_of("", 2), member_id=ann, source="staff", issued_at=NOW,
            by="staff:1", request_key="x",
        )  # fmt: skip
        assert issuing.issue(tx, 1, [again]) == [None]


def test_two_templates_cannot_share_a_word(db: Database) -> None:
    with db.transaction(1) as tx:
        template(tx, "one", word="SPRING")
    with pytest.raises(TemplateExists), db.transaction(1) as tx:
        template(tx, "two", word="SPRING")
