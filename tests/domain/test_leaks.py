"""Personal data in free texts is found; numbers of shops and goods are let through."""

from datetime import date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.leaks import looks_personal

EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 - as hypothesis takes them
LATEST = datetime(2030, 1, 1)  # noqa: DTZ001
LABELS = {"TEL", "PHONE", "MOB", "CELL", "CALL", "SMS", "PH", "FON", "MP", "MOBILE"}
mobiles = st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True)
words = st.text(alphabet=st.sampled_from("abc 你好，。!?()"), max_size=12)


befores = st.sampled_from([" ", "，", ":", "：", "(", "给", "客户电话", "Tel: ", "tel:", "at "])
afters = st.sampled_from(["", " ", "。", ".", ")", "，谢谢", "先生"])


@given(mobiles, befores, afters)
def test_a_mobile_number_is_found_among_words(number: str, before: str, after: str) -> None:
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    joined = spaced.replace(" ", "-")
    for text in (number, f"+86{number}", f"+86 {number}", f"86-{number}", spaced, joined):
        assert looks_personal(f"refund{before}{text}{after}")


@given(words, st.emails(domains=st.just("example.com")), words)
def test_an_email_is_found_among_words(before: str, email: str, after: str) -> None:
    if set(email) <= set("abcdefghijklmnopqrstuvwxyz0123456789.@"):
        assert looks_personal(f"{before} {email} {after}")


@pytest.mark.parametrize(
    "text",
    ["write to Anna.Lee@shop.co.uk", "anna@qq.com", "联系anna+1@163.com处理",
     "ａｎｎａ＠ｑｑ．ｃｏｍ",
     "call +44 7911 123456", "call +1 (415) 555-2671", "(415) 555-2671", "415-555-2671",
     "１３８００１３８０００", "phone-13800138000", "josé@müller.de",
     "13800138000,13900139000", "订单5，13800138000", "customer:13800138000"],
)  # fmt: skip
def test_these_are_found(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    ["", "goodwill for the late delivery", "receipt R-13800138000", "order SO13800138000",
     "#A13800138000", "6901234567892",
     "EAN 4006381333931", "20240517130015", "2024-05-17T13:00:15Z",
     "¥13800138000", "13800138000.50", "0.13800138000", "138,001,380", "+500 points", "+1500000",
     "SKU 415-2671", "logo@2x.png", "meet @noon", "a@b", "12:30-13:45", "v1.3.800", "1/138",
     "1715950815123", "store 021, till 3, slip 004711", "5%", "lot 13912-345678", "10.0.138.1"],
)  # fmt: skip
def test_these_are_let_through(text: str) -> None:
    assert not looks_personal(text)


@given(st.uuids())
def test_a_uuid_is_let_through(number: UUID) -> None:
    assert not looks_personal(f"event {number}")
    assert not looks_personal(f"event {number.hex} of {str(number).upper()}")


@given(st.datetimes(EARLIEST, LATEST), st.dates())
def test_instants_and_days_are_let_through(at: datetime, day: date) -> None:
    assert not looks_personal(f"{at.isoformat()} {day} {at:%Y%m%d%H%M%S} {at:%d.%m.%Y %H:%M}")


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_amounts_are_let_through(whole: int, cents: int) -> None:
    for text in (f"{whole}.{cents:02} CNY", f"¥{whole}.{cents:02}", f"{whole:,}.{cents:02}"):
        assert not looks_personal(text)


@given(st.from_regex(r"[A-Z]{1,6}[-/#]?[0-9]{1,16}(-[0-9]{1,6})?", fullmatch=True))
def test_numbers_of_receipts_and_goods_with_their_letters_are_let_through(code: str) -> None:
    if code.rstrip("0123456789-/#") not in LABELS:
        assert not looks_personal(f"goods {code} came back")


@given(st.integers(0, 10**10 - 1), st.integers(10**11, 10**19))
def test_bare_numbers_of_other_lengths_are_let_through(shorter: int, longer: int) -> None:
    assert not looks_personal(f"receipt {shorter} and {longer}")


def test_a_long_text_is_looked_through_in_little_time() -> None:
    for text in ("a" * 100_000, "a." * 50_000 + "@", "1 " * 50_000, "+1" * 50_000, "@a." * 30_000):
        assert not looks_personal(text)
