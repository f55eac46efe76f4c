"""The key service that the settings name."""

from collections.abc import Callable
from datetime import date

from regulars.domain.errors import KeyServiceFailed
from regulars.gateways.key_services.file import FileKeys, create
from regulars.gateways.key_services.services import KeyService
from regulars.gateways.key_services.transit import TransitKeys
from regulars.settings import Settings


def key_service(settings: Settings, *, may_make: Callable[[], bool], day: date) -> KeyService:
    """The service, ready for use. A key file that is not there is made if `may_make` says so: it
    is asked only then, and must say no when something is sealed already. `day` names its key.

    Raises KeyServiceFailed.
    """
    if settings.kms_url is not None:
        assert settings.kms_key is not None
        assert settings.kms_token_file is not None
        return TransitKeys(settings.kms_url, settings.kms_key, settings.kms_token_file)
    path = settings.keys_at
    if not path.exists():
        if not may_make():
            raise KeyServiceFailed(
                f"The key file {path} is gone, and personal data is sealed under its keys. "
                "Bring it back from your copies, or say where it is by REGULARS_KEY_FILE."
            )
        create(path, day)
    return FileKeys(path)
