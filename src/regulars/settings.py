"""What the operator sets: the environment, read once and checked."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from regulars.domain.errors import Fault, InvalidInput

SCHEMES = ("postgresql://", "postgres://")
KEYWORDS = ("host", "hostaddr", "dbname", "service", "port", "user")
DEFAULT_DATA = ".regulars"
DEFAULT_ORGANIZATION = "default"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8321
DEFAULT_POOL_SIZE = 8
MOST_POOL_SIZE = 100
DEFAULT_STATEMENT_TIMEOUT_S = 60
DEFAULT_IMPORT_MEGABYTES = 1_024
MOST_IMPORT_MEGABYTES = 100_000
MOST_STATEMENT_TIMEOUT_S = 24 * 60 * 60
CONSOLE = "console:"
DEFAULT_MAIL_FROM = "Regulars <regulars@localhost>"
DEFAULT_KEYS = "keys/master.keys"
"""Within the data folder."""
MOST_LISTED = 100
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where this deployment keeps its data and listens."""

    data: Path
    """The data folder, absolute."""
    database_url: str | None = field(default=None, repr=False)
    """A PostgreSQL server of the operator's; None stands for the one in the data folder."""
    owner_database_url: str | None = field(default=None, repr=False)
    """The same database by the role that owns the tables and migrates; None: `database_url`."""
    organization: str = DEFAULT_ORGANIZATION
    """The code of the organization in which the command line works."""
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    pool_size: int = DEFAULT_POOL_SIZE
    """Database connections of one process."""
    statement_timeout_s: int = DEFAULT_STATEMENT_TIMEOUT_S
    import_megabytes: int = DEFAULT_IMPORT_MEGABYTES
    """How large a file that is sent to be imported may be."""
    public_url: str = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"
    """Where browsers reach us: scheme, host, perhaps port and path, and no slash at the end."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks (CIDR) whose X-Forwarded-For is believed."""
    allowed_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API from a browser (CORS)."""
    served_hosts: tuple[str, ...] = ()
    """Names by which clients call us, beside that of `public_url`."""
    tls_cert_file: Path | None = None
    """The certificate chain, where we end TLS ourselves; with `tls_key_file`, its key."""
    tls_key_file: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    """Names and networks that may be called at a user's word although they are not public."""
    mail_url: str = CONSOLE
    mail_from: str = DEFAULT_MAIL_FROM
    mail_password_file: Path | None = None
    sms_url: str = CONSOLE
    sms_token_file: Path | None = None
    key_file: Path | None = None
    """Keys that protect personal data; None: `keys/master.keys` in the data folder."""
    kms_url: str | None = None
    """A key management service that takes the place of the key file."""
    kms_key: str | None = None
    kms_token_file: Path | None = None

    @property
    def is_public_by_tls(self) -> bool:
        """Whether browsers reach us by https, so that cookies are for https alone."""
        return self.public_url.startswith("https://")

    @property
    def keys_at(self) -> Path:
        """Where the key file is."""
        return self.key_file or self.data / DEFAULT_KEYS


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a list holds: in words, and how one of them is brought into its form, or None."""

    wanted: str
    form: Callable[[str], str | None]


def from_environment(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; an empty value counts as not set.

    Raises InvalidInput with a fault for each value that is wrong.
    """
    faults: list[Fault] = []
    host = _text(environ, "REGULARS_HOST", DEFAULT_HOST)
    port = _whole(environ, "REGULARS_PORT", DEFAULT_PORT, most=65_535, faults=faults)
    settings = Settings(
        data=Path(_text(environ, "REGULARS_DATA", DEFAULT_DATA)).expanduser().absolute(),
        database_url=_database_url(environ, "REGULARS_DATABASE_URL", faults),
        owner_database_url=_database_url(environ, "REGULARS_OWNER_DATABASE_URL", faults),
        organization=_text(environ, "REGULARS_ORGANIZATION", DEFAULT_ORGANIZATION),
        host=host,
        port=port,
        pool_size=_whole(
            environ, "REGULARS_POOL_SIZE", DEFAULT_POOL_SIZE, most=MOST_POOL_SIZE, faults=faults
        ),
        statement_timeout_s=_whole(
            environ,
            "REGULARS_STATEMENT_TIMEOUT_SECONDS",
            DEFAULT_STATEMENT_TIMEOUT_S,
            most=MOST_STATEMENT_TIMEOUT_S,
            faults=faults,
        ),
        import_megabytes=_whole(
            environ,
            "REGULARS_IMPORT_MEGABYTES",
            DEFAULT_IMPORT_MEGABYTES,
            most=MOST_IMPORT_MEGABYTES,
            faults=faults,
        ),
        public_url=_public_url(environ, host, port, faults),
        trusted_proxies=_several(environ, "REGULARS_TRUSTED_PROXIES", NETWORKS, faults),
        allowed_origins=_several(environ, "REGULARS_ALLOWED_ORIGINS", ORIGINS, faults),
        served_hosts=_several(environ, "REGULARS_SERVED_HOSTS", NAMES, faults),
        tls_cert_file=_file(environ, "REGULARS_TLS_CERT_FILE", faults),
        tls_key_file=_file(environ, "REGULARS_TLS_KEY_FILE", faults),
        allowed_hosts=_several(environ, "REGULARS_ALLOWED_HOSTS", HOSTS, faults),
        mail_url=_mail_url(environ, faults),
        mail_from=_text(environ, "REGULARS_MAIL_FROM", DEFAULT_MAIL_FROM),
        mail_password_file=_file(environ, "REGULARS_MAIL_PASSWORD_FILE", faults),
        sms_url=_service_url(environ, "REGULARS_SMS_URL", faults, instead=CONSOLE) or CONSOLE,
        sms_token_file=_file(environ, "REGULARS_SMS_TOKEN_FILE", faults),
        key_file=_path(environ, "REGULARS_KEY_FILE"),
        kms_url=_service_url(environ, "REGULARS_KMS_URL", faults),
        kms_key=_text(environ, "REGULARS_KMS_KEY", "") or None,
        kms_token_file=_file(environ, "REGULARS_KMS_TOKEN_FILE", faults),
    )
    _demand_companions(settings, faults)
    if faults:
        raise InvalidInput(" ".join(fault.detail for fault in faults), faults=faults)
    return settings


def _text(environ: Mapping[str, str], name: str, default: str) -> str:
    return environ.get(name, "").strip() or default


def _whole(
    environ: Mapping[str, str], name: str, default: int, *, most: int, faults: list[Fault]
) -> int:
    """A whole number from 1 to `most`; a wrong one is noted in `faults`."""
    text = _text(environ, name, str(default))
    value = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else 0
    if not 1 <= value <= most:
        faults.append(
            Fault(f"/{name}", f"{name} must be a whole number from 1 to {most}, not {text!r}.")
        )
    return value


def _database_url(environ: Mapping[str, str], name: str, faults: list[Fault]) -> str | None:
    """The value itself is never repeated in a fault: it may hold a password."""
    url = _text(environ, name, "")
    if not url:
        return None
    if not url.startswith(SCHEMES) and url.partition("=")[0].strip() not in KEYWORDS:
        faults.append(
            Fault(
                f"/{name}",
                f"{name} must be a PostgreSQL address such as "
                "postgresql://user@host/database, or a libpq connection string.",
            )
        )
    return url


def _public_url(environ: Mapping[str, str], host: str, port: int, faults: list[Fault]) -> str:
    shown = f"[{host}]" if ":" in host else host
    url = _text(environ, "REGULARS_PUBLIC_URL", f"http://{shown}:{port}").rstrip("/")
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or parts.username is not None:
        _note(faults, "REGULARS_PUBLIC_URL", "an address such as https://loyalty.example")
    return url


def _mail_url(environ: Mapping[str, str], faults: list[Fault]) -> str:
    """A password has no place in it: addresses are shown in places where secrets are not."""
    url = _text(environ, "REGULARS_MAIL_URL", CONSOLE)
    parts = _split(url)
    is_server = (
        parts is not None
        and parts.scheme in ("smtp", "smtps")
        and parts.password is None
        and parts.path in ("", "/")
    )
    if url != CONSOLE and not is_server:
        _note(
            faults,
            "REGULARS_MAIL_URL",
            "console:, smtp://user@host:587 or smtps://user@host:465, and the password in the "
            "file of REGULARS_MAIL_PASSWORD_FILE",
        )
    return url


def _service_url(
    environ: Mapping[str, str], name: str, faults: list[Fault], *, instead: str = ""
) -> str | None:
    """https, or http on this machine: a token goes with each call."""
    url = _text(environ, name, instead)
    if url == instead:
        return instead or None
    parts = _split(url)
    is_safe = parts is not None and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_NAMES)
    )
    if parts is None or not is_safe or parts.username is not None:
        _note(faults, name, "an address that begins with https://, without user or password")
    return url


def _demand_companions(settings: Settings, faults: list[Fault]) -> None:
    """Settings of which one needs the other."""
    if settings.kms_url and not settings.kms_key:
        _note(faults, "REGULARS_KMS_KEY", "the name of a key, as REGULARS_KMS_URL is set")
    if settings.kms_url and not settings.kms_token_file:
        _note(faults, "REGULARS_KMS_TOKEN_FILE", "a file, as REGULARS_KMS_URL is set")
    if (settings.tls_cert_file is None) != (settings.tls_key_file is None):
        _note(faults, "REGULARS_TLS_KEY_FILE", "set together with REGULARS_TLS_CERT_FILE")
    if settings.sms_url != CONSOLE and not settings.sms_token_file:
        _note(faults, "REGULARS_SMS_TOKEN_FILE", "a file, as REGULARS_SMS_URL is set")
    if not settings.mail_from.isprintable() or "@" not in settings.mail_from:
        _note(faults, "REGULARS_MAIL_FROM", "an address such as Shop <loyalty@shop.example>")


def _several(
    environ: Mapping[str, str], name: str, kind: _Kind, faults: list[Fault]
) -> tuple[str, ...]:
    """What is listed, separated by commas or spaces, each in its form."""
    listed = _text(environ, name, "").replace(",", " ").split()
    formed = [kind.form(one) for one in listed]
    if len(listed) > MOST_LISTED:
        _note(faults, name, f"a list of at most {MOST_LISTED}")
    if None in formed:
        _note(faults, name, f"a list of {kind.wanted}")
    return tuple(one for one in formed if one is not None)


def _network(text: str) -> str | None:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return None


def _host(text: str) -> str | None:
    return _network(text) or _name(text)


def _name(text: str) -> str | None:
    name = text.lower().rstrip(".")
    is_name = name.isascii() and name.replace("-", "").replace(".", "").isalnum()
    return name if is_name else None


def _origin(text: str) -> str | None:
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or parts.username is not None:
        return None
    has_more = parts.path not in ("", "/") or parts.query or parts.fragment
    return None if has_more else f"{parts.scheme}://{parts.netloc}".lower()


NETWORKS = _Kind("networks such as 10.0.0.0/8, or single addresses", _network)
NAMES = _Kind("names such as loyalty.internal", _name)
HOSTS = _Kind("names such as login.corp.example, or networks such as 10.0.0.0/8", _host)
ORIGINS = _Kind("origins such as https://shop.example, without a path", _origin)


def _split(url: str) -> SplitResult | None:
    """The parts of an address that names a host, and a port that is one; else None."""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole and url.isascii() and url.isprintable() and " " not in url else None


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    text = _text(environ, name, "")
    return Path(text).expanduser().absolute() if text else None


def _file(environ: Mapping[str, str], name: str, faults: list[Fault]) -> Path | None:
    """A file that is there. What it holds is read by whoever needs it."""
    path = _path(environ, name)
    if path is not None and not path.is_file():
        _note(faults, name, "a file that is there")
    return path


def _note(faults: list[Fault], name: str, wanted: str) -> None:
    faults.append(Fault(f"/{name}", f"{name} must be {wanted}."))
