"""Masks: two members are told apart on a screen, and neither can be reached."""

import re
from datetime import date

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.domain.masks import (
    MASKS,
    PROVINCES,
    mask_address,
    mask_birthday,
    mask_email,
    mask_name,
    mask_phone,
    mask_wechat,
    masked,
)
from regulars.domain.personal import FIELDS, Gender, Profile

texts = st.text(min_size=1, max_size=60).filter(lambda text: text.strip("*"))
mobiles = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)).map(
    lambda region: phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
)


def test_the_usual_masks() -> None:
    profile = Profile(
        name="张三", phone="+8613800138000", email="anna@example.com", birthday=date(1990, 5, 17),
        address="上海市浦东新区世纪大道100号", gender=Gender.FEMALE, language="zh-CN",
        wechat="anna_99",
    )  # fmt: skip
    assert masked(profile) == {
        "name": "张*", "phone": "+86 138****8000", "email": "a***@e***.com",
        "birthday": "****-05-**", "address": "上海***", "gender": "*", "language": "zh-CN",
        "wechat": "a***",
    }  # fmt: skip


def test_there_is_a_mask_for_every_field_and_none_for_what_is_empty() -> None:
    assert tuple(MASKS) == tuple(FIELDS)
    assert masked(Profile()) == {}


@given(texts)
def test_of_a_name_or_a_wechat_id_one_character_is_shown(text: str) -> None:
    for mask in (mask_name, mask_wechat):
        shown = mask(text)
        assert text not in shown
        assert len(shown.rstrip("*")) <= 1
        assert shown.rstrip("*") in text[:1]


@given(texts, texts)
def test_a_mask_does_not_tell_how_much_it_hides(text: str, more: str) -> None:
    assume(len(text) > 2 and "*" not in text + more)
    for mask in (mask_name, mask_wechat, mask_address):
        assert mask(text) == mask(text + more)
    assert mask_email(f"{text}@example.com") == mask_email(f"{text}{more}@example.com")


@given(st.emails())
def test_of_an_email_two_characters_and_the_last_label_are_shown(email: str) -> None:
    shown = mask_email(email)
    assert email not in shown
    assert re.fullmatch(r".?\*\*\*@.?\*\*\*\.[^.@]+", shown)
    assert shown.rpartition(".")[2] == email.rpartition(".")[2]


@given(st.text(max_size=60))
def test_what_is_no_email_shows_no_more_than_one_would(text: str) -> None:
    shown = mask_email(text)
    head = shown.rpartition(".")[0] if "@" in shown else shown
    assert len(head.replace("*", "").replace("@", "", 1)) <= 2


@given(st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True))
def test_four_digits_of_a_chinese_mobile_number_stay_hidden(number: str) -> None:
    shown = mask_phone(f"+86{number}")
    assert shown == f"+86 {number[:3]}****{number[-4:]}"


@given(mobiles)
def test_of_numbers_anywhere_at_most_seven_digits_are_shown_and_four_hidden(
    number: phonenumbers.PhoneNumber | None,
) -> None:
    assume(number is not None)
    assert number is not None
    digits = phonenumbers.national_significant_number(number)
    country, shown = mask_phone(f"+{number.country_code}{digits}").split(" ")
    seen = shown.replace("*", "")
    assert country == f"+{number.country_code}"
    assert digits not in shown
    assert shown.count("*") == 4
    assert len(seen) <= 7
    assert len(digits) - len(seen) >= 4


@given(st.text(max_size=40))
def test_what_is_no_number_shows_nothing(text: str) -> None:
    assume(not re.search(r"[\d+＋]", text))
    assert mask_phone(text) == "****"


@given(st.dates(date(1900, 1, 1), date(2024, 1, 1)))
def test_of_a_birthday_the_month_is_shown(day: date) -> None:
    assert mask_birthday(day) == f"****-{day.month:02}-**"


@given(st.text(max_size=60), st.sampled_from(["", *PROVINCES]))
def test_of_an_address_nothing_but_the_province_is_shown(text: str, province: str) -> None:
    shown = mask_address(province + text).removesuffix("***")
    assert not shown or shown in PROVINCES
    assert mask_address(f"{province}街1号").startswith(province)


@pytest.mark.parametrize("address", ["12 High Street, London", "Hauptstr. 5", "上海", "中国"])
def test_other_addresses_show_nothing(address: str) -> None:
    assert mask_address(address) == "***"
