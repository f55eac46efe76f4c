"""Personal data: every value has one form, and no refusal or repr shows it."""

from datetime import date

import msgspec
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.personal import (
    FIELDS,
    MAX_ADDRESS,
    MAX_EMAIL,
    MAX_NAME,
    Gender,
    Profile,
    Sensitivity,
    normal_email,
    normal_language,
    normal_phone,
    normal_profile,
)
from regulars.domain.retention import CLASSES

TODAY = date(2024, 6, 1)
mobiles = st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789+", "０１２３４５６７８９＋")


@given(mobiles)
def test_a_chinese_mobile_number_has_one_form_however_it_is_typed(number: str) -> None:
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    written = [
        number, f"+86{number}", f"0086{number}", f"+86 {spaced}", spaced.replace(" ", "-"),
        number.translate(FULL_WIDTH), f"＋86{number}".translate(FULL_WIDTH), f"  {number} ",
    ]  # fmt: skip
    assert {normal_phone(text) for text in written} == {f"+86{number}"}


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_numbers_of_every_country_stay_what_they_are(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert normal_phone(written) == written
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert normal_phone(national, region) == written


@pytest.mark.parametrize(
    "text",
    ["", "1", "110", "12345678901", "138001380", "138001380000", "+86", "1-800-FLOWERS",
     "tel:13800138000", "13800138000 ext 5", "call 13800138000", "1380013800O", "9" * 5000,
     "+999 1234567", "\ud800"],
)  # fmt: skip
def test_what_is_no_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normal_phone(text)
    assert len(text) < 2 or text not in str(refused.value)
    assert refused.value.__context__ is None


def test_numbers_that_earn_money_from_whoever_writes_to_them_are_refused() -> None:
    example = phonenumbers.example_number_for_type("DE", phonenumbers.PhoneNumberType.PREMIUM_RATE)
    assert example is not None
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    with pytest.raises(InvalidInput, match="cost extra"):
        normal_phone(written)


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(InvalidInput):
        normal_phone("13800138000", "China")


@given(st.emails())
def test_an_address_has_one_form_however_its_letters_are_cased(email: str) -> None:
    try:
        written = normal_email(email)
    except InvalidInput as refusal:
        refused = refusal
        written = ""
    if not written:
        assert email not in str(refused)
        assert refused.__context__ is None
        return
    assert normal_email(written) == written
    assert written.isascii() or not email.isascii()
    if email.isascii():
        assert normal_email(email.upper()) == normal_email(email.lower()) == written


def test_an_address_is_written_in_composed_letters_and_its_domain_in_ascii() -> None:
    assert normal_email(" Anna@BÜCHER.Example.com ") == "anna@xn--bcher-kva.example.com"
    assert normal_email("jose\u0301@qq.com") == normal_email("JOSÉ@qq.com") == "josé@qq.com"


@pytest.mark.parametrize(
    "text",
    ["", "anna", "anna@", "@qq.com", "anna@qq", "a b@qq.com", "anna@qq..com", "Anna <anna@qq.com>",
     '"a b"@qq.com', "anna@[127.0.0.1]", "anna@localhost", "a@b@qq.com", "anna@qq.com\nBcc: x@y.cn",
     "a" * 65 + "@qq.com", "a@" + "b." * 200 + "com", "\ud800@qq.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normal_email(text)
    assert not text or text not in str(refused.value)


def test_an_address_of_the_greatest_length_is_accepted_and_one_more_is_not() -> None:
    domain = "@" + ".".join(["d" * 61] * 3) + ".com"
    local = "a" * (MAX_EMAIL - len(domain))
    assert len(normal_email(local + domain)) == MAX_EMAIL
    with pytest.raises(InvalidInput):
        normal_email("a" + local + domain)


@pytest.mark.parametrize(
    ("text", "written"),
    [("EN", "en"), ("zh-cn", "zh-CN"), ("ZH_hans_cn", "zh-Hans-CN"), ("es-419", "es-419"),
     ("de-ch-1996", "de-CH-1996"), ("yue-HK", "yue-HK")],
)  # fmt: skip
def test_a_language_is_written_as_the_standard_writes_it(text: str, written: str) -> None:
    assert normal_language(text) == written
    assert normal_language(written) == written


@pytest.mark.parametrize("text", ["", "e", "english language", "zh-", "x-secret", "en-" + "a" * 99])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        normal_language(text)


names = st.text(min_size=1, max_size=MAX_NAME + 10)
profiles = st.builds(
    Profile,
    name=st.none() | names,
    phone=st.none() | mobiles | names,
    email=st.none() | st.emails() | names,
    birthday=st.none() | st.dates(),
    address=st.none() | st.text(max_size=MAX_ADDRESS + 10),
    gender=st.none() | st.sampled_from(Gender),
    language=st.none() | st.sampled_from(["en", "zh_cn", "!"]),
    wechat=st.none() | st.from_regex(r"[a-z0-9_-]{3,20}", fullmatch=True),
)


@given(profiles)
def test_a_profile_in_its_one_form_stays_as_it_is(profile: Profile) -> None:
    pointers: list[str] = []
    try:
        once = normal_profile(profile, today=TODAY)
    except InvalidInput as refusal:
        once = Profile()
        pointers = [fault.pointer for fault in refusal.faults]
    assert set(pointers) <= {f"/{name}" for name in FIELDS}
    assert normal_profile(once, today=TODAY) == once


def test_every_field_that_is_wrong_is_named_once_and_its_value_never() -> None:
    wrong = Profile(
        name="\u202eannaB", phone="12345", email="anna@", birthday=date(2024, 6, 2), address="。。",
        language="?", wechat="a b",
    )  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        normal_profile(wrong, today=TODAY)
    assert [fault.pointer for fault in refused.value.faults] == [
        "/name", "/phone", "/email", "/birthday", "/address", "/language", "/wechat",
    ]  # fmt: skip
    told = repr(refused.value) + repr(refused.value.faults)
    assert not [
        text for text in ("annaB", "12345", "anna@", "06-02", "。。", "a b") if text in told
    ]


def test_names_and_addresses_are_one_line_of_at_most_so_many_characters() -> None:
    tidy = normal_profile(Profile(name=" Anna \n  Maria ", address="上海市\t徐汇区"), today=TODAY)
    assert (tidy.name, tidy.address) == ("Anna Maria", "上海市 徐汇区")
    assert normal_profile(Profile(name="n" * MAX_NAME), today=TODAY).name == "n" * MAX_NAME
    with pytest.raises(InvalidInput):
        normal_profile(Profile(name="n" * (MAX_NAME + 1)), today=TODAY)
    with pytest.raises(InvalidInput):
        normal_profile(Profile(address="n" * (MAX_ADDRESS + 1)), today=TODAY)


def test_nobody_is_born_tomorrow_or_in_another_age() -> None:
    for day in (date(1900, 1, 1), TODAY):
        assert normal_profile(Profile(birthday=day), today=TODAY).birthday == day
    for day in (date(1899, 12, 31), date(2024, 6, 2)):
        with pytest.raises(InvalidInput):
            normal_profile(Profile(birthday=day), today=TODAY)


@given(profiles)
def test_a_profile_shows_itself_without_its_values(profile: Profile) -> None:
    known = "Profile of " + (", ".join(FIELDS) + " nothing")
    assert set(repr(profile).replace(",", "").split()) <= set(known.replace(",", "").split())
    assert all(value == "…" for _, value in profile.__rich_repr__())


def test_a_profile_takes_no_field_that_it_does_not_know() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('{"name": "Anna", "tier": "gold"}', type=Profile)


def test_the_register_knows_every_field() -> None:
    assert tuple(FIELDS) == Profile.__struct_fields__
    for field in FIELDS.values():
        assert field.kept in CLASSES
        assert {"en", "zh-CN"} <= set(field.purpose) & set(field.shown)
    contacts = {name for name, one in FIELDS.items() if one.sensitivity is Sensitivity.CONTACT}
    assert contacts == {"name", "phone", "email", "wechat"}
