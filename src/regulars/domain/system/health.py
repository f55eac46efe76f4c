"""How a deployment is: what is looked at, and what a person should do something about."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

WORKER_LATE = timedelta(minutes=6)
"""A worker that failed looks again after five minutes at most."""

DUE_LATE = timedelta(minutes=15)
LETTERS_LATE = timedelta(minutes=30)
LEAST_FREE_SHARE = 10
"""Of the disk, in percent."""

LEAST_FREE_BYTES = 2 * 1024**3
CONNECTIONS_SHARE = 80
VERIFIED_LATE = timedelta(days=3)


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Warned(StrEnum):
    """What is wrong, or could be better."""

    MIGRATIONS_MISSING = "migrations_missing"
    WORKER_NEVER = "worker_never"
    WORKER_LATE = "worker_late"
    DUE_LATE = "due_late"
    LETTERS_LATE = "letters_late"
    DISK_FULL = "disk_full"
    CONNECTIONS = "connections"
    BOOKS_NOT_CLEAN = "books_not_clean"
    NOT_VERIFIED = "not_verified"
    NO_PROGRAM = "no_program"
    MAIL_BY_CONSOLE = "mail_by_console"
    SMS_BY_CONSOLE = "sms_by_console"
    NO_TLS = "no_tls"
    KEYS_BESIDE_DATA = "keys_beside_data"


class Advice(Struct, frozen=True):
    """One of these, how bad it is, and what to do, in words."""

    code: Warned
    severity: Severity
    words: str


class Signs(Struct, frozen=True, kw_only=True):
    """What was seen. `free`, `total`: of the disk, in bytes; 0 of 0 where it is not told."""

    missing_migrations: int
    worker_at: datetime | None
    due: int
    due_since: datetime | None
    letters_since: datetime | None
    free: int
    total: int
    connections: int
    most_connections: int
    verified_at: datetime | None
    is_clean: bool | None
    has_program: bool
    has_mail: bool
    has_sms: bool
    has_tls: bool
    is_local: bool
    has_key_service: bool


WORDS: dict[Warned, tuple[Severity, dict[str, str]]] = {
    Warned.MIGRATIONS_MISSING: (Severity.ERROR, {
        "en": "The database has not seen all migrations of this release. Run `regulars db "
              "migrate`.",
        "zh-CN": "数据库尚未执行本版本的全部迁移。请运行 `regulars db migrate`。",
    }),
    Warned.WORKER_NEVER: (Severity.ERROR, {
        "en": "No worker has ever looked after this organization: points do not lapse, tiers are "
              "not reviewed, letters wait. Start `regulars worker`, or `regulars serve` without "
              "`--no-worker`.",
        "zh-CN": "后台任务进程从未运行：积分不会过期，等级不会复核，邮件不会补发。请启动 "
                 "`regulars worker`，或不带 `--no-worker` 运行 `regulars serve`。",
    }),
    Warned.WORKER_LATE: (Severity.ERROR, {
        "en": "The worker has not been heard of for minutes. See whether `regulars worker` runs, "
              "and what its log says.",
        "zh-CN": "后台任务进程已有数分钟没有响应。请检查 `regulars worker` 是否在运行，"
                 "并查看其日志。",
    }),
    Warned.DUE_LATE: (Severity.WARNING, {
        "en": "What fell due has waited for longer than a quarter of an hour. Look at the worker's "
              "log; after an import it may just need time. Balances told are right all the same.",
        "zh-CN": "到期事项已等待超过一刻钟。请查看后台任务进程的日志；若刚完成导入，可能只需稍候。"
                 "查询到的余额不受影响。",
    }),
    Warned.LETTERS_LATE: (Severity.WARNING, {
        "en": "Letters have waited for longer than half an hour. Check the mail and SMS settings "
              "and whether their servers can be reached.",
        "zh-CN": "有邮件或短信已等待超过半小时。请检查邮件和短信设置，以及对应服务器能否连通。",
    }),
    Warned.DISK_FULL: (Severity.ERROR, {
        "en": "The disk of the data folder is nearly full. Make room or move the folder; "
              "PostgreSQL stops when nothing is left.",
        "zh-CN": "数据目录所在磁盘即将写满。请清理空间或迁移数据目录；"
                 "空间耗尽时 PostgreSQL 会停止运行。",
    }),
    Warned.CONNECTIONS: (Severity.WARNING, {
        "en": "The database server is close to its limit of connections. Lower "
              "REGULARS_POOL_SIZE or raise max_connections.",
        "zh-CN": "数据库连接数接近上限。请调低 REGULARS_POOL_SIZE，或提高 max_connections。",
    }),
    Warned.BOOKS_NOT_CLEAN: (Severity.ERROR, {
        "en": "The last verification found that the ledger is not what its events make it. Look at "
              "its findings, and keep a copy of the database as it is now.",
        "zh-CN": "最近一次核对发现账目与事件不符。请查看核对结果，并保留当前数据库的副本。",
    }),
    Warned.NOT_VERIFIED: (Severity.NOTE, {
        "en": "The ledger has not been verified for days. Run a verification, or let it run by "
              "night.",
        "zh-CN": "账目已多日未核对。请手动核对，或启用夜间自动核对。",
    }),
    Warned.NO_PROGRAM: (Severity.WARNING, {
        "en": "No program is in force, so events are refused. Design and publish one.",
        "zh-CN": "当前没有生效的会员计划，事件会被拒绝。请设计并发布会员计划。",
    }),
    Warned.MAIL_BY_CONSOLE: (Severity.WARNING, {
        "en": "Mail is not set up: letters are only written to a file. Set REGULARS_MAIL_URL.",
        "zh-CN": "尚未配置邮件服务：邮件只写入本地文件。请设置 REGULARS_MAIL_URL。",
    }),
    Warned.SMS_BY_CONSOLE: (Severity.NOTE, {
        "en": "SMS is not set up: codes for phones are only written to a file. Set "
              "REGULARS_SMS_URL.",
        "zh-CN": "尚未配置短信服务：验证码只写入本地文件。请设置 REGULARS_SMS_URL。",
    }),
    Warned.NO_TLS: (Severity.WARNING, {
        "en": "Browsers reach this by plain http. Set REGULARS_TLS_CERT_FILE and "
              "REGULARS_TLS_KEY_FILE, or put a proxy that ends TLS before it, and set "
              "REGULARS_PUBLIC_URL.",
        "zh-CN": "浏览器以明文 http 访问本系统。请设置 REGULARS_TLS_CERT_FILE 和 "
                 "REGULARS_TLS_KEY_FILE，或在前面部署终止 TLS 的代理，并设置 REGULARS_PUBLIC_URL。",
    }),
    Warned.KEYS_BESIDE_DATA: (Severity.NOTE, {
        "en": "The keys of personal data are in the data folder. Keep a copy elsewhere, apart from "
              "the backups of the database.",
        "zh-CN": "个人信息密钥存放在数据目录中。请另存一份副本，并与数据库备份分开保管。",
    }),
}  # fmt: skip


def warnings(seen: Signs, now: datetime, language: str) -> list[Advice]:
    """What to do something about, the worst first."""
    found = [code for code, is_so in _judged(seen, now) if is_so]
    order = list(Severity)
    told = [Advice(code, WORDS[code][0], WORDS[code][1][language]) for code in found]
    return sorted(told, key=lambda one: order.index(one.severity))


def _judged(seen: Signs, now: datetime) -> list[tuple[Warned, bool]]:
    return [
        (Warned.MIGRATIONS_MISSING, seen.missing_migrations > 0),
        (Warned.WORKER_NEVER, seen.worker_at is None),
        (Warned.WORKER_LATE, _is_before(seen.worker_at, now - WORKER_LATE)),
        (Warned.DUE_LATE, _is_before(seen.due_since, now - DUE_LATE)),
        (Warned.LETTERS_LATE, _is_before(seen.letters_since, now - LETTERS_LATE)),
        (Warned.DISK_FULL, _is_full(seen)),
        (
            Warned.CONNECTIONS,
            seen.connections * 100 > seen.most_connections * CONNECTIONS_SHARE,
        ),
        (Warned.BOOKS_NOT_CLEAN, seen.is_clean is False),
        (
            Warned.NOT_VERIFIED,
            seen.verified_at is None or seen.verified_at < now - VERIFIED_LATE,
        ),
        (Warned.NO_PROGRAM, not seen.has_program),
        (Warned.MAIL_BY_CONSOLE, not seen.has_mail),
        (Warned.SMS_BY_CONSOLE, not seen.has_sms),
        (Warned.NO_TLS, not seen.has_tls and not seen.is_local),
        (Warned.KEYS_BESIDE_DATA, not seen.has_key_service),
    ]


def _is_before(at: datetime | None, limit: datetime) -> bool:
    return at is not None and at < limit


def _is_full(seen: Signs) -> bool:
    if not seen.total:
        return False
    return seen.free < LEAST_FREE_BYTES and seen.free * 100 < seen.total * LEAST_FREE_SHARE
