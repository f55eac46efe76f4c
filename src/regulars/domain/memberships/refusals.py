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


class CardNotSold(RegularsError):
    """The program in force sells no such card, or not for what is offered."""

    code = "card_not_sold"


class PaymentKnown(RegularsError):
    """A term was paid for by this very payment already."""

    code = "payment_known"


class MembershipNotFound(RegularsError):
    """There is no such membership."""

    code = "membership_not_found"


class MembershipOver(RegularsError):
    """This membership has ended."""

    code = "membership_over"


class InvitationLost(RegularsError):
    """There is no such invitation, or it was used, taken back, or its time is over."""

    code = "invitation_lost"
