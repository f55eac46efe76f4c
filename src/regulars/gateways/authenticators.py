"""Passkeys as authenticators speak of them (WebAuthn): what they are asked, what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from regulars.domain.sign_in_refusals import PasskeyRefused

TIMEOUT_MS = 300_000


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are bound to. `origin` as browsers write it; `host` without port."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that an authenticator has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    may_sync: bool
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey that signed. `handle` is whom the authenticator says it signed for."""

    sign_count: int
    is_synced: bool
    handle: bytes


def ask_for_new(
    site: Site, *, shop: str, handle: bytes, known: Sequence[bytes], challenge: str
) -> dict[str, Any]:
    """Options for `navigator.credentials.create`: a key that is found without a name, and that
    asks for the person's finger, face or PIN. `known` are not made again."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=shop,
        user_id=handle,
        user_name=shop,
        challenge=base64url_to_bytes(challenge),
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json_dict(options)


def ask_for_any(site: Site, *, challenge: str) -> dict[str, Any]:
    """Options for `navigator.credentials.get`: whichever passkey of this site the person has."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=base64url_to_bytes(challenge),
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def challenge_in(credential: Mapping[str, Any]) -> str:
    """The challenge that an answer says it answers. Raises PasskeyRefused."""
    try:
        response = credential["response"]
        data = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
    except Exception as error:  # Whatever a stranger's bytes make the parsers say.
        raise PasskeyRefused from error
    if data.cross_origin:
        raise PasskeyRefused("A passkey is not used from within another site's page.")
    return bytes_to_base64url(data.challenge)


def credential_id_in(credential: Mapping[str, Any]) -> bytes:
    """Which passkey it says it is. Raises PasskeyRefused."""
    try:
        return parse_authentication_credential_json(dict(credential)).raw_id
    except Exception as error:
        raise PasskeyRefused from error


def check_new(site: Site, credential: Mapping[str, Any], challenge: str) -> NewKey:
    """A new passkey, made here and now for this site by somebody present. Raises PasskeyRefused."""
    try:
        told = parse_registration_credential_json(dict(credential))
        found = webauthn.verify_registration_response(
            credential=told,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused from error
    return NewKey(
        found.credential_id,
        found.credential_public_key,
        found.sign_count,
        tuple(one.value for one in told.response.transports or ()),
        found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        found.credential_backed_up,
    )


def check(
    site: Site,
    credential: Mapping[str, Any],
    challenge: str,
    *,
    public_key: bytes,
    sign_count: int,
) -> Used:
    """That the holder of `public_key` signed, here and now. Raises PasskeyRefused; also when the
    authenticator's count did not grow, which a copy of it betrays."""
    try:
        told = parse_authentication_credential_json(dict(credential))
        found = webauthn.verify_authentication_response(
            credential=told,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused from error
    return Used(found.new_sign_count, found.credential_backed_up, told.response.user_handle or b"")
