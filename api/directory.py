"""The directory as HSDS 3.0 JSON: organizations with all that is within, services, locations."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from api.desk import Desk
from exporters.hsds import make_tables, nest_organizations
from graph.store import Row

Tree = dict[str, Any]


class Phone(BaseModel):
    """A telephone or fax number."""

    id: uuid.UUID
    number: str
    type: str | None


class Address(BaseModel):
    """Where a location stands; of a hidden one the municipality only."""

    id: uuid.UUID
    address_1: str | None
    city: str | None
    region: str | None
    state_province: str | None
    postal_code: str | None
    country: str
    address_type: Literal["physical", "postal", "virtual"]


class Location(BaseModel):
    """A place of an organization."""

    id: uuid.UUID
    location_type: Literal["physical", "postal", "virtual"]
    name: str | None
    latitude: float | None
    longitude: float | None
    addresses: list[Address]


class Schedule(BaseModel):
    """When a service is open, in the source's words."""

    id: uuid.UUID
    description: str | None


class ServiceArea(BaseModel):
    """An area that a service is for."""

    id: uuid.UUID
    name: str | None
    extent_type: str | None


class TaxonomyTerm(BaseModel):
    """A kind of help."""

    id: uuid.UUID
    code: str | None
    name: str
    description: str
    language: str | None


class Attribute(BaseModel):
    """What kind of help a service is."""

    id: uuid.UUID
    link_type: str | None
    link_entity: str
    value: str | None
    taxonomy_term: TaxonomyTerm


class ServiceAtLocation(BaseModel):
    """A service given at a location."""

    id: uuid.UUID
    location: Location


class Service(BaseModel):
    """A service of an organization."""

    id: uuid.UUID
    organization_id: uuid.UUID
    name: str
    url: str | None
    email: str | None
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    fees_description: str | None
    eligibility_description: str | None
    minimum_age: int | None
    maximum_age: int | None
    schedules: list[Schedule]
    service_areas: list[ServiceArea]
    service_at_locations: list[ServiceAtLocation]
    attributes: list[Attribute]


class Identifier(BaseModel):
    """A number an organization is known by; ours has the scheme "tsunagi"."""

    id: uuid.UUID
    identifier_scheme: str | None
    identifier_type: str
    identifier: str


class Organization(BaseModel):
    """An organization with its services, locations and telephones."""

    id: uuid.UUID
    name: str
    alternate_name: str | None
    description: str
    email: str | None
    website: str | None
    organization_identifiers: list[Identifier]
    phones: list[Phone]
    locations: list[Location]
    services: list[Service]


class Page(BaseModel):
    """What every page of a list says of itself, as in HSDS 3.0. Organizations are counted."""

    total_items: int
    total_pages: int
    page_number: int = Field(description="from 1")
    size: int
    first_page: bool
    last_page: bool
    empty: bool


class OrganizationPage(Page):
    """A page of organizations."""

    contents: list[Organization]


class ServicePage(Page):
    """The services of a page of organizations."""

    contents: list[Service]


class LocationPage(Page):
    """The locations of a page of organizations."""

    contents: list[Location]


class ServiceAreaPage(Page):
    """The service areas of a page of organizations, each area of a service once."""

    contents: list[ServiceArea]


PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=1_000)]

_LISTS: Final[Mapping[str, tuple[type[Page], Callable[[Tree], list[Tree]]]]] = {
    "organizations": (OrganizationPage, lambda tree: [tree]),
    "services": (ServicePage, lambda tree: tree["services"]),
    "locations": (LocationPage, lambda tree: tree["locations"]),
    "service_areas": (
        ServiceAreaPage,
        lambda tree: [area for service in tree["services"] for area in service["service_areas"]],
    ),
}
"""Path → the model of its page, and what it takes of an organization."""


def make_directory(desk: Desk) -> APIRouter:
    """Return the lists of the directory, cut into pages by organizations in order of our ids."""
    router = APIRouter()
    for name, (model, pick) in _LISTS.items():
        router.add_api_route(
            f"/{name}",
            _make_list(desk, pick),
            response_model=model,
            summary=model.__doc__,
            operation_id=f"list_{name}",
        )

    @router.get("/organizations/{organization_id}", responses={404: {}})
    def find_organization(request: Request, organization_id: str) -> Organization:
        """Find one by our own identifier (of the scheme tsunagi)."""
        actor = desk.find_actor(request)
        rows = desk.ask(actor, "directory", organization_id=organization_id)
        if not rows:
            raise HTTPException(404, "api.unknown")
        return Organization.model_validate(next(nest_organizations(make_tables(rows))))

    return router


def _make_list(desk: Desk, pick: Callable[[Tree], list[Tree]]) -> Callable[..., dict[str, Any]]:
    def endpoint(request: Request, page: PageNumber = 1, per_page: PerPage = 50) -> dict[str, Any]:
        cut = _read_page(partial(desk.ask, desk.find_actor(request)), page, per_page)
        return cut | {"contents": [one for tree in cut["contents"] for one in pick(tree)]}

    return endpoint


def _read_page(ask: Callable[..., Sequence[Row]], page: int, per_page: int) -> dict[str, Any]:
    counted = ask("directory_size")
    total = counted[0]["organizations"] if counted else 0
    rows = ask("directory", skip=(page - 1) * per_page, limit=per_page)
    pages = max(1, math.ceil(total / per_page))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(rows),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not rows,
        "contents": list(nest_organizations(make_tables(rows))),
    }
