"""Uses of personal data: for which purposes it may be opened, and how a member is told of it."""

import re
from collections.abc import Mapping

from regulars.domain.access import Kind
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.leaks import looks_personal
from regulars.domain.programs.pieces import Text

PURPOSES: Mapping[str, Text] = {
    "member_request": {"en": "You asked for something", "zh-CN": "处理您的请求"},
    "contact": {"en": "To reach you about your points or orders", "zh-CN": "就积分或订单与您联系"},
    "delivery": {"en": "To send you something", "zh-CN": "寄送物品"},
    "fraud": {"en": "To look into possible misuse", "zh-CN": "调查可能的滥用"},
    "duplicate": {"en": "To find out whether two members are one", "zh-CN": "核实重复会员"},
    "legal": {"en": "A law or an authority demands it", "zh-CN": "法律或主管部门要求"},
}
"""Why staff may open personal data. Each is a reason that a member may hear."""

MAX_NOTE = 300

WHAT = "fields"
"""Under this name the audit trail tells which fields of a profile a deed was about."""

ACTIONS: Mapping[str, Text] = {
    "profile.seen": {"en": "Looked at your masked profile", "zh-CN": "查看了您的脱敏资料"},
    "profile.unmasked": {"en": "Read your personal data in full", "zh-CN": "查看了您的完整资料"},
    "profile.changed": {"en": "Changed your profile", "zh-CN": "修改了您的资料"},
    "member.found": {
        "en": "Found you by name, phone or e-mail",
        "zh-CN": "通过姓名、手机或邮箱找到您",
    },
    "member.enrolled": {"en": "Enrolled you", "zh-CN": "为您办理入会"},
    "member.changed": {"en": "Changed facts about you", "zh-CN": "修改了您的属性"},
    "member.tags_changed": {"en": "Changed your tags", "zh-CN": "修改了您的标签"},
    "member.identified": {"en": "Gave you a further number", "zh-CN": "为您添加了编号"},
    "member.exported": {"en": "Made a copy of your data", "zh-CN": "导出了您的数据"},
    "member.restricted": {"en": "Restricted the use of your data", "zh-CN": "限制使用您的数据"},
    "member.unrestricted": {"en": "Ended the restriction", "zh-CN": "解除了使用限制"},
    "member.frozen": {"en": "Froze your points", "zh-CN": "冻结了您的积分"},
    "member.unfrozen": {"en": "Ended the freeze of your points", "zh-CN": "解除了积分冻结"},
    "member.merged": {
        "en": "Joined a second membership with this one",
        "zh-CN": "合并了您的另一个会员账户",
    },
    "member.merged_away": {
        "en": "Joined this membership with another",
        "zh-CN": "将此会员账户并入另一账户",
    },
    "member.sessions_ended": {"en": "Signed you out", "zh-CN": "结束了您的登录会话"},
    "member.erased": {"en": "Erased your data", "zh-CN": "删除了您的数据"},
    "consents.seen": {"en": "Looked at your consents", "zh-CN": "查看了您的授权同意"},
    "consents.recorded": {"en": "Recorded what you consent to", "zh-CN": "记录了您的授权同意"},
    "member.met": {"en": "Looked you up at the counter", "zh-CN": "在服务台查询了您"},
    "benefit.granted": {"en": "Gave you a benefit", "zh-CN": "向您发放了权益"},
    "benefit.grant_ended": {"en": "Took a benefit back", "zh-CN": "收回了权益"},
    "benefit.used": {"en": "Used a benefit of yours", "zh-CN": "核销了您的权益"},
    "benefit.shown": {"en": "Showed a code for a benefit", "zh-CN": "出示了权益码"},
    "benefit.restored": {"en": "Gave the use of a benefit back", "zh-CN": "退还了权益使用次数"},
    "appointment.booked": {"en": "Booked an appointment", "zh-CN": "预约了服务"},
    "appointment.moved": {"en": "Moved an appointment", "zh-CN": "更改了预约时间"},
    "appointment.cancelled": {"en": "Cancelled an appointment", "zh-CN": "取消了预约"},
    "appointment.attended": {"en": "Noted that you were there", "zh-CN": "登记您已到店"},
    "appointment.no_show": {"en": "Noted that you did not come", "zh-CN": "登记您未到店"},
    "letter.written": {"en": "Wrote you a letter", "zh-CN": "给您发送了通知"},
    "points.adjusted": {"en": "Corrected your points", "zh-CN": "调整了您的积分"},
}
"""The deeds that a member is told of in words; of others the kind alone is told."""

NOUNS: Mapping[str, Text] = {
    "profile": {"en": "Used your profile", "zh-CN": "使用了您的资料"},
    "member": {"en": "Changed your membership", "zh-CN": "变更了您的会员信息"},
    "consents": {"en": "Used your consents", "zh-CN": "使用了您的授权同意"},
    "enrolment": {"en": "Worked on your enrolment", "zh-CN": "处理了您的入会申请"},
    "session": {"en": "Changed a sign-in of yours", "zh-CN": "变更了您的登录"},
    "passkey": {"en": "Changed a passkey of yours", "zh-CN": "变更了您的通行密钥"},
    "grant": {"en": "Changed what an application may do", "zh-CN": "变更了应用授权"},
    "points": {"en": "Moved your points", "zh-CN": "变动了您的积分"},
}

SOMETHING: Text = {"en": "Did something that concerns you", "zh-CN": "进行了与您有关的操作"}

_CASE = re.compile(r"(?=.*[0-9])[A-Za-z0-9._/#-]{1,40}", re.ASCII)

ACTORS: Mapping[str, Text] = {
    Kind.MEMBER: {"en": "You", "zh-CN": "您本人"},
    Kind.STAFF: {"en": "Staff", "zh-CN": "工作人员"},
    Kind.CLIENT: {"en": "An application", "zh-CN": "应用程序"},
    Kind.KEY: {"en": "A system of the company", "zh-CN": "企业系统"},
    Kind.COMMAND_LINE: {"en": "The operator of this system", "zh-CN": "系统运维人员"},
    Kind.SYSTEM: {"en": "The system by itself", "zh-CN": "系统自动"},
}


def purpose_of(code: str, case: str) -> str:
    """A purpose as the audit trail keeps it, with the case that it belongs to: "fraud: T-4711".

    Raises InvalidInput for a purpose that is none of ours, and for a case that is no number of
    one: the trail is never erased, so nobody writes names into it.
    """
    if code not in PURPOSES:
        raise InvalidInput(
            f"Choose a purpose among: {', '.join(PURPOSES)}.",
            faults=[Fault("/purpose", "none of ours")],
        )
    if case and not _CASE.fullmatch(case):
        raise InvalidInput(
            "Name the case by its number, such as T-4711: letters, digits and - . / # _ with a "
            "digit among them, at most 40.",
            faults=[Fault("/case", "no number of a case")],
        )
    refuse_personal({"/case": case})
    return f"{code}: {case}" if case else code


def refuse_personal(texts: Mapping[str, str]) -> None:
    """Raises InvalidInput when one of the texts, by JSON pointer, seems to hold personal data."""
    faults = [
        Fault(pointer, "looks like personal data", code="looks_personal")
        for pointer, text in texts.items()
        if looks_personal(text)
    ]
    if faults:
        raise InvalidInput(
            "This text is kept for good, and seems to hold a phone number or an e-mail address. "
            "Say it without.",
            faults=faults,
        )


def action_words(action: str) -> Text:
    """What was done, as its member reads it."""
    return ACTIONS.get(action) or NOUNS.get(action.partition(".")[0]) or SOMETHING


def actor_words(actor: str) -> Text:
    """Who did it, as its member reads it: by what they are, never by name."""
    kind = actor.partition("/")[0].partition(":")[0]
    return ACTORS.get(kind, SOMETHING_ELSE)


def purpose_words(purpose: str) -> Text | None:
    """The reason by its code; None where none of ours was given. What staff wrote beside it is
    for them."""
    return PURPOSES.get(purpose.partition(":")[0])


SOMETHING_ELSE: Text = {"en": "Somebody", "zh-CN": "其他"}
