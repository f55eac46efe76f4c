"""What the program in force has to play for."""

from fastapi import APIRouter, Response

from regulars.api.contract import declared, respond
from regulars.api.play.shapes import AwardedBadge, ChallengeAnswer, ChallengesAnswer
from regulars.api.reading import Language
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import NoProgramInForce
from regulars.domain.member_words.rules import rule_words
from regulars.domain.programs.effects import EffectKind
from regulars.domain.programs.phrases import name_in
from regulars.services.play import looking

router = APIRouter(prefix="/v1/challenges", tags=["play"])


@router.get("", **declared(ChallengesAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,)))
def list_challenges(served: ServedBy, language: Language) -> Response:
    """The challenges and streaks of the program in force, and the badges that its rules award."""
    program = looking.plan(served.db, served.versions, served.runtime.clock()).program
    items = [
        ChallengeAnswer(
            rule.id,
            "challenge" if rule.challenge else "streak",
            name_in(language, rule.name),
            rule_words(rule, program, language),
        )
        for rule in program.rules
        if rule.challenge or rule.streak
    ]
    badges = [
        AwardedBadge(
            code,
            name_in(language, badge.name),
            badge.picture,
            [
                rule.id
                for rule in program.rules
                if any(one.kind is EffectKind.BADGE and one.what == code for one in rule.effects)
            ],
        )
        for code, badge in program.badges.items()
    ]
    return respond(ChallengesAnswer(items, badges))
