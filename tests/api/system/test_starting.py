"""What a process has done before it takes the first request."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import _EffectiveRouteContext
from tests.api.conftest import PROGRAM, Clock
from tests.api.farside import Client
from tests.conftest import cabinet

from regulars.api import application, faces
from regulars.api.app import create_app
from regulars.api.application import Application
from regulars.domain.access import Scope
from regulars.domain.conditions import parsing
from regulars.domain.programs import shape
from regulars.runtime import DEFAULT_ORGANIZATION, Runtime
from regulars.services import keys, programs
from regulars.settings import Settings
from regulars.storage import programs as stored
from regulars.storage.database import Database

ONCE = (faces._files, parsing._parser, shape._validator, stored._compiled)


@pytest.fixture
def started(
    db: Database, db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A process that is just ready, as if nothing had been done in it before."""
    clock = Clock()
    programs.publish(
        db, DEFAULT_ORGANIZATION, PROGRAM, in_force_from=datetime(2020, 1, 1, tzinfo=UTC),
        now=clock(),
    )  # fmt: skip
    made = keys.create(
        db, DEFAULT_ORGANIZATION, name="all", scopes=frozenset({Scope.ADMIN}), now=clock()
    )
    for once in ONCE:
        once.cache_clear()
    # Others share the routes of one application; here they are its own.
    monkeypatch.setattr(application, "create_app", create_app)
    settings = Settings(data=tmp_path, database_url=db_url)
    runtime = Runtime(settings, Database(db_url, pool_size=4), cabinet(), clock=clock)
    headers = {"Authorization": f"Bearer {made.secret}"}
    with Client(Application(lambda: runtime), headers) as client:
        yield client


def test_no_request_waits_for_what_is_done_once_a_process(
    started: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = [once.cache_info().misses for once in ONCE]
    routes: list[Any] = []
    work_out = _EffectiveRouteContext.from_api_route

    def noted(**route: Any) -> Any:
        routes.append(route)
        return work_out(**route)

    monkeypatch.setattr(_EffectiveRouteContext, "from_api_route", noted)

    # What is nowhere passes every route there is.
    assert started.get("/v1/nowhere").status_code == 404
    assert started.get("/v1/rewards").status_code == 200
    assert started.get("/v1/coupon-templates").status_code == 200
    assert started.get("/console/").status_code in {200, 503}

    assert routes == []
    assert done == [len(faces.FACES), 1, 1, 1]
    assert [once.cache_info().misses for once in ONCE] == done
