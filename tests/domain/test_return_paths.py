"""The way back after signing in stays here, whatever is asked for."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.return_paths import return_path, with_word

HERE = "https://loyalty.example/v1/staff/sign-in/company/callback"


@given(st.text(max_size=60) | st.text("/\\.:@?#%\t\r\n ehtps", max_size=20).map(lambda t: "/" + t))
def test_wherever_a_browser_goes_it_is_here(text: str) -> None:
    try:
        path = return_path(text)
    except InvalidInput:
        return
    for read in (path, path.replace("\\", "/"), "".join(path.split())):
        assert urlsplit(urljoin(HERE, read)).netloc == "loyalty.example"
    assert path.isascii()
    assert path.isprintable()


@pytest.mark.parametrize("text", ["/", "/console", "/console?tab=1#top", "/%2F%2Fevil.example"])
def test_a_path_of_ours_is_taken(text: str) -> None:
    assert return_path(text) == text


def test_what_came_of_it_is_told_before_the_fragment() -> None:
    assert with_word("/a", "sign_in", "done") == "/a?sign_in=done"
    assert with_word("/a?b=1#c", "sign_in", "done") == "/a?b=1&sign_in=done#c"
