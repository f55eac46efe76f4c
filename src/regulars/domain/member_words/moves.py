"""Moves between tiers in words: why one rose, stayed or stepped down, and until when that holds."""

from collections.abc import Iterable

from regulars.domain.explanations import TierMove
from regulars.domain.member_words.phrases import last_day_words, say
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.domain.tiers import rung_of


def move_words(moves: Iterable[TierMove], program: Program, lang: str) -> list[str]:
    """A sentence for each move, without full stops. `program`: that decided them."""
    return [_words(move, program, lang) for move in moves]


def tier_name(program: Program, code: str, lang: str) -> str:
    """A tier's name; its code where the program no longer has it."""
    for tier in program.ladder.tiers if program.ladder else ():
        if tier.code == code:
            return name_in(lang, tier.name)
    return code


def _words(move: TierMove, program: Program, lang: str) -> str:
    tier, old = tier_name(program, move.new, lang), tier_name(program, move.old, lang)
    until = "" if move.until is None else last_day_words(move.until, program.zone, lang)
    if move.why == "grace":
        return say(lang, "tier_grace", tier=tier, day=until)
    if move.new == move.old:
        return _until("tier_kept", tier, until, lang)
    if move.why == "return":
        return say(lang, "tier_returned", tier=tier)
    ladder = program.ladder
    if ladder is not None and rung_of(ladder, move.new) < rung_of(ladder, move.old):
        return say(lang, "tier_lost", tier=tier, old=old)
    return _until("tier_reached", tier, until, lang)


def _until(name: str, tier: str, until: str, lang: str) -> str:
    return say(lang, f"{name}_until", tier=tier, day=until) if until else say(lang, name, tier=tier)
