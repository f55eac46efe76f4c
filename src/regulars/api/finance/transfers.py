"""The transfers of a whole organization: searched, told in full, and as a file."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.finance import shapes
from regulars.api.paging import Paged, write_cursor
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import NAMING, Language, instant, ref_in
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.api.telling import tell_record
from regulars.domain.access import Access, Scope
from regulars.domain.errors import InvalidInput, MemberNotFound, MissingScope
from regulars.domain.finance.refusals import TransferNotFound
from regulars.domain.ids import EVENT, LOT, MEMBER, TRANSFER, VEILED, MemberRef, decode, encode
from regulars.domain.ledger import MEMBER_ACCOUNTS, Account
from regulars.gateways.files.writing import MEDIA, pieces
from regulars.services import exports
from regulars.services.finance import transfers
from regulars.services.finance.transfers import Whole
from regulars.storage.finance.transfers import Entry, Touched, Wanted

router = APIRouter(prefix="/v1", tags=["ledger"])

Form = Literal["csv", "ndjson", "parquet"]
_Instant = Annotated[str | None, Query(json_schema_extra={"format": "date-time"})]
_Word = Annotated[str | None, Query(min_length=1, max_length=200)]
_Points = Annotated[int | None, Query(ge=0, le=2**62)]


class Filters:
    """What is searched for, as the query says it."""

    def __init__(
        self,
        *,
        served: ServedBy,
        access: AccessBy,
        since: Annotated[
            _Instant, Query(alias="from", description="That count from then on, or later")
        ] = None,
        until: Annotated[
            _Instant, Query(alias="to", description="That count from before then")
        ] = None,
        recorded_from: Annotated[_Instant, Query(description="Not recorded before")] = None,
        recorded_to: Annotated[_Instant, Query(description="Recorded before")] = None,
        code: Annotated[
            list[str] | None,
            Query(max_length=20, description="What kind, such as earn; several: any of them"),
        ] = None,
        currency: Annotated[_Word, Query(description="Such as points")] = None,
        account: Annotated[
            Account | None, Query(description="On either side", examples=["redeemed"])
        ] = None,
        member: Annotated[
            _Word, Query(description="A member's id or reference", examples=["card:4711"])
        ] = None,
        rule: Annotated[_Word, Query(description="That gave points in the same event")] = None,
        least: Annotated[_Points, Query(description="Of at least so many points")] = None,
        most: Annotated[_Points, Query(description="Of at most so many points")] = None,
    ) -> None:
        self.wanted = Wanted(
            since=None if since is None else instant(since, "/query/from"),
            until=None if until is None else instant(until, "/query/to"),
            recorded_since=(
                None if recorded_from is None else instant(recorded_from, "/query/recorded_from")
            ),
            recorded_until=(
                None if recorded_to is None else instant(recorded_to, "/query/recorded_to")
            ),
            codes=tuple(code or ()),
            currency=currency,
            account=None if account is None else account.value,
            least=least,
            most=most,
            rule=rule,
        )
        if any("\0" in text for text in (currency, rule, *(code or ())) if text):
            raise InvalidInput("A search holds no null characters.")
        self.about = None if member is None else _about(served, access, member)


def _about(served: Served, access: Access, member: str) -> MemberRef:
    if member.startswith(VEILED) and not any(access.may(scope) for scope in NAMING):
        raise MissingScope(f"To call a member by phone or e-mail you need {NAMING[0].value}.")
    return ref_in(served, member, "/query/member")


FiltersIn = Annotated[Filters, Depends()]


@router.get(
    "/transfers",
    **declared(shapes.LedgerTransferPage, scope=Scope.LEDGER_READ, refusals=(MemberNotFound,)),
)
def search_transfers(filters: FiltersIn, served: ServedBy, page: Paged) -> Response:
    """Transfers of all members, newest recorded first.

    `from` and `to` are of the instant from which a transfer counts; `recorded_from` and
    `recorded_to` of when it was written down. A page may be short before all was looked through.
    """
    (through,) = page.start(tuple[int]) or (None,)
    found = transfers.search(
        served.db,
        served.organization,
        filters.wanted,
        about=filters.about,
        through=through,
        limit=page.limit,
    )
    following = None if found.through is None else write_cursor(found.through)
    items = [tell_entry(one) for one in found.entries]
    return page.respond(shapes.LedgerTransferPage(items, following), following)


def _file(scope: Scope) -> dict[str, Any]:
    made = declared(shapes.LedgerTransferPage, scope=scope, refusals=(MemberNotFound,))
    content = {
        media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media in MEDIA.values()
    }
    made["responses"][200] = {"description": "The file, as it is written", "content": content}
    return made


@router.get("/transfers:export", **_file(Scope.EXPORTS_READ))
def export_transfers(
    filters: FiltersIn,
    served: ServedBy,
    by: ByIn,
    form: Annotated[Form, Query(description="How it is written")] = "csv",
) -> StreamingResponse:
    """What a search finds, as a file that is written while it is read; members go by pseudonyms,
    the same as in every export. It is put on record."""
    now = served.runtime.clock()
    found = transfers.copy(
        served.db,
        served.organization,
        filters.wanted,
        about=filters.about,
        form=form,
        by=by,
        now=now,
    )
    kind = exports.kind_of("transfers")
    names = exports.names(served.db, served.runtime.cabinet, served.organization)
    records = (kind.make(_row(one), names) for one in found)
    name = f"transfers-{now:%Y-%m-%d}.{form}"
    headers = {**NOT_STORED, "content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(
        _begun(pieces(form, records, kind.columns)), media_type=MEDIA[form], headers=headers
    )


def _begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Without empty pieces, which some take for the end."""
    return (part for part in parts if part)


def _row(one: Entry) -> tuple[object, ...]:
    """As the exports of whole tables have it."""
    return (
        one.id, one.event_id, one.member_id, one.currency, one.code, one.debit, one.credit,
        one.amount, one.effective_at, one.recorded_at,
    )  # fmt: skip


@router.get(
    "/transfers/{transfer}",
    **declared(shapes.WholeTransferAnswer, scope=Scope.LEDGER_READ, refusals=(TransferNotFound,)),
)
def get_transfer(
    served: ServedBy,
    language: Language,
    transfer: Annotated[
        str, Path(description="A transfer's id (trf_…)", examples=["trf_2v9c3n5x7k1qd"])
    ],
) -> Response:
    """One transfer with both sides, the event behind it, and the lots it touched."""
    number = decode(TRANSFER, transfer) or 0
    found = transfers.whole(served.db, served.versions, number)
    return respond(_tell_whole(found, served, language))


def _tell_whole(found: Whole, served: Served, language: str) -> shapes.WholeTransferAnswer:
    entry, event = found.entry, found.event
    return shapes.WholeTransferAnswer(
        transfer=tell_entry(entry),
        sides=[
            _side("debit", entry.debit, entry.amount),
            _side("credit", entry.credit, entry.amount),
        ],
        event=(
            None
            if event is None
            else tell_record(event, found.table, served.book, language=language)
        ),
        beside=[tell_entry(one) for one in found.beside if one.id != entry.id],
        lots=[_tell_lot(one) for one in found.lots],
    )


def _side(side: str, account: str, amount: int) -> shapes.SideAnswer:
    owner = "member" if Account(account) in MEMBER_ACCOUNTS else "program"
    return shapes.SideAnswer(side, account, owner, amount)


def tell_entry(one: Entry) -> shapes.LedgerTransferAnswer:
    """One transfer."""
    return shapes.LedgerTransferAnswer(
        transfer=encode(TRANSFER, one.id),
        event=encode(EVENT, one.event_id),
        member=encode(MEMBER, one.member_id),
        currency=one.currency,
        code=one.code,
        amount=one.amount,
        debit=one.debit,
        credit=one.credit,
        effective_at=one.effective_at,
        recorded_at=one.recorded_at,
    )


def _tell_lot(one: Touched) -> shapes.TouchedLotAnswer:
    return shapes.TouchedLotAnswer(
        encode(LOT, one.id), one.currency, one.amount, one.remaining, one.earned_at,
        one.available_at, one.expires_at, one.is_new, one.used, one.lapsed,
    )  # fmt: skip
