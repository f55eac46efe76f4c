"""Why a member does not get in, or somebody does not become one."""

from regulars.domain.errors import RegularsError


class CodeRefused(RegularsError):
    """The code is not right, was used, or is too old. Ask for a new one."""

    code = "code_refused"


class TicketRefused(RegularsError):
    """The ticket is unknown or too old. Prove the phone or e-mail address again."""

    code = "ticket_refused"


class AddressUnproven(RegularsError):
    """Prove a phone or e-mail address by a code first."""

    code = "address_unproven"


class ConsentNeeded(RegularsError):
    """Nobody becomes a member without agreeing to the terms."""

    code = "consent_needed"


class GuardianNeeded(RegularsError):
    """A child's parent or guardian has to agree: send the code that they got."""

    code = "guardian_needed"


class EnrolmentRefused(RegularsError):
    """This enrolment cannot be taken online. Please ask in the shop."""

    code = "enrolment_refused"


class EnrolmentNotFound(RegularsError):
    """There is no such enrolment."""

    code = "enrolment_not_found"


class EnrolmentDecided(RegularsError):
    """This enrolment is no longer held: it was decided."""

    code = "enrolment_decided"


class PasskeyRefused(RegularsError):
    """This passkey does not sign anybody in here. Try again, or use a code."""

    code = "passkey_refused"


class PasskeyNotFound(RegularsError):
    """There is no such passkey."""

    code = "passkey_not_found"


class PasskeyExists(RegularsError):
    """This passkey is registered already."""

    code = "passkey_exists"
