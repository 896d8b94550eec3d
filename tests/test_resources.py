"""Where a person's own folders are."""

from __future__ import annotations

import platformdirs
import pytest

from slaboard import resources


@pytest.mark.parametrize("home", ["/home/ana", "/home/ana/", "/", "", "relative", None], ids=repr)
@pytest.mark.parametrize("named", ["/x/y", "/x/", "//x", "relative", "~/z", " ", " /x", "", "/a:/b", None], ids=repr)
def test_they_are_where_platformdirs_has_them(
    monkeypatch: pytest.MonkeyPatch, home: str | None, named: str | None
) -> None:
    """The quick way agrees with the library for whatever HOME and XDG_*_HOME say, also against the rules."""
    variables = {"HOME": home, "XDG_CONFIG_HOME": named, "XDG_DATA_HOME": named, "XDG_STATE_HOME": named}
    variables["XDG_CACHE_HOME"] = named
    for name, value in variables.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert str(resources.config_dir()) == str(platformdirs.user_config_path(resources.APP))
    assert str(resources.data_dir()) == str(platformdirs.user_data_path(resources.APP))
    assert str(resources.state_dir()) == str(platformdirs.user_state_path(resources.APP))
    assert str(resources.cache_dir()) == str(platformdirs.user_cache_path(resources.APP))
