"""The page on personal data says of fields, retention and waits what the rules say."""

from tests.docs.pages import DOCS

from regulars.domain import throttling
from regulars.domain.personal import FIELDS
from regulars.domain.retention import CLASSES
from regulars.storage.erasure import KEPT

PAGE = (DOCS / "explanation" / "personal-data.md").read_text()
WAITS = {"s": 1, "min": 60, "h": 3600}


def rows(first: str) -> list[list[str]]:
    """The cells of the table whose head begins with that word."""
    table = PAGE.split(f"\n| {first} |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def test_every_field_of_a_profile_is_described_as_it_is() -> None:
    assert [row[:4] for row in rows("field")] == [
        [name, field.sensitivity, field.purpose["en"], field.shown["en"]]
        for name, field in FIELDS.items()
    ]


def test_every_kind_of_record_is_kept_as_long_as_the_page_says() -> None:
    table = rows("what | kept")
    assert table == [
        [what, str(kept.default), str(kept.least), str(kept.most), kept.counted_from["en"]]
        for what, kept in CLASSES.items()
    ]


def test_the_waits_are_those_of_the_rules() -> None:
    rules = [
        throttling.SIGN_IN_BY_ACCOUNT,
        throttling.SIGN_IN_BY_ADDRESS,
        throttling.CODES,
        throttling.SENDING,
        throttling.SENDING_BY_ADDRESS,
    ]
    told = [
        [int(row[1]), *(int(part) * WAITS[unit] for part, unit in map(str.split, row[2:]))]
        for row in rows("what | free")
    ]
    assert told == [
        [rule.free, rule.first.total_seconds(), rule.cap.total_seconds()] for rule in rules
    ]


def test_what_stays_of_an_erased_member_is_on_the_page() -> None:
    told = {name.strip(" `") for row in rows("table") for name in row[0].split(",")}
    assert told == set(KEPT)
