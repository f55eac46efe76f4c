"""What a holder reads in a letter before a paid card ends or renews itself, and by which way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from regulars.domain.consents import SERVICE, Channel, Consent, may
from regulars.domain.member_words.phrases import last_day_words
from regulars.domain.profiles import KeptProfile
from regulars.domain.programs.phrases import name_in
from regulars.domain.programs.pieces import Text

CHINESE = "zh"

SUBJECT: Text = {
    "en": "{shop}: your {card} ends on {day}",
    "zh-CN": "【{shop}】您的{card}将于{day}到期",
}
ENDS: Text = {
    "en": "Your {card} at {shop} ends on {day}. Renew it on your pages or with us to keep what it "
    "brings.",
    "zh-CN": "【{shop}】您的{card}将于{day}到期。如需继续享受权益，请在会员页面或门店续费。",
}
RENEWS: Text = {
    "en": "Your {card} at {shop} ends on {day} and renews itself before that. Switch this off on "
    "your pages if you do not want it.",
    "zh-CN": "【{shop}】您的{card}将于{day}到期，届时将自动续费。"
    "如不需要，请在会员页面关闭自动续费。",
}
WHY: Text = {
    "en": "You read this because you said yes to letters about what you hold. You can take that "
    "back on your pages, under Consents.",
    "zh-CN": "您同意接收服务通知，因此收到此信。您可以随时在会员页面的“授权同意”中取消。",
}
"""For e-mail; a text message has to be short."""


@dataclass(frozen=True, slots=True, repr=False)
class Way:
    """Where a letter goes. `language`: one of LANGUAGES."""

    channel: Literal["email", "sms"]
    to: str
    language: str


def way_to(kept: KeptProfile, said: Iterable[Consent], at: datetime) -> Way | None:
    """By which proven address the member wants such letters, e-mail first; None: by none."""
    words = list(said)
    language = "zh-CN" if (kept.language or "en").startswith(CHINESE) else "en"
    if kept.email and kept.email_proven_at and may(words, SERVICE, Channel.EMAIL, at):
        return Way("email", kept.email, language)
    if kept.phone and kept.phone_proven_at and may(words, SERVICE, Channel.SMS, at):
        return Way("sms", kept.phone, language)
    return None


def reminder(
    way: Way, *, shop: str, card: Mapping[str, str], until: datetime, zone: ZoneInfo, renews: bool
) -> tuple[str, str]:
    """Subject and text; a text message has no subject."""
    lang = way.language
    parts = {"shop": shop, "card": name_in(lang, card), "day": last_day_words(until, zone, lang)}
    text = (RENEWS if renews else ENDS)[lang].format(**parts)
    if way.channel == "sms":
        return "", text
    return SUBJECT[lang].format(**parts), f"{text}\n\n{WHY[lang]}\n"
