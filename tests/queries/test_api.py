"""The read API on a real graph: its own description holds, whatever is asked of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

import queries
from api.application import make_api
from graph.rights import ROLES, Actor, Note, Role, Unrecorded, add_up
from graph.store import Row, Store

HSDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "hsds_3.0" / "datapackage.json"


@dataclass(frozen=True)
class OwnDesk:
    """Every request comes from one actor."""

    store: Store
    actor: Actor

    def find_actor(self, _request: object) -> Actor:
        return self.actor

    def ask(self, actor: Actor, name: str, **values: object) -> list[Row]:
        return queries.ask(self.store.acting_as(actor), name, **values)


def open_api(store: Store, *roles: Role, note: Note = lambda *_: None) -> TestClient:
    desk = OwnDesk(store, Actor("系統", add_up(roles), note))
    return TestClient(make_api(desk), raise_server_exceptions=False)


@pytest.fixture
def api(sample_store: Store) -> Iterator[TestClient]:
    with open_api(sample_store, *ROLES) as client:
        yield client


def test_a_question_answers_as_the_page_does(api: TestClient, sample_store: Store) -> None:
    answer = api.get("/questions/network_agencies", params={"as_of": "2022-10-04"})
    assert answer.status_code == 200
    assert answer.json() == queries.ask(sample_store, "network_agencies", as_of="2022-10-04")


def test_every_question_is_there_with_its_parameters(api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    for query in queries.list_queries().values():
        described = paths[f"/questions/{query.name}"]["get"]
        asked = {one["name"] for one in described.get("parameters", [])}
        assert asked == {p.name for p in query.parameters} - {"today", "override", "reason"}
        assert described["summary"] == query.question


def test_who_lacks_the_right_gets_no_answer_and_no_reason_but_a_code(sample_store: Store) -> None:
    with open_api(sample_store, "viewer") as client:
        refused = client.get("/questions/ecomap_of_client", params={"client_id": "2019-01"})
        names = {one["name"] for one in client.get("/questions").json()}
    assert (refused.status_code, refused.json()) == (403, {"detail": "store.refused"})
    assert "ecomap_of_client" not in names
    assert "network_agencies" in names


@pytest.mark.parametrize(
    ("path", "values", "code"),
    [
        ("/questions/ecomap_of_client", {"client_id": "花子", "as_of": "花子"}, "queries.type"),
        ("/questions/network_agencies", {"as_of": "2022-13-45"}, "queries.type"),
        ("/questions/next_contacts", {"limit": "花子"}, "queries.type"),
        ("/questions/next_contacts", {"limit": "-1"}, "queries.type"),
        ("/hsds/organizations", {"page": "花子"}, "queries.type"),
        ("/questions/ecomap_of_client", {"as_of": "2022-10-04"}, "queries.missing"),
    ],
)
def test_a_value_that_is_none_is_refused_by_a_code_and_not_repeated(
    api: TestClient, path: str, values: dict[str, str], code: str
) -> None:
    answer = api.get(path, params=values)
    assert (answer.status_code, answer.json()) == (422, {"detail": code})


def test_the_description_tells_errors_as_they_are(api: TestClient) -> None:
    described = api.get("/openapi.json").json()
    for operations in described["paths"].values():
        answers = operations["get"]["responses"]
        for status in ("403", "422", "503"):
            schema = answers[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
    assert described["components"]["schemas"]["Problem"]["required"] == ["detail"]
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_what_cannot_be_put_on_record_is_not_answered(sample_store: Store) -> None:
    def fail(*_: object) -> None:
        raise Unrecorded

    with open_api(sample_store, "viewer", note=fail) as client:
        answer = client.get("/hsds/organizations")
    assert (answer.status_code, answer.json()) == (503, {"detail": "store.not_recorded"})


def test_what_is_asked_goes_on_record(sample_store: Store) -> None:
    noted: list[tuple[str, str]] = []
    with open_api(sample_store, "viewer", note=lambda a, s, _c: noted.append((a, s))) as client:
        answer = client.get("/questions/directory_size")
    assert answer.headers["cache-control"] == "no-store"
    assert noted == [("view", "api /questions/directory_size")]


def test_the_directory_comes_in_pages(api: TestClient) -> None:
    first = api.get("/hsds/organizations", params={"per_page": 7}).json()
    assert (first["size"], first["first_page"], first["last_page"]) == (7, True, False)
    rest = [
        api.get("/hsds/organizations", params={"per_page": 7, "page": number}).json()
        for number in range(2, first["total_pages"] + 1)
    ]
    ids = [one["id"] for page in [first, *rest] for one in page["contents"]]
    assert len(ids) == len(set(ids)) == first["total_items"]
    beyond = api.get("/hsds/organizations", params={"page": 9_999}).json()
    assert (beyond["empty"], beyond["contents"]) == (True, [])


def test_one_organization_is_found_by_our_identifier(api: TestClient) -> None:
    page = api.get("/hsds/organizations", params={"per_page": 1}).json()
    (organization,) = page["contents"]
    (ours,) = [
        one["identifier"]
        for one in organization["organization_identifiers"]
        if one["identifier_scheme"] == "tsunagi"
    ]
    assert api.get(f"/hsds/organizations/{ours}").json() == organization
    assert api.get("/hsds/organizations/nobody").status_code == 404


@pytest.mark.skipif(not HSDS.exists(), reason="the schemas of HSDS are not beside this clone")
def test_organizations_keep_the_schema_of_hsds(api: TestClient) -> None:
    declared = {
        resource["name"]: {
            field["name"]: field.get("constraints", {}).get("required", False)
            for field in resource["schema"]["fields"]
        }
        for resource in json.loads(HSDS.read_text(encoding="utf-8"))["resources"]
    }
    page = api.get("/hsds/organizations", params={"per_page": 1_000}).json()
    nested = {"services", "locations", "phones", "organization_identifiers"}
    for organization in page["contents"]:
        own = {name for name in organization if name not in nested}
        assert own <= set(declared["organization"])
        assert all(organization[n] for n, needed in declared["organization"].items() if needed)
        for service in organization["services"]:
            needed = [name for name, must in declared["service"].items() if must]
            assert all(service[name] for name in needed)


def test_nothing_asked_of_it_breaks_it(sample_store: Store) -> None:
    """Requests made from its own description: no failure of the server, no undeclared answer.

    An eighth of the questions each time (a minute for all of them: TSUNAGI_FUZZ=all).
    """
    with open_api(sample_store, *ROLES) as client:
        schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)

        operations = [result.ok() for result in schema.get_all_operations()]
        assert len(operations) > len(queries.list_queries())
        for operation in operations[:: 1 if os.environ.get("TSUNAGI_FUZZ") == "all" else 8]:
            check_operation(operation)


def check_operation(operation: schemathesis.APIOperation) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=4, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate()

    check()
