"""kill -9 of server, worker, import and PostgreSQL under load: nothing lost, nothing doubled."""

from pathlib import Path

from tests.adversarial.crashing import crash


def test_whatever_is_killed_nothing_is_lost_and_nothing_doubled(data: Path) -> None:
    toll = crash(data, kills=6, seed=3, imported=3_000)

    assert sum(toll.kills.values()) == 6
    assert toll.sent > 0
    assert toll.is_clean, str(toll)
