"""A newcomer imports a file in the console alone, and corrects what was rejected."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering

from regulars.domain.access import Role

PATIENCE_MS = 20_000


def drop(page: Page, path: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(path)


def test_the_sample_is_understood_imported_and_not_doubled(enter: Entering, tmp_path: Path) -> None:
    page = enter("/imports")
    with page.expect_download() as download:
        page.get_by_role("link", name="Take a sample").click()
    path = tmp_path / "receipts.csv"
    download.value.save_as(path)

    drop(page, path)
    expect(page.get_by_text("We think we know what every column means")).to_be_visible()
    expect(page.get_by_text("20 events can be read")).to_be_visible()
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("Everything was taken in")).to_be_visible(timeout=PATIENCE_MS)
    first = page.get_by_role("main").or_(page.locator("#page")).first.inner_text()

    page.get_by_role("button", name="All files").click()
    expect(page.get_by_role("link", name="receipts.csv").first).to_be_visible()
    drop(page, path)
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("Recorded before", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    taken = re.search(r"Taken in\s+(\d+)", first)
    assert taken is not None
    assert int(taken[1]) > 400


def test_a_wrong_amount_is_corrected_in_chinese(enter: Entering, tmp_path: Path) -> None:
    path = tmp_path / "小票.csv"
    path.write_text(
        "小票号,会员卡号,日期,品类,实付金额\n"
        "J-1,90001,2026-03-01 10:00,GROCERY,12.50\n"
        "J-2,90002,2026-03-01 11:00,GROCERY,十二元\n"
        "J-3,90003,2026-03-01 12:00,GROCERY,8.00\n",
        encoding="gb18030",
    )
    page = enter("/imports", language="zh")
    drop(page, path)
    expect(page.get_by_text("1 个会被拒绝")).to_be_visible()
    page.get_by_role("button", name="开始导入").click()

    record = page.get_by_role("region", name="第 3 行")
    expect(record).to_contain_text("“实付金额”不是有效金额", timeout=PATIENCE_MS)
    record.get_by_role("textbox", name="实付金额").fill("12.00")
    record.get_by_role("button", name="保存并重试").click()

    expect(page.get_by_text("已导入 1 条")).to_be_visible()
    expect(page.get_by_text("没有被拒绝的数据了")).to_be_visible()


def test_a_spreadsheet_is_refused_with_the_way_out(enter: Entering, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04 whatever")
    page = enter("/imports")

    drop(page, path)

    expect(page.get_by_role("alert")).to_contain_text("choose “Save as” and then CSV")


def test_a_key_is_shown_once_and_revoked(enter: Entering) -> None:
    page = enter("/imports/keys", Role.OWNER)
    page.get_by_role("button", name="Make a key").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("till 7")
    dialog.get_by_role("button", name="Make a key").click()

    once = page.get_by_role("dialog", name="The key “till 7”")
    expect(once).to_contain_text(re.compile(r"rgl_1_\S{20}"))
    once.get_by_role("button", name="I have kept it").click()
    row = page.get_by_role("row", name=re.compile("till 7"))
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("tooltip").get_by_role("button", name="Revoke").click()

    expect(page.get_by_text("The key is revoked.")).to_be_visible()
    expect(row).to_have_count(0)
