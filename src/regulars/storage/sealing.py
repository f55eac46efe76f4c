"""Sealing of personal data: AES-256-GCM under keys that are themselves sealed.

Three steps: a key service, outside the database, seals each organization's keys; the
organization's key seals a data key for each member; the member's key seals what is known of them.
To forget a member is to forget one key.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.domain.errors import PersonalDataUnusable
from regulars.domain.ids import PHONE, MemberRef
from regulars.domain.personal import normal_email, normal_phone
from regulars.storage.database import Tx

KEY_BYTES = 32
NONCE_BYTES = 12
HASH_LETTERS = 32
"""Of six bits each: 192 bits, so that no two of all phones in the world meet."""

LOAD = """
select purpose, version, wrapped from organization_key where organization_id = %s
"""

NEWEST = """
select version, created_at from organization_key
where organization_id = %s and purpose = 'data'
order by version desc
limit 1
"""

ADD = """
insert into organization_key (organization_id, purpose, version, wrapped, created_at)
values (%s, %s, %s, %s, %s)
"""

REWRAP = """
update organization_key set wrapped = %s
where organization_id = %s and purpose = %s and version = %s
"""

DROP = """
delete from organization_key where organization_id = %s and purpose = 'data' and version < %s
"""


class KeyService(Protocol):
    """Keeps the key above all keys; see `gateways/key_services`."""

    def wrap(self, plain: bytes, context: bytes) -> bytes:
        """Seal a key. `context` has to be told again to open it."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Open it. Raises KeyServiceFailed."""


@dataclass(frozen=True, slots=True, repr=False)
class OrganizationKeys:
    """The opened keys of one organization. `data`: version to key; the highest one is in use."""

    organization: int
    index: bytes
    data: dict[int, bytes]

    @property
    def version(self) -> int:
        """The version that seals from now on."""
        return max(self.data)

    def ref(self, kind: str, text: str) -> MemberRef:
        """The reference by which a member with this phone or e-mail address is found, however it
        is written. Raises InvalidInput."""
        normal = normal_phone(text) if kind == PHONE else normal_email(text)
        return MemberRef(None, kind, self.hash_of(kind, normal))

    def hash_of(self, kind: str, normal: str) -> str:
        """What stands for a value where it has to be found: HMAC-SHA-256 under the organization's
        own key, so that no list of all numbers finds it out."""
        made = hmac_digest(self.index, f"{kind}\n{normal}".encode(), sha256)
        return "~" + urlsafe_b64encode(made)[:HASH_LETTERS].decode()

    def number_of(self, kind: str, normal: str) -> int:
        """A shorter one, of 64 bits, for an index whose finds are looked at again."""
        made = hmac_digest(self.index, f"{kind}\n{normal}".encode(), sha256)
        return int.from_bytes(made[:8], signed=True)

    def seal(self, plain: bytes, what: str) -> tuple[int, bytes]:
        """Seal something that is no member's yet; (key version, sealed). `what` names the place,
        so that a sealed text that was moved elsewhere does not open."""
        return self.version, seal(self.data[self.version], plain, self._context(what))

    def open(self, version: int, sealed: bytes, what: str) -> bytes:
        """Open it. Raises PersonalDataUnusable."""
        key = self.data.get(version)
        if key is None:
            raise PersonalDataUnusable
        return unseal(key, sealed, self._context(what))

    def _context(self, what: str) -> bytes:
        return f"regulars {self.organization} {what}".encode()


class Cabinet:
    """The opened keys of all organizations that this process has met."""

    def __init__(self, service: KeyService) -> None:
        self._service = service
        self._opened: dict[int, OrganizationKeys] = {}

    def keys(self, tx: Tx, organization: int, *, version: int = 0) -> OrganizationKeys:
        """The keys, among them data key `version` where one is asked for; `tx` is of the same
        organization. Without a version the newest is looked for: a process that goes on sealing
        under an older one would keep it from ever being dropped.

        Raises PersonalDataUnusable, KeyServiceFailed.
        """
        known = self._opened.get(organization)
        version = version or self.newest(tx, organization)[0]
        if known is None or version not in known.data:
            known = self._opened[organization] = self._load(tx, organization)
        return known

    def known(self, organization: int) -> OrganizationKeys | None:
        """The keys, if they were opened before."""
        return self._opened.get(organization)

    def seal_for_deployment(self, plain: bytes, what: str) -> bytes:
        """Seal something short that is no organization's, by the key service itself. `what` names
        the place. Raises KeyServiceFailed."""
        return self._service.wrap(plain, f"regulars deployment {what}".encode())

    def open_for_deployment(self, sealed: bytes, what: str) -> bytes:
        """Open it. Raises KeyServiceFailed."""
        return self._service.unwrap(sealed, f"regulars deployment {what}".encode())

    def begin(self, tx: Tx, organization: int, now: datetime) -> bool:
        """Give an organization its first keys, unless it has some; whether it got them now."""
        if tx.execute(LOAD, [organization]).fetchone() is not None:
            return False
        for purpose in ("index", "data"):
            self._add(tx, organization, purpose, 1, now)
        return True

    def renew(self, tx: Tx, organization: int, now: datetime) -> int:
        """Add a data key, which seals from now on; returns its version."""
        version = self._load(tx, organization).version + 1
        self._add(tx, organization, "data", version, now)
        return version

    def newest(self, tx: Tx, organization: int) -> tuple[int, datetime | None]:
        """The version of the data key that seals, and when it was made; (0, None) for none."""
        row = tx.execute(NEWEST, [organization]).fetchone()
        return (0, None) if row is None else (int(row[0]), row[1])

    def older(self, tx: Tx, organization: int) -> list[int]:
        """The versions of data keys that seal no more, and are kept to open."""
        newest, _ = self.newest(tx, organization)
        return [
            version
            for purpose, version, _ in tx.execute(LOAD, [organization])
            if purpose == "data" and version < newest
        ]

    def rewrap(self, tx: Tx, organization: int) -> int:
        """Seal all keys anew under the service's current key; how many."""
        rows = tx.execute(LOAD, [organization]).fetchall()
        for purpose, version, wrapped in rows:
            context = _key_context(organization, purpose, version)
            fresh = self._service.wrap(self._service.unwrap(bytes(wrapped), context), context)
            tx.execute(REWRAP, [fresh, organization, purpose, version])
        return len(rows)

    def drop_before(self, tx: Tx, organization: int, version: int) -> None:
        """Forget data keys below `version`. Nothing may be sealed under them any more."""
        tx.execute(DROP, [organization, version])
        self._opened.pop(organization, None)

    def _add(self, tx: Tx, organization: int, purpose: str, version: int, now: datetime) -> None:
        context = _key_context(organization, purpose, version)
        wrapped = self._service.wrap(secrets.token_bytes(KEY_BYTES), context)
        tx.execute(ADD, [organization, purpose, version, wrapped, now])

    def _load(self, tx: Tx, organization: int) -> OrganizationKeys:
        index, data = b"", {}
        for purpose, version, wrapped in tx.execute(LOAD, [organization]):
            context = _key_context(organization, purpose, version)
            key = self._service.unwrap(bytes(wrapped), context)
            if purpose == "index":
                index = key
            else:
                data[version] = key
        if not index or not data:
            raise PersonalDataUnusable("This organization has no keys for personal data.")
        return OrganizationKeys(organization, index, data)


def _key_context(organization: int, purpose: str, version: int) -> bytes:
    return f"regulars key {organization} {purpose} {version}".encode()


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Nonce and AES-256-GCM text."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """What was sealed. Raises PersonalDataUnusable."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except InvalidTag as error:
        raise PersonalDataUnusable("A sealed text does not open: it was changed or moved.") from (
            error
        )
