"""Logs tell where something failed and why, and nothing of whom it was about."""

import io
import logging
from logging.config import dictConfig
from typing import Any

import psycopg
import pytest

from regulars.domain.errors import InternalFault, InvalidInput
from regulars.gateways.log_lines import CONFIG, TRACE, LogLines, flat, log_failure, told
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage.database import Database

CANARY = "alice.canary@example.org"
PHONE = "+8613800138000"


def raised(work: Any) -> BaseException:
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError


@pytest.fixture
def lines() -> Any:
    """A logger of its own, and what it has written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LogLines())
    log = logging.getLogger("regulars.test")
    log.addHandler(handler)
    log.propagate = False
    log.setLevel(logging.INFO)
    yield log, out
    log.removeHandler(handler)
    log.propagate = True


def test_a_line_says_when_how_bad_where_from_and_in_which_request(lines: Any) -> None:
    log, out = lines
    token = TRACE.set("4bf92f3577b34da6a3ce929d0e0e4736")
    log.warning("Something is %s.", "odd")
    TRACE.reset(token)
    head, _, rest = out.getvalue().partition(" ")
    assert head.endswith("Z")
    assert rest == (
        "WARNING regulars.test trace=4bf92f3577b34da6a3ce929d0e0e4736 Something is odd.\n"
    )


@pytest.mark.parametrize(
    "value",
    ["a\n2026-03-04T01:00:00.000Z ERROR regulars.api trace=- forged", "a\rb", "\x1b[2J\x1b]0;x\x07",
     "a\u2028b\u2029c", "a\x85b", "\x00", "a\x0bb\x0cc"],
)  # fmt: skip
def test_a_value_cannot_pass_for_a_line_of_ours(lines: Any, value: str) -> None:
    log, out = lines
    log.info("Named %s.", value)
    written = out.getvalue()
    assert len(written.splitlines()) == 1
    assert written[:-1].isprintable()
    assert flat(value) in written


SECRETS = {
    "a duplicate": ("insert into canary values (%s, 1)", [CANARY]),
    "not a number": ("select %s::int", [CANARY]),
    "too long": ("insert into canary values (%s, 1)", [CANARY * 20]),
    "a check": ("insert into canary values (%s, -5)", [PHONE]),
    "null": ("insert into canary values (%s, null)", [PHONE]),
    "raised in SQL": ("do $$ begin raise exception 'who is alice.canary@example.org'; end $$", []),
    "a bad date": ("select %s::timestamptz", [PHONE]),
    "bad JSON": ("select %s::json", ['{"mail": "' + CANARY]),
    "bad text": ("select %s::text", ["\x00" + CANARY]),
}


@pytest.mark.parametrize("name", SECRETS)
def test_what_the_database_says_of_a_row_stays_out_of_the_log(
    db: Database, lines: Any, name: str
) -> None:
    log, out = lines
    statement, values = SECRETS[name]

    def work() -> None:
        with db.transaction(DEFAULT_ORGANIZATION) as tx:
            tx.execute(
                "create temp table canary (mail varchar(100) primary key,"
                " amount int not null check (amount > 0)) on commit drop"
            )
            tx.execute("insert into canary values (%s, 1)", [CANARY])
            tx.execute(statement.encode(), values)

    error = raised(work)
    assert isinstance(error, psycopg.Error)
    fault = InternalFault()
    fault.__cause__ = error
    log_failure(log, "It failed.", fault)
    log.error("It failed.", exc_info=error)

    written = out.getvalue()
    for word in ("alice", "canary@", "13800138000", "Failing row", "DETAIL", "CONTEXT"):
        assert word not in written, written
    assert type(error).__qualname__ in written
    assert "test_log_lines.py" in written, "where it was is told"


def test_of_a_constraint_its_name_is_told(db: Database) -> None:
    def work() -> None:
        with db.transaction(DEFAULT_ORGANIZATION) as tx:
            for _ in range(2):
                tx.execute(
                    "insert into identity (organization_id, system, external_id, member_id)"
                    " values (1, 'card', '4711', 1)"
                )

    words = told(raised(work))
    assert "[23503]" in words or "[23505]" in words
    assert "identity" in words
    assert "4711" not in words


@pytest.mark.parametrize(
    "fail",
    [
        lambda: int(CANARY), lambda: {}[CANARY], lambda: (CANARY + "é").encode("ascii"),
        lambda: open(f"/nowhere/{CANARY}"),  # noqa: SIM115, PTH123
        lambda: logging.getLogger(CANARY).nothing, lambda: bytes.fromhex(CANARY),  # type: ignore[attr-defined]
    ],
)  # fmt: skip
def test_no_exception_carries_a_value_into_the_log(fail: Any) -> None:
    error = raised(fail)
    error.add_note(f"it was {CANARY}")
    error.add_note("urn:regulars:failure:0123")
    words = told(error)
    assert "alice" not in words
    assert type(error).__qualname__ in words
    assert "urn:regulars:failure:0123" in words


def test_our_own_refusals_speak_for_themselves_and_causes_are_followed() -> None:
    def work() -> None:
        try:
            int("x")
        except ValueError as error:
            raise InvalidInput("Say it in digits.") from error

    words = told(raised(work))
    assert "Say it in digits." in words
    assert "ValueError" in words


def test_causes_that_go_round_in_a_circle_end() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert told(one).count("ValueError") == 1


def test_the_configuration_holds_and_libraries_are_quiet() -> None:
    names = ("httpx", "regulars.api", "asyncio")
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("regulars").level)
    try:
        dictConfig(CONFIG)
        assert [logging.getLogger(name).isEnabledFor(logging.INFO) for name in names] == [
            False, True, False,
        ]  # fmt: skip
    finally:
        root.handlers[:] = before[1]
        root.setLevel(before[0])
        logging.getLogger("regulars").setLevel(before[2])
