"""Templates of coupons in PostgreSQL; what they say is kept in the process by its revision."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.errors import UniqueViolation

from regulars.domain.coupons.refusals import TemplateExists
from regulars.domain.coupons.templates import Template, TemplateState, Terms
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

KEPT = 5_000
"""Templates that a process remembers."""

_COLUMNS = """id, code, name, state, terms, prefix, public_code, revision, made_by, made_at,
    changed_by, changed_at, why"""

STATES = """
select code, state from coupon_template where organization_id = %s order by id desc limit %s
"""

PUT = f"""
insert into coupon_template (organization_id, code, name, state, terms, prefix, public_code,
                             is_claimable, revision, made_by, made_at, changed_by, changed_at)
values (%(organization)s, %(code)s, %(name)s, 'draft', %(terms)s, %(prefix)s, %(public_code)s,
        %(is_claimable)s, 1, %(by)s, %(now)s, %(by)s, %(now)s)
returning {_COLUMNS}
"""  # noqa: S608  # the constant above

CHANGE = f"""
update coupon_template
set name = %(name)s, terms = %(terms)s, prefix = %(prefix)s, public_code = %(public_code)s,
    is_claimable = %(is_claimable)s, given = null, revision = revision + 1, changed_by = %(by)s,
    changed_at = %(now)s
where organization_id = %(organization)s and id = %(id)s
returning {_COLUMNS}
"""  # noqa: S608

MOVE = f"""
update coupon_template
set state = %(state)s, why = %(why)s, revision = revision + 1, changed_by = %(by)s,
    changed_at = %(now)s
where organization_id = %(organization)s and id = %(id)s
returning {_COLUMNS}
"""  # noqa: S608

GET = f"select {_COLUMNS} from coupon_template where organization_id = %s and id = %s"  # noqa: S608

LOCK = f"""
select {_COLUMNS} from coupon_template
where organization_id = %s and id = %s
for no key update
"""  # noqa: S608

MANY = f"""
select {_COLUMNS} from coupon_template
where organization_id = %s and id = any(%s::bigint[])
"""  # noqa: S608

BY_CODE = f"""
select {_COLUMNS} from coupon_template where organization_id = %s and code = any(%s::text[])
"""  # noqa: S608

BY_WORD = f"""
select {_COLUMNS} from coupon_template where organization_id = %s and public_code = %s
"""  # noqa: S608

PAGE = f"""
select {_COLUMNS}
from coupon_template
where organization_id = %(organization)s and (%(before)s::bigint is null or id < %(before)s)
    and (%(state)s::text is null or state = %(state)s)
    and (%(words)s = '' or code ilike %(like)s or name ilike %(like)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

CLAIMABLE = f"""
select {_COLUMNS}
from coupon_template
where organization_id = %s and is_claimable and state = 'active'
order by id desc
limit %s
"""  # noqa: S608

DROP = """
delete from coupon_template where organization_id = %s and id = %s and state = 'draft'
returning id
"""

_terms = msgspec.json.Decoder(Terms)
_name = msgspec.json.Decoder(dict[str, str])
_encode = msgspec.json.Encoder().encode
_kept: dict[tuple[str, int, int], Template] = {}


def put(
    tx: Tx, organization: int, *, code: str, name: dict[str, str], terms: Terms, prefix: str,
    public_code: str | None, by: str, now: datetime,
) -> Template:  # fmt: skip
    """Keep a new template, as a draft. Raises TemplateExists."""
    values = _values(name, terms, prefix, public_code)
    values |= {"organization": organization, "code": code, "by": by, "now": now}
    return _written(tx, PUT, values)


def change(
    tx: Tx, organization: int, number: int, *, name: dict[str, str], terms: Terms, prefix: str,
    public_code: str | None, by: str, now: datetime,
) -> Template:  # fmt: skip
    """Let a locked template say something else. Raises TemplateExists."""
    values = _values(name, terms, prefix, public_code)
    values |= {"organization": organization, "id": number, "by": by, "now": now}
    return _written(tx, CHANGE, values)


def move(
    tx: Tx, organization: int, number: int, state: TemplateState, *, why: str, by: str,
    now: datetime,
) -> Template:  # fmt: skip
    """Bring a locked template into another state."""
    asked: dict[str, object] = {
        "organization": organization, "id": number, "state": state.value, "why": why, "by": by,
        "now": now,
    }  # fmt: skip
    return _written(tx, MOVE, asked)


def get(tx: Tx, organization: int, number: int) -> Template | None:
    """One template."""
    return _one(tx.execute(GET, [organization, number]).fetchone())


def lock(tx: Tx, organization: int, number: int) -> Template | None:
    """One template, with nobody else changing it until the transaction ends."""
    return _one(tx.execute(LOCK, [organization, number]).fetchone())


def by_codes(tx: Tx, organization: int, codes: Iterable[str]) -> dict[str, Template]:
    """The templates that rules of the program call so."""
    found = map(_template, tx.execute(BY_CODE, [organization, list(codes)]))
    return {one.code: one for one in found}


def states(tx: Tx, organization: int) -> dict[str, str]:
    """The states of the newest templates, by the code that rules of the program call them."""
    found = tx.execute(STATES, [organization, KEPT])
    return {code: state for code, state in found}  # noqa: C416  # told as a mapping


def by_word(tx: Tx, organization: int, word: str) -> Template | None:
    """The template that everybody may use who says this word."""
    return _one(tx.execute(BY_WORD, [organization, word]).fetchone())


def many(tx: Tx, organization: int, numbers: Iterable[int]) -> list[Template]:
    """The templates of these numbers, as they are now."""
    return [_template(row) for row in tx.execute(MANY, [organization, int_array(numbers)])]


def page(
    tx: Tx, organization: int, *, before: int | None, state: str | None, words: str, limit: int
) -> list[Template]:
    """Templates, newest first."""
    like = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    asked = {
        "organization": organization, "before": before, "state": state, "words": words,
        "like": f"%{like}%", "limit": limit,
    }  # fmt: skip
    return [_template(row) for row in tx.execute(PAGE, asked)]


def claimable(tx: Tx, organization: int, limit: int) -> list[Template]:
    """The active templates of the claim centre, newest first."""
    return [_template(row) for row in tx.execute(CLAIMABLE, [organization, limit])]


def drop(tx: Tx, organization: int, number: int) -> bool:
    """Take a draft away, of which there are no coupons; whether it was there."""
    return tx.execute(DROP, [organization, number]).fetchone() is not None


def revised(tx: Tx, organization: int, wanted: Iterable[tuple[int, int]]) -> dict[int, Template]:
    """Templates by number, each at least at the revision that was seen; asked for only where this
    process does not know them yet."""
    asked = dict(wanted)
    if not asked:
        return {}
    # A process may serve several databases, as in tests.
    house = f"{tx.info.dbname}/{organization}"
    found = {
        number: known
        for number, revision in asked.items()
        if (known := _kept.get((house, number, revision))) is not None
    }
    missing = [number for number in asked if number not in found]
    if missing:
        fresh = {one.id: one for one in many(tx, organization, missing)}
        if len(_kept) > KEPT:
            _kept.clear()
        # A revision never says anything else.
        _kept.update({(house, one.id, one.revision): one for one in fresh.values()})
        found |= fresh
    return found


def _values(
    name: dict[str, str], terms: Terms, prefix: str, public_code: str | None
) -> dict[str, object]:
    return {
        "name": _encode(name).decode(),
        "terms": _encode(terms).decode(),
        "prefix": prefix,
        "public_code": public_code,
        "is_claimable": terms.claim is not None,
    }


def _written(tx: Tx, statement: str, values: dict[str, object]) -> Template:
    try:
        row = tx.execute(statement.encode(), values).fetchone()
    except UniqueViolation as error:
        raise TemplateExists from error
    assert row is not None, "a row is written, or this raises"
    return _template(row)


def _one(row: Sequence[Any] | None) -> Template | None:
    return None if row is None else _template(row)


def _template(row: Sequence[Any]) -> Template:
    number, code, name, state, terms, prefix, public_code, revision, *rest = row
    made_by, made_at, changed_by, changed_at, why = rest
    return Template(
        id=number,
        code=code,
        name=_name.decode(name),
        state=TemplateState(state),
        terms=_terms.decode(terms),
        prefix=prefix,
        public_code=public_code,
        revision=revision,
        made_by=made_by,
        made_at=made_at,
        changed_by=changed_by,
        changed_at=changed_at,
        why=why,
    )
