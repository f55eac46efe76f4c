"""What verification proves has words of its own in the console."""

from pathlib import Path

from regulars.services.verification.verifying import REPLAY
from regulars.storage.proofs import QUESTIONS

LEDGER = Path(__file__).parents[3] / "web" / "console" / "src" / "ledger"


def test_every_claim_has_words_in_the_console() -> None:
    told = (LEDGER / "Claims.tsx").read_text() + (LEDGER / "trade.ts").read_text()

    assert [claim for claim in (*QUESTIONS, REPLAY) if claim not in told] == []
