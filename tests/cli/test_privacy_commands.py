"""`regulars privacy` and `regulars vault`, as a person types them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import key_file
from typer.testing import CliRunner, Result

from regulars.cli import session
from regulars.cli.main import app
from regulars.domain.personal import FIELDS
from regulars.domain.retention import CLASSES
from regulars.storage.retention import NOT_BY_SCHEDULE

Regulars = Callable[..., Result]


@pytest.fixture
def regulars(db_url: str, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Regulars:
    """Runs a command on an empty database, with a key file of its own."""
    keys = tmp_path / "master.keys"
    shutil.copy(key_file(), keys)
    keys.chmod(0o600)
    monkeypatch.setenv("REGULARS_DATABASE_URL", db_url)
    monkeypatch.setenv("REGULARS_KEY_FILE", str(keys))
    monkeypatch.setenv("REGULARS_DATA", str(data))
    # The console takes its width when it is made, which another test may have had happen.
    monkeypatch.setattr(session.out, "_width", 250)

    def run(*words: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(app, words)
        assert result.exit_code == exit_code, result.output + repr(result.exception)
        return result

    return run


def test_the_register_tells_every_field_as_a_table_and_as_json(regulars: Regulars) -> None:
    table = regulars("privacy", "register").stdout
    told = json.loads(regulars("privacy", "register", "--json").stdout)
    assert {f"profile.{name}" for name in FIELDS} <= {one["where"] for one in told}
    assert all(one["purpose"] and one["kept"] for one in told)
    assert "profile.birthday" in table
    assert "P36M after last seen" in table


def test_retention_is_tried_and_executed(regulars: Regulars) -> None:
    assert "Nothing was taken away." in regulars("privacy", "retention", "--dry-run").stdout
    told = json.loads(regulars("privacy", "retention", "--json").stdout)
    assert {one["what"] for one in told} == set(CLASSES) - set(NOT_BY_SCHEDULE)
    assert {one["removed"] for one in told} == {0}


def test_keys_are_rotated(regulars: Regulars, tmp_path: Path) -> None:
    first = json.loads(regulars("vault", "rotate", "--json").stdout)
    assert first == {
        "data_key": 2, "sealed_anew": 0, "old_keys_dropped": [], "old_keys_kept_for_now": [1],
    }  # fmt: skip
    lines = (tmp_path / "master.keys").read_text().splitlines()

    told = json.loads(regulars("vault", "rotate", "--master", "--json").stdout)

    newest = (tmp_path / "master.keys").read_text().splitlines()[-1]
    assert newest not in lines
    assert told["new_master_key"] == newest.partition(" ")[0]
    assert told["keys_sealed_anew"] >= 3
    (tmp_path / "master.keys").write_text(newest + "\n")
    assert "data key: 3" in regulars("vault", "rotate").stdout
    told_of = regulars("audit", "list").stdout
    assert "vault.rotated" in told_of
    assert "vault.rewrapped" in told_of
