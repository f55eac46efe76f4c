"""What is said of examples that came out otherwise, in every language the product speaks."""

from collections.abc import Mapping

from regulars.domain.reasons import REASONS, reason_words

_WORDS: Mapping[str, tuple[str, str]] = {
    "refused": (
        "refused as {refused!r}, {wanted}: {said}",
        "被拒绝（{refused}），{wanted}：{said}",
    ),
    "was_expected": ("{wanted!r} was expected", "而预期为{wanted}"),
    "not_expected": ("which was not expected", "与预期不符"),
    "not_refused": (
        "not refused, though {wanted!r} was expected",
        "未被拒绝，而预期为{wanted}",
    ),
    "earned": ("earned {found} {code}, not {wanted}", "获得{found} {code}，而非{wanted}"),
    "gave": (
        "rule {rule} gave {found}{why}, not {wanted}",
        "规则{rule}给出{found}{why}，而非{wanted}",
    ),
    "why": (" ({reason})", "（{reason}）"),
    "tier": ("tier is {tier}, not {wanted}", "等级为{tier}，而非{wanted}"),
    "no_tier": ("none", "无"),
    "not_considered": (
        "rule {rule} was not considered, where {wanted!r} was expected",
        "规则{rule}未被考虑，而预期为“{wanted}”",
    ),
    "says": (
        "rule {rule} says {found!r}, not {wanted!r}",
        "规则{rule}为“{found}”，而非“{wanted}”",
    ),
    "gave_though": (
        "rule {rule} gave {found}, where {wanted!r} was expected",
        "规则{rule}给出{found}，而预期为“{wanted}”",
    ),
}  # fmt: skip


def say(lang: str, name: str, /, **parts: object) -> str:
    """One sentence with its parts filled in. `lang`: one of LANGUAGES."""
    english, chinese = _WORDS[name]
    return (chinese if lang == "zh-CN" else english).format(**parts)


def reason(lang: str, code: str) -> str:
    """A reason as it stands in a sentence: by its code in English, which documents write too."""
    if lang == "en" or code not in REASONS:
        return code
    return reason_words(code, lang).rstrip("。")
