"""/healthz, /readyz and /metrics: for whoever watches over the process. No key is needed."""

from fastapi import APIRouter, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from regulars.api.state import HouseBy
from regulars.services import readiness

router = APIRouter(tags=["operations"])

NOT_READY = 503


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


class Ready(BaseModel):
    """Whether the process can do its work. `missing`: migrations that are not applied yet."""

    status: str
    missing: list[str]


@router.get("/healthz")
async def health() -> Health:
    """Whether the process lives."""
    return Health()


@router.get("/readyz", responses={NOT_READY: {"model": Ready, "description": "Not ready."}})
def ready(house: HouseBy, response: Response) -> Ready:
    """Whether the database answers and fits."""
    found = readiness.look(house.runtime.db)
    if not found.is_ready:
        response.status_code = NOT_READY
    status = "ready" if found.is_ready else "not_ready"
    return Ready(status=status, missing=list(found.missing))


@router.get("/metrics", response_class=Response)
async def metrics(house: HouseBy) -> Response:
    """Counters and histograms in the Prometheus text format."""
    return Response(house.desk.counts.text(), media_type=CONTENT_TYPE_LATEST)
