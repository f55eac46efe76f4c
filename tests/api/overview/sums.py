"""What the overview tells, and the same told by plain SQL over events and books."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.api.conftest import Shop

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.statistics import summing
from regulars.storage.programs import Versions

ZONE = ZoneInfo("Asia/Shanghai")

FLOWS = """
select coalesce(sum(amount) filter (where debit = 'issued'), 0),
       coalesce(sum(amount) filter (where credit = 'redeemed'), 0),
       coalesce(sum(amount) filter (where credit = 'expired'), 0),
       coalesce(sum(amount) filter (where credit = 'issued'), 0)
from transfer
where currency = %s and (effective_at at time zone 'Asia/Shanghai')::date between %s and %s
"""

LEFT = "select coalesce(sum(balance - owed), 0) from account where currency = %s"


def bring_up_to_date(shop: Shop, organization: int = DEFAULT_ORGANIZATION) -> None:
    """What the worker does every few seconds."""
    summing.bring_up_to_date(shop.db, Versions(organization), shop.clock())


def told(shop: Shop, **asked: Any) -> Any:
    """The overview; `from_` stands for `from`."""
    if "from_" in asked:
        asked["from"] = asked.pop("from_")
    answer = shop.get("/v1/overview", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def day_before(shop: Shop, days: int) -> str:
    """The business day so many days ago."""
    return (shop.clock().astimezone(ZONE) - timedelta(days=days)).date().isoformat()


def at(shop: Shop, *, days: int, hour: int = 12) -> str:
    """An instant so many days ago at that hour in the shop."""
    day = shop.clock().astimezone(ZONE) - timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0).astimezone(UTC).isoformat()


def flows(shop: Shop, currency: str, first: str, last: str) -> list[int]:
    """Issued, redeemed, expired and returned, by the books."""
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute(FLOWS, [currency, first, last]).fetchone()
    assert row is not None
    return [int(value) for value in row]


def left(shop: Shop, currency: str) -> int:
    """What is outstanding, by the accounts."""
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute(LEFT, [currency]).fetchone()
    assert row is not None
    return int(row[0])


def of(answer: Any, currency: str) -> Any:
    """The figures of one currency."""
    return next(one for one in answer["currencies"] if one["currency"] == currency)


def of_day(answer: Any, day: str) -> Any:
    """The figures of one day."""
    return next(one for one in answer["days"] + answer["days_before"] if one["day"] == day)


def midnight(day: str) -> datetime:
    """The beginning of a business day."""
    return datetime.fromisoformat(day).replace(tzinfo=ZONE).astimezone(UTC)
