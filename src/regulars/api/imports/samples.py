"""A file to try imports with: invented receipts of the last weeks, in the program's own money."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from regulars.api.contract import ALWAYS, demand, refused_with, security
from regulars.api.imports.uploads import MANAGE, program_of
from regulars.api.reading import Language
from regulars.api.state import ServedBy
from regulars.domain.amounts import exponent
from regulars.domain.errors import NoProgramInForce
from regulars.insight.samples.stream import Wish
from regulars.insight.samples.tables import table

router = APIRouter(prefix="/v1/imports", tags=["imports"])

EVENTS = 600
MEMBERS = 80
DAYS = 28
SEED = 8
ROWS_TOGETHER = 500


@router.get(
    "/sample.csv",
    dependencies=[Depends(demand(MANAGE))],
    response_class=StreamingResponse,
    openapi_extra={"security": security(MANAGE)},
    responses={
        200: {"description": "Receipts, a row a line", "content": {"text/csv": {}}},
        **refused_with(*ALWAYS, NoProgramInForce),
    },
)
def download_sample(served: ServedBy, language: Language) -> StreamingResponse:
    """Invented receipts as CSV, to try an import with. Its columns are called in the language that
    is asked for; the same day gives the same file."""
    program = program_of(served)
    if program is None:
        raise NoProgramInForce("Nothing was published yet: publish a program first.")
    until = served.runtime.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    since = until - timedelta(days=DAYS)
    wish = Wish(MEMBERS, EVENTS, SEED, since, until, program.zone, program.money)
    pieces = _written(wish, language, exponent(program.money))
    named = {"content-disposition": 'attachment; filename="receipts.csv"'}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=named)


def _written(wish: Wish, language: str, decimals: int) -> Iterator[bytes]:
    # Spreadsheets take a file for UTF-8 when it begins with this mark.
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    for number, row in enumerate(table(wish, language, decimals)):
        writer.writerow(row)
        if number % ROWS_TOGETHER == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
