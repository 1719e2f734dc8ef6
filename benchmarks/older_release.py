"""Serves as the release before does: on the tables that it finds, which it does not bring up to date."""

from __future__ import annotations

from unittest import mock

from send_guide.cli.main import main

if __name__ == "__main__":
    with mock.patch("send_guide.server.upgrade"):
        main()
