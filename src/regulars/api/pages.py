"""Pages for people: what this is, the interactive documentation, and every problem explained.

Everything is served from here; nothing is fetched from anywhere else.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from regulars.api.openapi import document
from regulars.api.problems import STATUS, TYPE_PAGE, RouteNotFound, title_of
from regulars.domain.errors import RegularsError

router = APIRouter(include_in_schema=False)

ASSETS = "/docs/assets"
SERVED = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}

_STYLE = """
body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem;
       color: #1d2733; background: #fff; }
code { background: #eef2f6; padding: 0 .3em; border-radius: 3px; }
dt { margin-top: 1rem; } dd { margin: 0 0 0 1rem; } a { color: #0b62c4; }
"""

_ROOT = """
<h1>Regulars 常客</h1>
<p>A self-hosted loyalty platform: events in; points, tiers and reasons out.<br>
自托管的会员忠诚度平台：事件进来，积分、等级和理由出去。</p>
<ul>
<li><a href="/console/">The console</a>, for operators · 管理后台</li>
<li><a href="/my/">The member's pages</a> · 会员中心</li>
<li><a href="/docs">Interactive documentation</a> and <a href="/openapi.json">OpenAPI 3.1</a></li>
<li><a href="/docs/problems">Problems and what to do about them</a></li>
<li><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>,
<a href="/metrics">/metrics</a></li>
</ul>
<p>Make an API key with <code>regulars keys create</code>, and send it as
<code>Authorization: Bearer rgl_…</code>.</p>
"""


_PLAIN_POLICY = (
    "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# The library writes styles into the page while it runs, and draws its icons from data: addresses.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self' '{script}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_CACHED = {"cache-control": "public, max-age=3600"}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@router.get("/")
async def root() -> HTMLResponse:
    """What this is, and where to go on."""
    return _page("Regulars", _ROOT)


@router.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The OpenAPI document. In a thread: the first takes half a second, and others go on."""
    return JSONResponse(document(request.app))


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The interactive documentation."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Regulars",
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon.png",
        swagger_ui_parameters={"validatorUrl": None},
    )
    inline = _INLINE.findall(bytes(page.body))
    assert len(inline) == 1, "the page has one script of its own"
    page.headers["content-security-policy"] = _DOCS_POLICY.format(script=_hash(inline[0]))
    return page


@router.get(ASSETS + "/{name}")
async def asset(name: str) -> Response:
    """A file of the interactive documentation."""
    if name not in SERVED:
        raise RouteNotFound
    return FileResponse(_folder() / name, media_type=SERVED[name], headers=_CACHED)


@router.get(TYPE_PAGE)
async def problems() -> HTMLResponse:
    """Every problem code: the page that problem types point to."""
    entries = "".join(
        f'<dt id="{kind.code}"><code>{kind.code}</code> ({STATUS[kind.code]})</dt>'
        f"<dd>{escape(title_of(kind))}</dd>"
        for kind in sorted(refusals(), key=lambda kind: (STATUS[kind.code], kind.code))
    )
    return _page("Problems", f"<h1>Problems</h1><dl>{entries}</dl>")


def refusals(kind: type[RegularsError] = RegularsError) -> Iterator[type[RegularsError]]:
    """Every kind of refusal there is."""
    yield kind
    for further in kind.__subclasses__():
        yield from refusals(further)


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>{body}</html>',
        headers={
            "content-security-policy": _PLAIN_POLICY.format(style=_hash(_STYLE.encode())),
        },
    )


def _hash(text: bytes) -> str:
    """What a Content-Security-Policy calls an inline script or style."""
    return f"sha256-{b64encode(sha256(text).digest()).decode()}"


def _folder() -> Path:
    """Where the installed package with the assets keeps them; it is not imported."""
    found = find_spec("fastapi_offline")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "static"
