"""Caps by what a member brought in, as members read them."""

from regulars.domain.periods import Duration
from regulars.domain.programs.budget_terms import ShareCap
from regulars.domain.programs.model import Program, WindowKind
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.words import percent

_WORDS = {
    "rolling": ("in the last {span}", "最近{span}"),
    "calendar_year": ("this year", "今年"),
    "lifetime": ("so far", "累计"),
    "cap": ("at most {share} of what you spent {window}", "不超过您{window}消费额的{share}"),
}


def window_words(window: WindowKind, span: Duration, lang: str) -> str:
    """In which time something was spent."""
    return _say(lang, window.value, span=span_words(span, lang))


def cap_clause(cap: ShareCap, program: Program, lang: str) -> str:
    """The most that a member gets."""
    assert program.ladder is not None
    metric = program.ladder.metrics[cap.metric]
    window = window_words(metric.window, metric.span, lang)
    return _say(lang, "cap", share=percent(cap.share), window=window)


def _say(lang: str, name: str, /, **parts: object) -> str:
    return _WORDS[name][lang == "zh-CN"].format(**parts)
