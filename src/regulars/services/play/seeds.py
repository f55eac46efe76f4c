"""The seeds of draws: made of what stands in the database and of a key that does not, so that who
has only one of the two cannot work out who wins."""

from dataclasses import dataclass
from hashlib import sha256

from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

SEED, PLAYER = "draw_seed", "draw_player"
"""The kinds of keyed hashes that seeds and players are."""

PLAYER_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Seeds:
    """Works out seeds, and what players are called in audits."""

    cabinet: Cabinet
    organization: int

    def seed(self, tx: Tx, nonce: str) -> str:
        """The seed of the draw with this nonce, 64 hexadecimal digits. Told to nobody before the
        end."""
        return sha256(self._hash(tx, SEED, nonce).encode()).hexdigest()

    def player(self, tx: Tx, draw: int, member: int) -> str:
        """What a member is called in this draw, and in no other."""
        text = self._hash(tx, PLAYER, f"{draw}:{member}")
        return "ply_" + sha256(text.encode()).hexdigest()[:PLAYER_LETTERS]

    def _hash(self, tx: Tx, kind: str, text: str) -> str:
        return self.cabinet.keys(tx, self.organization).hash_of(kind, text)
