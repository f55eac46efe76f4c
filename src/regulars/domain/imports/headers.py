"""What columns of till and shop exports are called, in English and Chinese, field by field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

NAMES: Mapping[str, tuple[str, ...]] = {
    "receipt": (
        "receipt", "receipt no", "receipt id", "receipt number", "order", "order id", "order no",
        "order number", "transaction", "transaction id", "transaction no", "invoice", "invoice no",
        "bill no", "basket id", "ticket", "id", "小票号", "小票", "小票编号", "单号", "订单号",
        "订单编号", "订单", "交易号", "交易流水号", "流水号", "销售单号", "单据号", "单据编号",
    ),
    "card": (
        "card", "card no", "card number", "card id", "loyalty card", "membership number",
        "membership no", "卡号", "会员卡号", "会员卡", "卡",
    ),
    "member": (
        "member", "member id", "member no", "member number", "customer", "customer id",
        "customer no", "customer number", "customer code", "household", "household id", "会员",
        "会员号", "会员编号", "会员id", "会员码", "会员代码", "客户", "客户号", "客户编号", "顾客",
        "顾客号", "顾客编号",
    ),
    "phone": (
        "phone", "phone number", "phone no", "mobile", "mobile number", "mobile phone", "cell",
        "telephone", "tel", "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话",
        "会员手机", "会员手机号", "联系方式",
    ),
    "email": ("email", "e mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件"),
    "time": (
        "time", "date time", "datetime", "timestamp", "date", "at", "occurred at", "created at",
        "sold at", "paid at", "purchase date", "purchase time", "transaction date",
        "transaction time", "transaction timestamp", "order date", "order time", "sale date",
        "时间", "日期", "日期时间", "交易时间", "交易日期", "下单时间", "下单日期", "消费时间",
        "消费日期", "销售时间", "销售日期", "支付时间", "付款时间", "小票时间", "购买时间",
        "购买日期", "成交时间", "开单时间", "订单时间", "订单日期",
    ),
    "clock": ("time", "time of day", "hour", "时间", "时刻", "交易时间", "销售时间", "消费时间"),
    "amount": (
        "amount", "line amount", "line total", "net amount", "paid", "amount paid", "sales value",
        "net sales", "subtotal", "value", "sum", "金额", "实付", "实付金额", "实收", "实收金额",
        "小计", "行金额", "销售金额", "消费金额", "成交金额", "支付金额", "付款金额", "应付金额",
        "净额", "销售额",
    ),
    "total": (
        "total", "grand total", "order total", "receipt total", "total amount", "basket total",
        "总额", "总金额", "合计", "合计金额", "订单金额", "订单总额", "小票金额", "总计",
    ),
    "quantity": (
        "quantity", "qty", "pieces", "units", "count", "数量", "件数", "销售数量", "个数",
    ),
    "sku": (
        "sku", "product", "product id", "product code", "product no", "item", "item id",
        "item code", "item no", "article", "article no", "barcode", "ean", "upc", "商品编码",
        "商品编号", "商品代码", "商品条码", "商品", "货号", "条码", "条形码", "商品id", "品号",
    ),
    "category": (
        "category", "department", "product category", "product type", "item category", "group",
        "品类", "类别", "分类", "商品分类", "商品类别", "大类", "部门", "商品品类", "类目",
    ),
    "brand": ("brand", "manufacturer", "品牌", "商品品牌", "厂商"),
    "store": (
        "store", "store id", "store no", "store code", "shop", "shop id", "branch", "outlet",
        "location", "门店", "门店编号", "门店编码", "门店号", "店铺", "店号", "店铺编号",
        "门店名称", "分店",
    ),
    "channel": ("channel", "sales channel", "渠道", "销售渠道", "来源渠道"),
    "currency": ("currency", "currency code", "币种", "货币"),
}  # fmt: skip
"""The better a name fits, the earlier it stands; case, blanks and marks do not count."""

_MARKS = re.compile(r"[\s_\-./\\:#*]+")
_BRACKETS = re.compile(r"[(\[【（].*?[)\]】）]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain(header: str) -> str:
    """A header in small letters, with single blanks between words, without what is in brackets."""
    text = unicodedata.normalize("NFKC", header).strip().lstrip("\ufeff")
    text = _BRACKETS.sub(" ", _CAMEL.sub(" ", text))
    return _MARKS.sub(" ", text).strip().lower()


def ranks(field: str, columns: Sequence[str]) -> list[int]:
    """The columns that may be this field, best first, as places."""
    names = NAMES[field]
    found = []
    for place, column in enumerate(columns):
        text = plain(column)
        squeezed = text.replace(" ", "")
        for rank, name in enumerate(names):
            if text == name or squeezed == name.replace(" ", ""):
                found.append((0, rank, place))
                break
        else:
            inside = [name for name in names if len(name) >= 2 and _holds(text, name)]  # noqa: PLR2004
            if inside:
                found.append((1, -max(map(len, inside)), place))
    return [place for _, _, place in sorted(found)]


def certain(field: str, columns: Sequence[str]) -> int | None:
    """The column that is called just as this field is, as a place; None for none."""
    places = [place for place in ranks(field, columns) if _is_name(field, columns[place])]
    return places[0] if places else None


def _is_name(field: str, column: str) -> bool:
    squeezed = plain(column).replace(" ", "")
    return any(squeezed == name.replace(" ", "") for name in NAMES[field])


def _holds(text: str, name: str) -> bool:
    """Whether the words of `name` stand in `text`; of Chinese, whether it ends with them."""
    if name.isascii():
        return f" {name} " in f" {text} "
    return text.endswith(name)
