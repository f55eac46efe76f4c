"""What an organization decides for itself."""

import msgspec
from msgspec import Struct

from regulars.domain.approvals import Policy as ApprovalPolicy
from regulars.domain.enrolments import EnrolmentPolicy
from regulars.domain.errors import InternalFault, InvalidInput
from regulars.domain.finance.nights import VerificationPolicy
from regulars.domain.orders.policies import OrderPolicy
from regulars.domain.privacy import PrivacyPolicy, retention_of
from regulars.domain.risk import check_policy


class OrganizationSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a second person is needed, how people enrol, how long data is kept, when the ledger is
    verified, and how long orders can be cancelled."""

    approvals: ApprovalPolicy = ApprovalPolicy()
    enrolment: EnrolmentPolicy = EnrolmentPolicy()
    privacy: PrivacyPolicy = PrivacyPolicy()
    verification: VerificationPolicy = VerificationPolicy()
    orders: OrderPolicy = OrderPolicy()


def read(text: str) -> OrganizationSettings:
    """What is stored, JSON; what it leaves out is as by default."""
    try:
        found = msgspec.json.decode(text, type=OrganizationSettings)
        _check(found)
    except (msgspec.DecodeError, InvalidInput) as error:
        raise InternalFault("The organization's settings cannot be read.") from error
    return found


def write(settings: OrganizationSettings) -> str:
    """The settings as they are stored. Raises InvalidInput for what does not go together."""
    _check(settings)
    return msgspec.json.encode(settings).decode()


def _check(settings: OrganizationSettings) -> None:
    check_policy(settings.enrolment.risk)
    retention_of(settings.privacy)
