"""Why a paid membership is not begun, renewed, shared or given back."""

from regulars.domain.errors import RegularsError


class CardHeld(RegularsError):
    """The member has this card already. Renew it instead."""

    code = "card_held"


class TrialUsed(RegularsError):
    """The member has tried this card before. A trial is given once."""

    code = "trial_used"


class FamilyRefused(RegularsError):
    """The member cannot join this family."""

    code = "family_refused"


class CardNotHeld(RegularsError):
    """The member does not have this card, or it has ended. Begin it anew."""

    code = "card_not_held"
