"""What is refused of benefits in use, and of the codes by which they are used."""

from regulars.domain.errors import RegularsError


class BenefitNotHeld(RegularsError):
    """The member does not have this benefit now."""

    code = "benefit_not_held"


class BenefitNotNow(RegularsError):
    """The benefit can be used at other times only; see its days and hours."""

    code = "benefit_not_now"


class BenefitGrantNotFound(RegularsError):
    """There is no such benefit grant."""

    code = "benefit_grant_not_found"


class BenefitUseNotFound(RegularsError):
    """There is no such use of a benefit."""

    code = "benefit_use_not_found"


class BenefitCodeInvalid(RegularsError):
    """This code is unknown, was used, or is over. Ask the member to show it anew."""

    code = "benefit_code_invalid"


class NotYourBenefit(RegularsError):
    """A partner uses only the benefits that name it."""

    code = "not_your_benefit"


class GrantRunNotFound(RegularsError):
    """There is no such run of grants."""

    code = "grant_run_not_found"
