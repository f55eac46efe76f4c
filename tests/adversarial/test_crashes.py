"""Kill -9 at random moments, of the engine and of PostgreSQL under it: nothing lost or doubled."""

from pathlib import Path

from tests.adversarial.crashing import VICTIMS, crash


def test_nothing_is_lost_or_doubled_by_kills(data: Path) -> None:
    tale = crash(data, len(VICTIMS) + 1, seed=7)
    assert tale.is_clean, str(tale)
    assert tale.kills == len(VICTIMS) + 1
    assert tale.acknowledged > 0
