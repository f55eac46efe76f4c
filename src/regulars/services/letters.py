"""Letters to members: handed over in the background, and again later where that failed."""

import logging
from datetime import datetime

import msgspec

from regulars.domain.errors import NotDelivered
from regulars.gateways.messages.letters import Letter, Messenger
from regulars.storage import outbox
from regulars.storage.database import Database
from regulars.storage.outbox import Waiting
from regulars.storage.sealing import Cabinet

LOG = logging.getLogger("regulars.letters")
MOST_AT_ONCE = 100


def send(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    messenger: Messenger,
    *,
    now: datetime,
    only: int | None = None,
) -> int:
    """Hand over letters that are due, or `only` one; how many were.

    Any number of processes may try at once. A letter whose taker dies between handing it over and
    saying so is sent twice. Failures are logged without a word of the letter.
    """
    with db.transaction(organization) as tx:
        waiting = outbox.take(tx, cabinet, organization, now=now, limit=MOST_AT_ONCE, only=only)
    sent = 0
    for one in waiting:
        if not _handed_over(messenger, one):
            continue
        sent += 1
        with db.transaction(organization) as tx:
            outbox.remove(tx, organization, one.id)
    return sent


def _handed_over(messenger: Messenger, one: Waiting) -> bool:
    """Whether the letter is done with: sent, or refused for good."""
    try:
        messenger.send(_letter.decode(one.letter))
    except NotDelivered as refusal:
        LOG.warning("Letter %d was not delivered: %s", one.id, refusal.detail)
        return refusal.is_final
    return True


_letter = msgspec.json.Decoder(Letter)
