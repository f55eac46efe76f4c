"""Members who can be written to, for tests of letters."""

import msgspec
from tests.adversarial.memberships.test_membership_races import NOW
from tests.conftest import cabinet

from regulars.domain import profiles
from regulars.domain.consents import SERVICE, Channel, Consent, How
from regulars.domain.profiles import KeptProfile
from regulars.gateways.messages.letters import Letter
from regulars.storage import consents, outbox, vault
from regulars.storage.database import Database, Tx


def yes(channel: Channel, *, granted: bool = True) -> Consent:
    return Consent(
        purpose=SERVICE, channel=channel, granted=granted, at=NOW, text_version="1", how=How.SELF
    )


def known(tx: Tx, member: int, said: list[Consent], **fields: object) -> None:
    """Keep a proven e-mail address and phone of a member, and what they said."""
    kept = {
        "email": f"m{member}@example.com", "email_proven_at": NOW,
        "phone": f"+86138001380{member:02d}", "phone_proven_at": NOW, "language": "en",
    } | fields  # fmt: skip
    plain = profiles.write(KeptProfile(**kept))  # type: ignore[arg-type]
    vault.write(tx, cabinet(), 1, member_id=member, plain=plain, now=NOW)
    consents.record(
        tx, cabinet(), 1, member_id=member, proof=None, by="staff:1", at=NOW, consents=said
    )


def letters(db: Database) -> list[Letter]:
    """All that wait to be sent, in their order."""
    with db.transaction(1) as tx:
        rows = tx.execute("select key_version, sealed from outbox order by id").fetchall()
        keys = cabinet()
        return [
            msgspec.json.decode(
                keys.keys(tx, 1, version=version).open(version, sealed, outbox.PLACE), type=Letter
            )
            for version, sealed in rows
        ]
