"""What each operation of a condition is in PostgreSQL. NULL in gives NULL out, and none raises."""

from regulars.domain.conditions.types import (
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    Type,
)

# Durations are numeric microseconds: an interval would count days and months.
SQL_TYPES: dict[Type, str] = {
    BOOL: "boolean",
    INT: "bigint",
    DOUBLE: "float8",
    STRING: "text",
    TIMESTAMP: "timestamptz",
    DURATION: "numeric",
}

# Whole numbers are computed as numeric, which has room for every result, and then measured.
_INT = (
    "(SELECT CASE WHEN n BETWEEN -9223372036854775808 AND 9223372036854775807 THEN n::bigint END"
    " FROM (SELECT {} AS n) AS s)"
)
_SPAN = (
    "(SELECT CASE WHEN n BETWEEN -315576000000999999 AND 315576000000999999 THEN n END"
    " FROM (SELECT {} AS n) AS s)"
)
_REMAINDER = (
    "(SELECT CASE WHEN div(a, b) <= 9223372036854775807 THEN mod(a, b)::bigint END"
    " FROM (SELECT {0}::numeric AS a, nullif({1}::numeric, 0) AS b) AS s)"
)

SIMPLE = {
    "not": "(NOT {0})",
    "not_null": "{0}",
    "same": "{0}",
    "if": "(CASE {0} WHEN TRUE THEN {1} WHEN FALSE THEN {2} END)",
    "in_map": "jsonb_exists({1}, {0})",
    "add_int": _INT.format("{0}::numeric + {1}::numeric"),
    "sub_int": _INT.format("{0}::numeric - {1}::numeric"),
    "mul_int": _INT.format("{0}::numeric * {1}::numeric"),
    "div_int": _INT.format("div({0}::numeric, nullif({1}::numeric, 0))"),
    "mod_int": _REMAINDER,
    "neg_int": _INT.format("-({0}::numeric)"),
    "neg_double": "(-{0})",
    "add_duration": _SPAN.format("{0} + {1}"),
    "sub_duration": _SPAN.format("{0} - {1}"),
    "between": "((extract(epoch FROM {0}) - extract(epoch FROM {1})) * 1000000)",
    "seconds_of": "floor(extract(epoch FROM {0}))::bigint",
    "concat": "({0} || {1})",
    "starts_with": "starts_with({0}, {1})",
    "ends_with": "starts_with(reverse({0}), reverse({1}))",
    "contains": "(strpos({0}, {1}) > 0)",
    "size_text": "char_length({0})::bigint",
    "size_list": "cardinality({0})::bigint",
    "size_map": "(CASE WHEN {0} IS NOT NULL"
    " THEN (SELECT count(*) FROM jsonb_object_keys({0})) END)",
    "double_of_int": "({0}::float8)",
    "text_of_int": "({0}::text)",
    "text_of_bool": "(CASE {0} WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END)",
}

INSTANT_PARTS = {
    "getFullYear": "extract(year FROM {0})::bigint",
    "getMonth": "(extract(month FROM {0})::bigint - 1)",
    "getDate": "extract(day FROM {0})::bigint",
    "getDayOfMonth": "(extract(day FROM {0})::bigint - 1)",
    "getDayOfWeek": "extract(dow FROM {0})::bigint",
    "getDayOfYear": "(extract(doy FROM {0})::bigint - 1)",
    "getHours": "extract(hour FROM {0})::bigint",
    "getMinutes": "extract(minute FROM {0})::bigint",
    "getSeconds": "floor(extract(second FROM {0}))::bigint",
    "getMilliseconds": "(mod(extract(microseconds FROM {0})::bigint, 1000000) / 1000)",
}
LENGTH_PARTS = {
    "getHours": "trunc({0} / 3600000000)::bigint",
    "getMinutes": "trunc({0} / 60000000)::bigint",
    "getSeconds": "trunc({0} / 1000000)::bigint",
    "getMilliseconds": "trunc(mod({0}, 1000000) / 1000)::bigint",
}

# Moves by way of microseconds since 1970, because PostgreSQL raises beyond its own range, and by
# hours, because a day of its intervals may have 23. The years 1 to 9999 are those of CEL.
MOVED = """\
(SELECT CASE WHEN n BETWEEN -62135596800000000 AND 253402300799999999
   THEN timestamptz '1970-01-01 00:00:00+00'
      + make_interval(hours => trunc(n / 3600000000)::int,
                      secs => (mod(n, 3600000000) / 1000000)::float8) END
 FROM (SELECT extract(epoch FROM {at}) * 1000000 {sign} {by} AS n) AS s)"""

# One entry may decide although another is an error.
_OVER = """\
(CASE WHEN {{holder}} IS NOT NULL THEN (
   SELECT {0} FROM (
     SELECT {{predicate}} AS p FROM {{entries}}({{holder}}) AS cel_entry(cel_value)) AS s) END)"""

MACROS = {
    "exists": _OVER.format(
        "CASE WHEN bool_or(p) THEN TRUE WHEN NOT bool_or(p IS NULL)"
        " THEN FALSE WHEN count(*) = 0 THEN FALSE END"
    ),
    "all": _OVER.format(
        "CASE WHEN NOT bool_and(p) THEN FALSE WHEN NOT bool_or(p IS NULL)"
        " THEN TRUE WHEN count(*) = 0 THEN TRUE END"
    ),
    "exists_one": _OVER.format(
        "CASE WHEN count(*) = 0 THEN FALSE WHEN NOT bool_or(p IS NULL)"
        " THEN count(*) FILTER (WHERE p) = 1 END"
    ),
}
