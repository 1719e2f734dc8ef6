"""Puts the Rasa project into the wheel, so that an installed ``send-guide`` trains and serves anywhere."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROJECT = (
    "actions",
    "data",
    "config.yml",
    "council-template",
    "credentials.yml",
    "domain.yml",
    "endpoints.yml",
)


class ProjectFiles(BuildHookInterface[Any]):  # type: ignore[misc]  # hatchling is there while it builds only
    """Adds the project's files to the package; an editable installation reads them where they stand."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them.

        Args:
            version: of the wheel: ``standard`` or ``editable``.
            build_data: what hatchling is going to include.
        """
        if version == "standard":
            build_data["force_include"] |= {name: f"send_guide/project/{name}" for name in PROJECT}
