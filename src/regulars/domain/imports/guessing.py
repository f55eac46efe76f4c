"""From the columns and first rows of a table to the mapping that was probably meant."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from regulars.domain.imports.headers import certain, plain, ranks
from regulars.domain.imports.instants import Stamp, mostly, stamp_of

BY_NAME = frozenset({"amount", "card", "receipt"})
"""What is believed to be so called even where the cells are wrong, so that they are told."""

WINDOW = 200
"""Receipts that may be mixed with each other in a file."""

Rows = Sequence[Sequence[str]]
Test = Callable[[str], bool]


class Doubt(StrEnum):
    """What a person should look at before the import is started."""

    NO_RECEIPT = "no_receipt"
    NO_MEMBER = "no_member"
    NO_TIME = "no_time"
    NO_AMOUNT = "no_amount"
    DAY_OR_MONTH = "day_or_month"
    PERSONAL = "personal"
    BROKEN_QUANTITIES = "broken_quantities"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known without the file. `money`: the program's, ISO 4217, with so many `decimals`;
    `zone`: where its shops are. `style`: how the text of the file is written, of a CSV file."""

    money: str
    decimals: int
    zone: str
    style: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping as one would write it down. What was not found is left out of it."""

    mapping: dict[str, Any]
    doubts: tuple[Doubt, ...]


_NUMBER = re.compile(r"[¥￥$€£]?\s*-?\d{1,3}(?:[,.' ]?\d{3})*(?:[.,]\d{1,4})?|[¥￥$€£]?\s*-?\d+")
_COMMA = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d{1,4}|-?\d+,\d{1,4}")
_PHONE = re.compile(r"\+?[\d ()-]{7,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_REF = re.compile(r"[a-z][a-z0-9_.-]{0,39}:\S+")
_WORD = re.compile(r"\S.{0,199}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def guess(columns: Sequence[str], rows: Rows, known: Known) -> Guess:
    """The mapping of a table of purchases, with a row for each receipt or each line of one."""
    return _Table(columns, rows, known).guess()


class _Table:
    """Columns are given out one by one: what one field has taken is no other's."""

    def __init__(self, columns: Sequence[str], rows: Rows, known: Known) -> None:
        self._columns = columns
        self._rows = rows
        self._known = known
        self._taken: set[int] = set()
        self._doubts: list[Doubt] = []

    def guess(self) -> Guess:
        time, stamp = self._time()
        amount = self._take("amount", _NUMBER.fullmatch)
        total = self._take("total", _NUMBER.fullmatch)
        receipt = self._take("receipt", _WORD.fullmatch)
        subject = self._subject()
        mapping: dict[str, Any] = {}
        if receipt is None:
            self._doubts.append(Doubt.NO_RECEIPT)
        else:
            mapping["id"] = self._text(receipt)
        if subject is None:
            self._doubts.append(Doubt.NO_MEMBER)
        else:
            mapping["subject"] = subject
        if time is not None:
            mapping["time"] = time
        if stamp is None:
            self._doubts.append(Doubt.NO_TIME)
        elif stamp.is_ambiguous:
            self._doubts.append(Doubt.DAY_OR_MONTH)
        mapping |= {"type": "purchase", "source": "import"}
        data = self._data(mapping, receipt, amount, total)
        mapping["data"] = data
        if self._known.style:
            mapping["csv"] = dict(self._known.style)
        return Guess(mapping, tuple(self._doubts))

    def _data(
        self, mapping: dict[str, Any], receipt: int | None, amount: int | None, total: int | None
    ) -> dict[str, Any]:
        currency = self._take("currency", _CURRENCY.fullmatch)
        data: dict[str, Any] = {
            "currency": self._known.money if currency is None else self._text(currency)
        }
        for field in ("store", "channel"):
            place = self._take(field, _WORD.fullmatch)
            if place is not None:
                data[field] = self._text(place)
        line = self._line()
        is_by_line = bool(line) or (receipt is not None and self._repeats(receipt))
        if amount is None and total is None:
            self._doubts.append(Doubt.NO_AMOUNT)
        elif is_by_line and (amount is not None or not self._repeats(receipt)):
            paid = amount if amount is not None else total
            assert paid is not None
            data["lines"] = [{"amount": self._money(paid), **line}]
        else:
            paid = total if total is not None else amount
            assert paid is not None
            data["total"] = self._money(paid)
        if is_by_line and receipt is not None:
            mapping["group_by"] = self._columns[receipt]
            mapping["window"] = WINDOW
        return data

    def _line(self) -> dict[str, Any]:
        line: dict[str, Any] = {}
        quantity = self._take("quantity", _NUMBER.fullmatch)
        if quantity is not None:
            if mostly(self._cells(quantity), _is_piece):
                line["quantity"] = {"column": self._columns[quantity], "as": "integer"}
            else:
                self._doubts.append(Doubt.BROKEN_QUANTITIES)
        for field in ("sku", "category", "brand"):
            place = self._take(field, _WORD.fullmatch)
            if place is not None:
                line[field] = self._text(place)
        return line

    def _subject(self) -> str | None:
        """By card or number where most rows have one, else by phone or e-mail."""
        places = {
            "card": self._take("card", _WORD.fullmatch),
            "member": self._take("member", _WORD.fullmatch),
            "phone": self._take("phone", _PHONE.fullmatch),
            "email": self._take("email", _EMAIL.fullmatch),
        }
        best, most = None, 0
        for kind, place in places.items():
            if place is not None and len(self._cells(place)) > most:
                best, most = kind, len(self._cells(place))
        if best is None:
            return None
        place = places[best]
        assert place is not None
        cells, name = self._cells(place), self._columns[place]
        if best in {"phone", "email"}:
            return f"{best}:{{{name}}}"
        if mostly(cells, _is_mobile):
            return f"phone:{{{name}}}"
        if mostly(cells, _EMAIL.fullmatch):
            return f"email:{{{name}}}"
        return f"{{{name}}}" if mostly(cells, _REF.fullmatch) else f"card:{{{name}}}"

    def _time(self) -> tuple[dict[str, Any] | None, Stamp | None]:
        for place in ranks("time", self._columns):
            stamp = stamp_of(self._cells(place))
            if stamp is None:
                continue
            self._taken.add(place)
            time: dict[str, Any] = {"column": self._columns[place]}
            if stamp.is_day:
                stamp = self._with_clock(time, place, stamp)
            if not stamp.has_zone:
                time["zone"] = self._known.zone
            if stamp.format is not None:
                time["format"] = stamp.format
            return time, stamp
        sure = certain("time", self._columns)
        if sure is None:
            return None, None
        self._taken.add(sure)
        return {"column": self._columns[sure], "zone": self._known.zone}, None

    def _with_clock(self, time: dict[str, Any], day: int, stamp: Stamp) -> Stamp:
        """The time of day stands in a column of its own, in many exports."""
        for place in ranks("clock", self._columns):
            if place in self._taken:
                continue
            pairs = [
                f"{row[day].strip()} {row[place].strip()}"
                for row in self._rows
                if row[day].strip() and row[place].strip()
            ]
            both = stamp_of(pairs)
            if both is not None and not both.is_day:
                self._taken.add(place)
                time["clock"] = self._columns[place]
                return both
        return stamp

    def _take(self, field: str, fits: Callable[[str], object]) -> int | None:
        """The best free column for a field whose cells fit, but for some that are wrong."""
        for place in ranks(field, self._columns):
            cells = self._cells(place)
            if place not in self._taken and mostly(cells, fits):
                self._taken.add(place)
                return place
        sure = certain(field, self._columns) if field in BY_NAME else None
        if sure is None or sure in self._taken:
            return None
        self._taken.add(sure)
        return sure

    def _cells(self, place: int) -> list[str]:
        return [cell for row in self._rows if (cell := row[place].strip())]

    def _repeats(self, place: int | None) -> bool:
        if place is None:
            return False
        cells = self._cells(place)
        return len(set(cells)) < len(cells)

    def _text(self, place: int) -> str:
        return f"{{{self._columns[place]}}}"

    def _money(self, place: int) -> dict[str, Any]:
        money: dict[str, Any] = {"column": self._columns[place], "as": "money"}
        if self._known.decimals != 2:  # noqa: PLR2004  # what a mapping takes without being told
            money["decimals"] = self._known.decimals
        cells = self._cells(place)
        if any(map(_COMMA.fullmatch, cells)) and not any("." in cell[-3:] for cell in cells):
            money["decimal"] = ","
        if "分" in self._columns[place] or "cents" in plain(self._columns[place]):
            money = {"column": self._columns[place], "as": "integer"}
        return money


def _is_piece(text: str) -> bool:
    whole, _, rest = text.partition(".")
    return whole.isascii() and whole.isdecimal() and not rest.strip("0") and int(whole) > 0


def _is_mobile(text: str) -> bool:
    """Whether this is a mobile number of China, or one with its country before it."""
    digits = re.sub(r"[ ()-]", "", text)
    return bool(re.fullmatch(r"1[3-9]\d{9}|\+\d{8,15}", digits))
