"""How the built pages are served: what a browser may keep, and what the pages may do in it."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.conftest import Shop

from regulars.api import faces

INDEX = '<!doctype html><meta name="csp-nonce" content="__NONCE__"><script src="a.js"></script>'
SCRIPT = b"console.log(1);" * 200


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small face in the place of the built ones."""
    face = tmp_path / "faces" / "console"
    (face / "assets").mkdir(parents=True)
    (face / "index.html").write_text(INDEX)
    (face / "assets" / "a-1f.js").write_bytes(SCRIPT)
    (face / "sw.js").write_bytes(SCRIPT)
    (tmp_path / "faces" / "secret.txt").write_text("not of the face")
    monkeypatch.setattr(faces, "BUILT", tmp_path / "faces")
    yield tmp_path
    faces._files.cache_clear()


@pytest.mark.parametrize("path", ["/console/", "/console/members/mem_1", "/console/index.html"])
def test_every_page_of_a_face_is_its_one_page_with_a_nonce_of_its_own(
    shop: Shop, path: str
) -> None:
    first, second = shop.client.get(path), shop.client.get(path)

    assert first.status_code == 200
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "no-store"
    (nonce,) = re.findall(r'content="([^"]+)"', first.text)
    policy = first.headers["content-security-policy"]
    assert f"style-src-elem 'self' 'nonce-{nonce}'" in policy
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert nonce not in second.text


def test_files_named_by_their_content_are_kept_for_good_and_come_packed(shop: Shop) -> None:
    packed = shop.client.get("/console/assets/a-1f.js", headers={"accept-encoding": "gzip"})
    plain = shop.client.get("/console/assets/a-1f.js", headers={"accept-encoding": "identity"})

    assert packed.content == plain.content == SCRIPT
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(gzip.compress(SCRIPT))
    assert "content-encoding" not in plain.headers
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["content-type"].startswith("text/javascript")


def test_other_files_are_asked_for_again_and_not_sent_twice(shop: Shop) -> None:
    first = shop.client.get("/console/sw.js")
    again = shop.client.get("/console/sw.js", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/console/assets/gone-2a.js",
        "/console/assets/../../secret.txt",
        "/console/assets/%2e%2e/%2e%2e/secret.txt",
        "/console/%2e%2e/secret.txt",
    ],
)
def test_nothing_beside_the_face_is_served(shop: Shop, path: str) -> None:
    answer = shop.client.get(path)

    assert "not of the face" not in answer.text
    if path.startswith("/console/assets/"):
        assert answer.status_code == 404


def test_a_face_that_is_not_built_says_how_to_build_it(shop: Shop) -> None:
    answer = shop.client.get("/my/")

    assert answer.status_code == 503
    assert "make web" in answer.text


def test_the_bare_name_leads_into_the_face(shop: Shop) -> None:
    answer = shop.client.get("/console")

    assert (answer.status_code, answer.headers["location"]) == (308, "/console/")
    asked = shop.client.get("/console?days=90&segment=tier%3Agold", follow_redirects=False)
    assert asked.headers["location"] == "/console/?days=90&segment=tier%3Agold"
