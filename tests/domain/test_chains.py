"""The chain over the audit trail: whatever is changed, taken away or put in between shows."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from regulars.domain.chains import (
    START,
    Entry,
    Link,
    Wrong,
    chained,
    digest_of,
    flaws,
    other_head,
    read_head,
    write_head,
)

EPOCH = datetime(2026, 3, 4, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def entry(number: int, **change: object) -> Entry:
    made = Entry(
        number, 1, EPOCH + timedelta(seconds=number), "staff:1", "key.created", f"key:{number}",
        None, "", "{}", '{"n":1}', "ab",
    )  # fmt: skip
    return replace(made, **change)


ENTRIES = [entry(number) for number in (3, 5, 6, 9, 12)]
LINKS = chained(None, ENTRIES)
WHOLE = list(zip(LINKS, ENTRIES, strict=True))


def kinds(chain: list[tuple[Link, Entry | None]]) -> list[Wrong]:
    return [flaw.wrong for flaw in flaws(chain)]


def test_what_was_chained_is_whole_however_it_was_cut_into_pieces() -> None:
    assert kinds(WHOLE) == []  # type: ignore[arg-type]
    first = chained(None, ENTRIES[:2])
    assert first + chained(first[-1], ENTRIES[2:]) == LINKS


@given(
    st.integers(0, 4),
    st.sampled_from(["actor", "action", "target", "purpose", "before", "after", "trace"]),
    TEXT,
)
def test_any_changed_field_of_any_row_is_found_there(place: int, field: str, text: str) -> None:
    changed = list(WHOLE)
    link, row = WHOLE[place]
    if getattr(row, field) == text:
        return
    changed[place] = (link, replace(row, **{field: text}))

    found = list(flaws(changed))

    assert [(one.wrong, one.entry_id) for one in found] == [(Wrong.CHANGED, row.id)]


def test_a_changed_instant_number_or_member_is_found() -> None:
    for change in (
        {"at": EPOCH + timedelta(microseconds=1)},
        {"member_id": 7},
        {"organization": 2},
    ):
        link, row = WHOLE[2]
        assert kinds([*WHOLE[:2], (link, replace(row, **change)), *WHOLE[3:]]) == [Wrong.CHANGED]


def test_a_row_that_is_gone_and_a_link_that_is_gone_are_found() -> None:
    assert kinds([*WHOLE[:2], (LINKS[2], None), *WHOLE[3:]]) == [Wrong.MISSING_ROW]
    assert kinds([*WHOLE[:2], *WHOLE[3:]]) == [Wrong.MISSING_LINK]
    assert kinds(WHOLE[1:]) == [Wrong.MISSING_LINK]  # type: ignore[arg-type]


def test_rows_that_changed_places_are_found() -> None:
    swapped = [*WHOLE[:1], (LINKS[1], ENTRIES[2]), (LINKS[2], ENTRIES[1]), *WHOLE[3:]]

    assert kinds(swapped) == [Wrong.CHANGED, Wrong.CHANGED]  # type: ignore[arg-type]


def test_a_changed_row_with_a_new_link_breaks_the_next_one() -> None:
    row = replace(ENTRIES[2], actor="staff:2")
    link = Link(3, row.id, digest_of(LINKS[1].digest, 3, row))

    found = list(flaws([*WHOLE[:2], (link, row), *WHOLE[3:]]))

    assert [(one.wrong, one.seq) for one in found] == [(Wrong.CHANGED, 4)]


def test_a_chain_written_anew_is_whole_and_goes_not_through_the_noted_head() -> None:
    rows = [replace(ENTRIES[0], actor="staff:2"), *ENTRIES[1:]]
    links = chained(None, rows)

    assert kinds(list(zip(links, rows, strict=True))) == []
    assert [one.wrong for one in other_head(LINKS[-1], links[-1])] == [Wrong.OTHER_HEAD]
    assert [one.wrong for one in other_head(LINKS[-1], None)] == [Wrong.OTHER_HEAD]
    assert list(other_head(LINKS[-1], LINKS[-1])) == []


def test_anybody_can_compute_a_digest_from_the_words_of_the_rule() -> None:
    row = entry(3, purpose='a "reason" 有\n')
    text = json.dumps(
        [
            "regulars-audit-1", "0" * 64, 1, 3, 1, "2026-03-04T00:00:03.000000+00:00", "staff:1",
            "key.created", "key:3", None, 'a "reason" 有\n', "{}", '{"n":1}', "ab",
        ],
        separators=(",", ":"), ensure_ascii=False,
    )  # fmt: skip

    assert digest_of(START, 1, row) == sha256(text.encode()).digest()


def test_a_head_is_read_as_it_was_written_and_nothing_else_is() -> None:
    read = read_head(write_head(LINKS[3]))
    assert read is not None
    assert (read.seq, read.digest) == (LINKS[3].seq, LINKS[3].digest)
    for text in ("", "1", "1:", "0:" + "a" * 64, "1:" + "a" * 63, "1:" + "g" * 64, "x:" + "a" * 64,
                 "9" * 30 + ":" + "a" * 64):  # fmt: skip
        assert read_head(text) is None
