"""The two faces as they were built: the operator's console and the member's pages.

Their files are read and packed once a process. Whatever is no file is a page of the application,
which finds its own way in the browser.
"""

import gzip
import mimetypes
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from regulars.api.problems import RouteNotFound

router = APIRouter(include_in_schema=False)

BUILT = Path(__file__).parent.parent / "faces"
"""Where the build of `web/` puts them, a folder each."""

CONSOLE, MEMBER = "console", "member"
FACES = (CONSOLE, MEMBER)
INDEX = "index.html"
NONCE = "__NONCE__"
"""Stands in the page for a value of each answer, which marks the styles that it may add itself."""

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
PERMANENT = 308
NOT_MODIFIED = 304
HTML = "text/html; charset=utf-8"
LEAST_PACKED = 1_000
PACKED = ("text/", "application/json", "application/manifest+json", "image/svg+xml")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts are files of ours alone. Controls and charts place themselves by style attributes."""

WORKER = "sw.js"
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
"""A service worker fetches for its pages, and by its own policy."""

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Regulars</title>
<h1>The pages are not built</h1><p>Run <code>make web</code> in the source folder, and start again.
An installed release brings them with it.</p></html>"""


@dataclass(frozen=True, slots=True)
class File:
    """A built file: its bytes, the same packed where that is worth it, and what it is."""

    plain: bytes
    packed: bytes | None
    media_type: str
    etag: str
    cache_control: str


@router.get("/console")
@router.get("/my")
async def enter(request: Request) -> Response:
    """The face lives in its folder; what the address asks for goes along."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.url.path}/{query}", PERMANENT)


@router.get("/console/{path:path}")
async def console(request: Request, path: str) -> Response:
    """The operator's console."""
    return _answer(request, CONSOLE, path)


@router.get("/my/{path:path}")
async def member(request: Request, path: str) -> Response:
    """The member's pages."""
    return _answer(request, MEMBER, path)


def read() -> None:
    """Read and pack both faces, so that no request waits for it."""
    for face in FACES:
        _files(BUILT / face)


def _answer(request: Request, face: str, path: str) -> Response:
    """A file of the face, or the page that finds its own way. Raises RouteNotFound."""
    files = _files(BUILT / face)
    found = files.get(path)
    if found is not None and path != INDEX:
        answer = _file(request, found)
        if path == WORKER:
            answer.headers["content-security-policy"] = WORKER_POLICY
        return answer
    if path.startswith("assets/"):
        raise RouteNotFound
    return _page(files)


def _file(request: Request, found: File) -> Response:
    headers = {
        "etag": found.etag,
        "cache-control": found.cache_control,
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(found.packed, headers=headers, media_type=found.media_type)
    return Response(found.plain, headers=headers, media_type=found.media_type)


def _page(files: Mapping[str, File]) -> Response:
    """The face's one page, with a nonce of its own."""
    index = files.get(INDEX)
    nonce = secrets.token_urlsafe(16)
    text = NOT_BUILT if index is None else index.plain.decode().replace(NONCE, nonce)
    headers = {"content-security-policy": POLICY.format(nonce=nonce)}
    return Response(text, 503 if index is None else 200, headers=headers, media_type=HTML)


@cache
def _files(folder: Path) -> Mapping[str, File]:
    """Every file of a face by its path: no other can be asked for."""
    return {
        path.relative_to(folder).as_posix(): _read(path, is_named_by_content="assets" in path.parts)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _read(path: Path, *, is_named_by_content: bool) -> File:
    plain = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".webmanifest":
        media_type = "application/manifest+json"
    is_packed = media_type.startswith(PACKED) or "javascript" in media_type
    return File(
        plain,
        gzip.compress(plain, mtime=0) if is_packed and len(plain) >= LEAST_PACKED else None,
        media_type,
        f'"{sha256(plain).hexdigest()[:32]}"',
        FOREVER if is_named_by_content else ASK_AGAIN,
    )
