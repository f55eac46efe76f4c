"""One-time codes: those of now count, and each counts once; recovery codes are read as typed."""

from datetime import UTC, datetime, timedelta

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.second_factors import (
    RECOVERY_ALPHABET,
    RECOVERY_LETTERS,
    STEP_S,
    link_of,
    recovery_in,
    step_of,
    written,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2026, 3, 4, 1, 0, 7, tzinfo=UTC)
moments = st.integers(10**9, 4 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))
recovery = st.text(RECOVERY_ALPHABET, min_size=RECOVERY_LETTERS, max_size=RECOVERY_LETTERS)


def code(at: datetime, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(at, counter_offset=steps)


@given(moments)
def test_the_code_of_now_counts_and_then_no_more(now: datetime) -> None:
    step = step_of(SECRET, code(now), now=now, after=0)

    assert step is not None
    assert step_of(SECRET, code(now), now=now, after=step) is None


@given(moments, st.integers(-1, 1))
def test_a_clock_may_be_half_a_minute_off(now: datetime, steps: int) -> None:
    assert step_of(SECRET, code(now, steps), now=now, after=0) is not None


@given(moments, st.integers(2, 100_000), st.booleans())
def test_no_other_codes_count(now: datetime, steps: int, is_past: bool) -> None:
    told = code(now, -steps if is_past else steps)
    near = {code(now, step) for step in (-1, 0, 1)}

    assert (step_of(SECRET, told, now=now, after=0) is not None) == (told in near)


def test_what_was_shown_voids_what_came_before() -> None:
    later = step_of(SECRET, code(NOW, 1), now=NOW, after=0)
    assert later is not None
    assert step_of(SECRET, code(NOW), now=NOW, after=later) is None
    after = NOW + timedelta(seconds=2 * STEP_S)
    assert step_of(SECRET, code(after), now=after, after=later) is not None


@given(st.text(max_size=50))
def test_any_other_text_is_no_code(text: str) -> None:
    near = {code(NOW, step) for step in (-1, 0, 1)}

    assert step_of(SECRET, text, now=NOW, after=0) is None or text.replace(" ", "") in near


def test_a_code_is_read_with_its_blank_and_in_wide_digits() -> None:
    plain = code(NOW)
    wide = plain.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})

    for told in (f"{plain[:3]} {plain[3:]}", wide):
        assert step_of(SECRET, told, now=NOW, after=0) is not None


@given(recovery)
def test_a_recovery_code_reads_back_however_it_is_typed(plain: str) -> None:
    shown = written(plain)

    for typed in (shown, shown.upper(), shown.replace("-", " "), plain.replace("0", "o"),
                  plain.replace("1", "l"), plain.upper().replace("1", "I")):  # fmt: skip
        assert recovery_in(typed) == plain


@given(st.text(max_size=60))
def test_any_other_text_is_no_recovery_code(text: str) -> None:
    found = recovery_in(text)

    assert found is None or (
        len(found) == RECOVERY_LETTERS and set(found) <= set(RECOVERY_ALPHABET)
    )


def test_the_app_is_told_whose_code_it_shows() -> None:
    told = pyotp.parse_uri(link_of(SECRET, account="ada@shop.example", issuer="街角小店"))

    assert (told.secret, told.name, told.issuer) == (SECRET, "ada@shop.example", "街角小店")
