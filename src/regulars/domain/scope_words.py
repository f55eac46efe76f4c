"""What an application may do, as the person is told who is asked to allow it."""

from collections.abc import Iterable

from regulars.domain.access import Scope
from regulars.domain.programs.pieces import Text

WORDS: dict[Scope, Text] = {
    Scope.SELF_READ: {
        "en": "See your points, your tier and what you have bought.",
        "zh-CN": "查看您的积分、等级和消费记录。",
    },
    Scope.SELF_WRITE: {
        "en": "Act for you in this program, such as changing what you have set.",
        "zh-CN": "代您在本会员计划中操作，例如修改您的设置。",
    },
    Scope.EVENTS_WRITE: {
        "en": "Send events such as purchases, which earn points.",
        "zh-CN": "发送消费等事件，并据此发放积分。",
    },
    Scope.IMPORTS_WRITE: {
        "en": "Import files of events such as purchases.",
        "zh-CN": "导入消费等事件的文件。",
    },
    Scope.MEMBERS_READ: {
        "en": "Read members, their tiers and what happened to them.",
        "zh-CN": "查看会员、其等级及历史事件。",
    },
    Scope.MEMBERS_WRITE: {
        "en": "Enrol members and change their attributes.",
        "zh-CN": "登记会员并修改其属性。",
    },
    Scope.MEMBERS_MANAGE: {
        "en": "Freeze members, end their sessions and merge duplicates.",
        "zh-CN": "冻结会员、结束其登录会话、合并重复会员。",
    },
    Scope.PROFILES_READ: {
        "en": "Read members' personal data, masked.",
        "zh-CN": "查看会员的个人信息（已脱敏）。",
    },
    Scope.PROFILES_UNMASK: {
        "en": "Read members' personal data in full, for a stated purpose.",
        "zh-CN": "在说明目的后查看会员的完整个人信息。",
    },
    Scope.PROFILES_WRITE: {
        "en": "Write and correct members' personal data.",
        "zh-CN": "填写和更正会员的个人信息。",
    },
    Scope.CONSENTS_WRITE: {
        "en": "Record what members consent to, and what they withdraw.",
        "zh-CN": "记录会员给予和撤回的同意。",
    },
    Scope.ENROLMENTS_DECIDE: {
        "en": "Clear or refuse enrolments that are held.",
        "zh-CN": "通过或拒绝待审核的入会申请。",
    },
    Scope.PRIVACY_MANAGE: {
        "en": "Export, restrict and erase members.",
        "zh-CN": "导出、限制处理和删除会员信息。",
    },
    Scope.LEDGER_READ: {
        "en": "Read balances and every movement of points.",
        "zh-CN": "查看积分余额及全部变动。",
    },
    Scope.LEDGER_WRITE: {
        "en": "Adjust, redeem, transfer and hold members' points.",
        "zh-CN": "调整、兑换、转赠和冻结会员积分。",
    },
    Scope.LEDGER_VERIFY: {
        "en": "Start a verification of the ledger.",
        "zh-CN": "发起账目核对。",
    },
    Scope.SYSTEM_READ: {
        "en": "See how the system is doing.",
        "zh-CN": "查看系统运行状况。",
    },
    Scope.PARTNER_USE: {
        "en": "Use your partner's benefits by the codes that members show.",
        "zh-CN": "凭会员出示的码核销本合作方的权益。",
    },
    Scope.ORDERS_READ: {
        "en": "Read orders and what was applied to them.",
        "zh-CN": "查看订单及其优惠。",
    },
    Scope.ORDERS_WRITE: {
        "en": "Open, confirm, cancel and return orders.",
        "zh-CN": "创建、确认、取消订单及退货。",
    },
    Scope.OFFERS_READ: {
        "en": "Read coupons, benefits, rewards and who used them.",
        "zh-CN": "查看优惠券、权益、兑换品及使用记录。",
    },
    Scope.OFFERS_WRITE: {
        "en": "Make and change coupons, rewards and sales; grant benefits.",
        "zh-CN": "管理优惠券、兑换品和抢购，发放权益。",
    },
    Scope.DESK_USE: {
        "en": "Serve members at the counter.",
        "zh-CN": "在服务台为会员核销和发放。",
    },
    Scope.PROGRAM_READ: {
        "en": "Read the program and its versions.",
        "zh-CN": "查看会员计划及其各个版本。",
    },
    Scope.PROGRAM_DRAFT: {
        "en": "Write drafts of the program, and try and simulate them.",
        "zh-CN": "编写会员计划草稿，并进行试算和模拟。",
    },
    Scope.PROGRAM_PUBLISH: {
        "en": "Publish a version of the program.",
        "zh-CN": "发布会员计划的新版本。",
    },
    Scope.APPROVALS_READ: {
        "en": "Follow what waits for a second person.",
        "zh-CN": "查看等待他人审批的事项。",
    },
    Scope.EXPORTS_READ: {
        "en": "Export records under pseudonyms.",
        "zh-CN": "以化名导出记录。",
    },
    Scope.AUDIT_READ: {
        "en": "Search the audit trail.",
        "zh-CN": "查询审计记录。",
    },
    Scope.TOKENS_INSPECT: {
        "en": "Ask whether the access tokens of other applications hold.",
        "zh-CN": "查询其他应用的访问令牌是否有效。",
    },
}


def words(scopes: Iterable[Scope], language: str) -> list[str]:
    """A sentence for each, in the order of the table."""
    asked = frozenset(scopes)
    return [text[language] for scope, text in WORDS.items() if scope in asked]
