"""Array literals come back from PostgreSQL as they went in."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage.arrays import int_array, json_texts, text_array, time_array
from regulars.storage.database import Database

round_trips = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
whole = st.integers(-(2**63), 2**63 - 1)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
awkward = st.sampled_from(["", "NULL", "null", "{}", '"', "\\", '\\"', ",", " ", "\n", "积分", "'"])
zones = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones)  # noqa: DTZ001


def back(db: Database, literal: str, array: str) -> list[object]:
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute(f"select %s::{array}".encode(), [literal]).fetchone()
    assert row is not None
    return list(row[0])


@round_trips
@given(st.lists(whole | st.none()))
@example([])
def test_whole_numbers_come_back(db: Database, values: list[int | None]) -> None:
    assert back(db, int_array(values), "bigint[]") == values


@round_trips
@given(st.lists(words | awkward) | st.lists(words | awkward | st.none()))
@example([])
@example([""])
@example([None])
def test_texts_come_back(db: Database, values: list[str | None]) -> None:
    assert back(db, text_array(values), "text[]") == values


@round_trips
@given(st.lists(words | awkward | st.integers() | st.dictionaries(words | awkward, words)))
@example([])
@example(["", {}, "\x01"])
def test_json_texts_come_back(db: Database, values: list[Any]) -> None:
    texts = [msgspec.json.encode(value).decode() for value in values]
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute("select string_to_array(%s, E'\\x01')", [json_texts(texts)]).fetchone()
    assert row == (texts,)


def test_what_is_no_json_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        json_texts(["a\x01b"])


@round_trips
@given(st.lists(instants | st.none()))
@example([])
@example([datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)])
def test_instants_come_back(db: Database, values: list[datetime | None]) -> None:
    assert back(db, time_array(values), "timestamptz[]") == values


@pytest.mark.parametrize("values", [["\0"], ["a", "b\0c"], [None, "\0"], ["\0", None]])
def test_the_nul_character_is_refused(values: list[str | None]) -> None:
    with pytest.raises(InvalidInput, match="NUL"):
        text_array(values)


@pytest.mark.parametrize("values", [["\ud800"], ["积", "x\udfff"], [None, "\ud83d"]])
def test_half_a_surrogate_pair_is_refused(values: list[str | None]) -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        text_array(values)


def test_an_instant_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        time_array([datetime(2026, 1, 1)])  # noqa: DTZ001


def test_any_iterable_will_do() -> None:
    assert text_array(word for word in ("a", "b")) == '{"a","b"}'
    assert int_array(iter((1, None))) == "{1,NULL}"
    assert time_array(iter(())) == "{}"
