"""Compiles a checked condition about a member to a parameterised SQL boolean for PostgreSQL.

NULL stands for CEL's error: SQL's AND, OR and NOT treat the one as CEL treats the other. No
operation written here raises an SQL error, so that one odd row cannot fail a whole audience.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from regulars.domain.conditions.refusing import refusal
from regulars.domain.conditions.sql_templates import (
    INSTANT_PARTS,
    LENGTH_PARTS,
    MACROS,
    MOVED,
    SIMPLE,
    SQL_TYPES,
)
from regulars.domain.conditions.typed import FieldRead, Getter, Typed
from regulars.domain.conditions.types import (
    ANYTHING,
    BOOL,
    DOUBLE,
    INT,
    NULL,
    STRING,
    ListOf,
    MapOf,
    Nullable,
    Type,
    plain,
)

MAX_SQL_CHARACTERS = 100_000
"""Some operations name their argument twice; this stops what would double at every level."""

_EXACT_IN_DOUBLE = 2**53
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SqlCondition:
    """`text` is true, false or NULL for a row; NULL is CEL's error and matches nothing.

    Placeholders are psycopg's `%(name)s`. The caller adds `now` to `params`.
    """

    text: str
    params: Mapping[str, object]


def compile_sql(typed: Typed) -> SqlCondition:
    """Raises ConditionInvalid at the first operation that SQL cannot say."""
    writer = _Writer()
    text = writer.write(typed)
    return SqlCondition(text, writer.params)


class _Writer:
    """Collects the parameters while the text is written."""

    def __init__(self) -> None:
        self.params: dict[str, object] = {}

    def write(self, typed: Typed) -> str:
        """SQL for `typed`, in brackets or of one piece."""
        writer = getattr(self, f"_write_{typed.op}", None)
        if writer is not None:
            text: str = writer(typed)
        elif typed.op in SIMPLE:
            text = SIMPLE[typed.op].format(*(self.write(arg) for arg in typed.args))
        else:
            raise refusal(typed)
        if len(text) > MAX_SQL_CHARACTERS:
            raise refusal(typed, "This condition is too long for an audience.")
        return text

    def _parameter(self, value: object, sql_type: str) -> str:
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"%({name})s::{sql_type}"

    def _write_const(self, typed: Typed) -> str:
        if isinstance(typed.detail, bool):
            return "TRUE" if typed.detail else "FALSE"
        return self._parameter(_plain_value(typed), SQL_TYPES[typed.type])

    def _write_root(self, typed: Typed) -> str:
        if typed.detail != "now":
            raise refusal(typed)
        return "%(now)s::timestamptz"

    def _write_variable(self, _: Typed) -> str:
        return "cel_entry.cel_value"

    def _write_field(self, typed: Typed) -> str:
        return _column(typed)

    def _write_and(self, typed: Typed) -> str:
        return f"({' AND '.join(self.write(arg) for arg in typed.args)})"

    def _write_or(self, typed: Typed) -> str:
        return f"({' OR '.join(self.write(arg) for arg in typed.args)})"

    def _write_has(self, typed: Typed) -> str:
        read = typed.detail
        assert isinstance(read, FieldRead)
        column = _column(typed)
        return f"({column} IS NOT NULL)" if read.optional else "TRUE"

    def _equality(self, typed: Typed) -> str:
        left, right = typed.args
        if isinstance(left.type, Nullable) or isinstance(right.type, Nullable):
            same = self._same_or_both_null(typed, left, right)
            return same if typed.op == "eq" else f"(NOT {same})"
        if left.type == NULL:
            return "TRUE" if typed.op == "eq" else "FALSE"
        sides = self._numbers_alike(typed)
        return f"({sides[0]} {'=' if typed.op == 'eq' else '<>'} {sides[1]})"

    def _same_or_both_null(self, typed: Typed, left: Typed, right: Typed) -> str:
        """Here NULL is a value, and so only of operands that cannot be an error as well."""
        for side in (left, right):
            if isinstance(side.type, Nullable) and side.op not in {"field", "variable"}:
                raise refusal(side)
        if NULL in (left.type, right.type):
            known = right if left.type == NULL else left
            return f"({self.write(known)} IS NULL)"
        first, second = self._numbers_alike(typed)
        if isinstance(left.type, Nullable) and isinstance(right.type, Nullable):
            return f"({first} IS NOT DISTINCT FROM {second})"
        if isinstance(right.type, Nullable):
            left, right, first, second = right, left, second, first
        # Written so that an index on the column can be used.
        same = f"({first} IS NOT NULL AND {first} = {second})"
        if right.op == "const":
            return same
        return f"(CASE WHEN {second} IS NOT NULL THEN {same} END)"

    def _order(self, typed: Typed) -> str:
        operator = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}[typed.op]
        left, right = self._numbers_alike(typed)
        # CEL orders texts by code point, not as a dictionary does.
        collation = ' COLLATE "C"' if typed.args[0].type == STRING else ""
        return f"({left}{collation} {operator} {right})"

    def _numbers_alike(self, typed: Typed) -> tuple[str, str]:
        """Both sides. PostgreSQL would round an int beside a double, so it must be exact."""
        left, right = typed.args
        if {plain(left.type), plain(right.type)} != {INT, DOUBLE}:
            return self.write(left), self.write(right)
        for side in (left, right):
            value = side.detail
            if plain(side.type) == INT and not (
                side.op == "const" and isinstance(value, int) and abs(value) <= _EXACT_IN_DOUBLE
            ):
                raise refusal(side, "An audience cannot compare whole numbers with others.")
        return self.write(left), self.write(right)

    def _in_list(self, typed: Typed) -> str:
        value, holder = typed.args
        may_be_null = isinstance(value.type, Nullable)
        if may_be_null and value.op not in {"field", "variable"}:
            raise refusal(value)
        constants = [item.type for item in holder.args] if holder.op == "list" else []
        if value.type == NULL or (isinstance(holder.type, ListOf) and not _has_no_null(holder)):
            raise refusal(typed)
        wanted, entries = self.write(value), self._list(holder, plain(value.type))
        found = f"({wanted} = ANY({entries}))"
        if not may_be_null and set(constants) <= {NULL}:
            # In an empty array NULL is not found, but an error remains one.
            return f"(CASE WHEN {wanted} IS NOT NULL THEN {found} END)"
        if may_be_null:
            found = f"({wanted} IS NOT NULL AND {found})"
            if NULL in constants:
                found = f"({wanted} IS NULL OR {found})"
            if holder.op != "list":
                found = f"(CASE WHEN {entries} IS NOT NULL THEN {found} END)"
        return found

    def _list(self, typed: Typed, element: Type) -> str:
        """A list as an array; nulls among its constants are left out."""
        if typed.op == "field":
            return self.write(typed)
        if typed.op != "list" or any(item.op != "const" for item in typed.args):
            raise refusal(typed)
        values = [_plain_value(item) for item in typed.args if item.type != NULL]
        return self._parameter(values, f"{SQL_TYPES.get(element, 'text')}[]")

    def _same_lists(self, typed: Typed) -> str:
        elements = [plain(arg.type.element) for arg in typed.args if isinstance(arg.type, ListOf)]
        known = next((one for one in elements if one != ANYTHING), STRING)
        if not all(_has_no_null(arg, strictly=True) for arg in typed.args):
            raise refusal(typed)
        left, right = (self._list(arg, known) for arg in typed.args)
        return f"({left} = {right})"

    def _write_map_get(self, typed: Typed) -> str:
        holder, key = typed.args
        if holder.op != "field" or typed.type not in {BOOL, INT, STRING}:
            raise refusal(typed)
        return f"(({self.write(holder)} ->> {self.write(key)})::{SQL_TYPES[typed.type]})"

    def _write_list_get(self, typed: Typed) -> str:
        holder, index = typed.args
        place = index.detail
        within = index.op == "const" and isinstance(place, int) and 0 <= place < MAX_SQL_CHARACTERS
        if holder.op != "field" or not within:
            raise refusal(typed)
        return f"(({self.write(holder)})[{place} + 1])"

    def _write_instant_getter(self, typed: Typed) -> str:
        getter = typed.detail
        assert isinstance(getter, Getter)
        zone = self._zone(getter.zone)
        return INSTANT_PARTS[getter.name].format(
            f"({self.write(typed.args[0])} AT TIME ZONE {zone})"
        )

    def _zone(self, zone: tzinfo) -> str:
        if isinstance(zone, ZoneInfo):
            return self._parameter(zone.key, "text")
        # As text, PostgreSQL would read +08:00 as eight hours west.
        offset = zone.utcoffset(None)
        assert offset is not None
        return f"make_interval(mins => {offset // timedelta(minutes=1)})"

    def _write_length_getter(self, typed: Typed) -> str:
        return LENGTH_PARTS[str(typed.detail)].format(self.write(typed.args[0]))

    def _moved(self, typed: Typed) -> str:
        first, second = typed.args
        if typed.op == "later_flipped":
            first, second = second, first
        sign = "-" if typed.op == "earlier" else "+"
        return MOVED.format(at=self.write(first), sign=sign, by=self.write(second))

    def _macro(self, typed: Typed) -> str:
        source, predicate, _ = typed.args
        if source.op != "field" or not _has_no_null(source, strictly=True):
            raise refusal(typed)
        holder = self.write(source)
        entries = "jsonb_object_keys" if isinstance(source.type, MapOf) else "unnest"
        return MACROS[typed.op].format(
            holder=holder, entries=entries, predicate=self.write(predicate)
        )

    _write_eq = _write_ne = _equality
    _write_lt = _write_le = _write_gt = _write_ge = _order
    _write_in_list = _write_in_doubles = _in_list
    _write_same_lists = _write_same_doubles = _same_lists
    _write_later = _write_later_flipped = _write_earlier = _moved
    _write_all = _write_exists = _write_exists_one = _macro


def _column(typed: Typed) -> str:
    """The expression declared for a field of the member."""
    read, holder = typed.detail, typed.args[0]
    assert isinstance(read, FieldRead)
    inside = holder.detail
    # Inside a record that may be absent, NULL could mean an error or an absent field.
    unclear = isinstance(inside, FieldRead) and inside.optional
    if read.sql is None or typed.path[:1] != ("member",) or unclear:
        raise refusal(typed, f"An audience cannot ask for {'.'.join(typed.path) or read.name}.")
    return "(" + read.sql.replace("%", "%%") + ")"


def _has_no_null(typed: Typed, *, strictly: bool = False) -> bool:
    """Whether an array cannot hold NULL. Unless strict, constant nulls may be left out of it."""
    if not isinstance(typed.type, ListOf):
        return True
    if typed.op == "list" and not strictly:
        return True
    return not isinstance(typed.type.element, Nullable) and typed.type.element != NULL


def _plain_value(typed: Typed) -> object:
    value = typed.detail
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, str) and "\0" in value:
        raise refusal(typed, "A text for an audience cannot hold the character 0.")
    return value
