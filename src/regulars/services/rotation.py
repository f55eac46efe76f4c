"""New keys for what is sealed: all of it is sealed anew, and old keys go when nobody needs them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.audit import By, Deed
from regulars.storage import audit, organizations, rotation, signing_keys
from regulars.storage.database import DEPLOYMENT, Database, Tx
from regulars.storage.sealing import Cabinet

TOGETHER = 500
"""Sealed anew in one transaction."""

SETTLED = timedelta(minutes=10)
"""No transaction lasts as long: whoever began before the new key was made has ended by then."""

Told = Callable[[int, int], None]
"""Called as told(sealed anew, in all)."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was done. `version`: the data key in use; `dropped`: the older ones that went;
    `kept`: those that something may still hang on, for a while."""

    version: int
    resealed: int
    dropped: tuple[int, ...]
    kept: tuple[int, ...]


def rotate(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    *,
    by: By,
    now: datetime,
    told: Told = lambda _done, _all: None,
) -> Rotation:
    """Give an organization a new data key, and seal everything anew under it.

    What members' own keys seal is not touched. Safe to repeat, and beside a running system: a
    rotation that was broken off is carried on, and no further key is made for that.
    Raises PersonalDataUnusable, KeyServiceFailed.
    """
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        version, _ = cabinet.newest(tx, organization)
        is_renewed = not rotation.waiting(tx, organization, version)
        if is_renewed:
            version = cabinet.renew(tx, organization, now)
            deed = Deed("vault.rotated", f"organization:{organization}", after={"key": version})
            audit.record(tx, by, [deed], now)
        everything = rotation.waiting(tx, organization, version)
    done = 0
    while True:
        with db.transaction(organization) as tx:
            count = rotation.reseal(tx, cabinet, organization, version, TOGETHER)
        if not count:
            break
        done += count
        told(done, max(done, everything))
    dropped, kept = drop_old(db, cabinet, organization, by=by, now=now)
    return Rotation(version, done, dropped, kept)


def drop_old(
    db: Database, cabinet: Cabinet, organization: int, *, by: By, now: datetime
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Forget the old data keys on which nothing hangs any more: those that went, and those kept.

    Kept until the newest is old enough that nobody seals under another. Safe to repeat.
    """
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        older = tuple(cabinet.older(tx, organization))
        version, made_at = cabinet.newest(tx, organization)
        is_settled = made_at is not None and now - made_at >= SETTLED
        if not older or not is_settled or rotation.waiting(tx, organization, version):
            return (), older
        cabinet.drop_before(tx, organization, version)
        deed = Deed("vault.keys_dropped", f"organization:{organization}", after={"keys": older})
        audit.record(tx, by, [deed], now)
    return older, ()


def rewrap_all(db: Database, cabinet: Cabinet, *, by: Callable[[int], By], now: datetime) -> int:
    """Seal the keys of all organizations, and those that sign tokens, anew under the newest key of
    the key file or service; how many. Safe to repeat. Raises KeyServiceFailed.
    """
    with db.transaction(DEPLOYMENT) as tx:
        everybody = [one.id for one in organizations.listed(tx)]
    count = 0
    for organization in everybody:
        with db.transaction(organization) as tx:
            count += _rewrap(tx, cabinet, organization, by(organization), now)
    with db.transaction(DEPLOYMENT) as tx:
        return count + signing_keys.reseal(tx, cabinet)


def _rewrap(tx: Tx, cabinet: Cabinet, organization: int, by: By, now: datetime) -> int:
    organizations.lock(tx, organization)
    count = cabinet.rewrap(tx, organization)
    deed = Deed("vault.rewrapped", f"organization:{organization}", after={"keys": count})
    audit.record(tx, by, [deed], now)
    return count
