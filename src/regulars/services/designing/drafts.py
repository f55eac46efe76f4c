"""Drafts of the program: written by several people, none of whom loses what another wrote."""

from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.designing.refusals import DraftNotFound
from regulars.domain.errors import (
    Fault,
    InvalidInput,
    NotAllowed,
    StaleMark,
    VersionNotFound,
)
from regulars.domain.names import outside
from regulars.storage import audit, programs
from regulars.storage.database import Database, Tx
from regulars.storage.designing import drafts
from regulars.storage.designing.drafts import Draft, Revision

MAX_DRAFTS = 200
MAX_NAME = 100


def create(
    db: Database,
    organization: int,
    *,
    name: str,
    document: str | None,
    from_version: int | None,
    by: By,
    now: datetime,
) -> Draft:
    """Begin a draft with a text, or with that of a published version; with neither, with that of
    the newest. Raises InvalidInput, VersionNotFound, NotAllowed when there are too many."""
    name = _checked(name, document or "")
    with db.transaction(organization) as tx:
        if drafts.count(tx, organization) >= MAX_DRAFTS:
            raise NotAllowed(f"There are {MAX_DRAFTS} drafts already. Delete one first.")
        text, base = _beginning(tx, organization, document, from_version)
        number = drafts.create(
            tx, organization, name=name, document=text, base_version=base, by=by.actor, at=now
        )
        made = _there(drafts.get(tx, organization, number))
        _record(tx, "created", made, by, now)
        return made


def _beginning(
    tx: Tx, organization: int, document: str | None, from_version: int | None
) -> tuple[str, int | None]:
    """The text with which a draft begins, and the version that it is meant to change."""
    known = {one.version: one for one in programs.load(tx, organization)}
    if from_version is not None and from_version not in known:
        raise VersionNotFound(f"There is no version {from_version} of the program.")
    base = from_version if from_version is not None else max(known, default=None)
    if document is not None:
        return document, base
    return (known[base].document, base) if base is not None else ("", None)


def get(db: Database, organization: int, number: int) -> Draft:
    """One draft with its text. Raises DraftNotFound."""
    with db.transaction(organization) as tx:
        return _there(drafts.get(tx, organization, number))


def listed(
    db: Database, organization: int, *, before: tuple[datetime, int] | None, limit: int
) -> list[Draft]:
    """A page of drafts without their texts, those that were changed last first."""
    with db.transaction(organization) as tx:
        return drafts.listed(tx, organization, before=before, limit=limit)


def change(
    db: Database,
    organization: int,
    number: int,
    *,
    name: str,
    document: str,
    revision: int | None,
    by: By,
    now: datetime,
) -> Draft:
    """Let a draft say something else. `revision`: the one that the caller has changed; None
    overwrites whatever is there. Sent twice, the second finds what it says and changes nothing.

    Raises InvalidInput, DraftNotFound; StaleMark, which says who was quicker.
    """
    name = _checked(name, document)
    with db.transaction(organization) as tx:
        found = _there(drafts.get(tx, organization, number, lock=True))
        if (found.name, found.document) == (name, document):
            return found
        if revision is not None and revision != found.revision:
            raise _stale(found)
        following = Revision(found.revision + 1, name, document, by.actor, now)
        drafts.change(tx, organization, number, following)
        return _there(drafts.get(tx, organization, number))


def _stale(found: Draft) -> StaleMark:
    return StaleMark(
        f"{outside(found.changed_by)} changed this draft at {found.changed_at.isoformat()}; it is "
        f"at revision {found.revision} now. Read it again, and put your change into it.",
        faults=[Fault("/header/if-match", f"the draft is at revision {found.revision}")],
    )


def delete(db: Database, organization: int, number: int, *, by: By, now: datetime) -> Draft:
    """Take a draft away, with all that it said; what it was. Raises DraftNotFound."""
    with db.transaction(organization) as tx:
        found = _there(drafts.get(tx, organization, number, lock=True))
        drafts.delete(tx, organization, number)
        _record(tx, "deleted", found, by, now)
        return found


def revisions(
    db: Database, organization: int, number: int, *, before: int | None, limit: int
) -> list[Revision]:
    """A page of what a draft said, newest first. Raises DraftNotFound."""
    with db.transaction(organization) as tx:
        found = _there(drafts.get(tx, organization, number))
        upto = found.revision + 1 if before is None else before
        return drafts.revisions(tx, organization, number, before=upto, limit=limit)


def revision(db: Database, organization: int, number: int, wanted: int) -> Revision:
    """What a draft said in one revision. Raises DraftNotFound."""
    with db.transaction(organization) as tx:
        found = drafts.revision(tx, organization, number, wanted)
    if found is None:
        raise DraftNotFound("There is no such revision of the draft, or it was forgotten.")
    return found


def _checked(name: str, document: str) -> str:
    """The name as it is kept. Raises InvalidInput."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInput(
            f"A draft has a name of 1 to {MAX_NAME} visible characters.",
            faults=[Fault("/name", "empty, too long, or not visible")],
        )
    if "\0" in document:
        raise InvalidInput(
            "The document contains a character that no text has.",
            faults=[Fault("/document", "contains the character U+0000")],
        )
    return name


def _record(tx: Tx, what: str, draft: Draft, by: By, now: datetime) -> None:
    """What is changed in between is told by the draft's revisions. What it is called somebody has
    typed, and the trail is kept for good."""
    after = {"base_version": draft.base_version, "revision": draft.revision}
    audit.record(tx, by, [Deed(f"draft.{what}", f"draft:{draft.id}", after=after)], now)


def _there(found: Draft | None) -> Draft:
    if found is None:
        raise DraftNotFound
    return found
