"""Every page of the app: what shows it, and the right without which it is not offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from graph.rights import Right
from views import (
    audit,
    contacts,
    ecomap,
    gaps,
    nearby,
    network,
    paths,
    record,
    report,
    takeout,
    upload,
)
from views.frame import Context

PAGES: Final[dict[str, tuple[Callable[[Context], None], Right]]] = {
    "ecomap": (ecomap.show, "see_network"),
    "network": (network.show, "see_network"),
    "gaps": (gaps.show, "see_network"),
    "paths": (paths.show, "see_statistics"),
    "nearby": (nearby.show, "see_network"),
    "contacts": (contacts.show, "plan"),
    "report": (report.show, "see_statistics"),
    "record": (record.show, "record"),
    "upload": (upload.show, "load"),
    "takeout": (takeout.show, "export"),
    "audit": (audit.show, "administer"),
}
"""In the order of the navigation; the name is the page's address."""
