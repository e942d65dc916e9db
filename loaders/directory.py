"""Which agency a row means: the rules of identity, over what is known so far.

Identity goes by our id, then office number, then corporate number with name (a corporation may run
many offices), then name with municipality. A name alone never merges: two agencies of one name, one
of them without a municipality, are put to a person, who writes the id. Telephone numbers do not
decide, since one number often serves several offices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.records import derive_id
from loaders.lettering import matching_key
from loaders.problems import BadValue


@dataclass(frozen=True, slots=True)
class KnownOrganization:
    """What identity needs to know of an agency."""

    organization_id: str | None
    name: str
    short_name: str | None = None
    municipality: str | None = None
    office_number: str | None = None
    corporate_number: str | None = None


class Directory:
    """The agencies of the graph and of the file being read.

    `same` says of agencies that a file would bring which known ones they are, id → id.
    """

    def __init__(
        self, known: Iterable[KnownOrganization] = (), same: Mapping[str, str] | None = None
    ) -> None:
        self._same = same or {}
        self._ids: set[str] = set()
        self._by_identity: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._municipalities: dict[str, str | None] = {}
        for organization in known:
            self._remember(organization, organization.organization_id or "")

    def register(self, organization: KnownOrganization) -> str:
        """Return the id of an agency a row declares, known or new, and remember it.

        Raises:
            BadValue: `rows.ambiguous_organization`: its words fit several known agencies, or
                one of the same name of which it is not known where it stands.
        """
        organization_id = organization.organization_id or self._identify(organization)
        organization_id = self._same.get(organization_id, organization_id)
        self._remember(organization, organization_id)
        return organization_id

    def knows(self, words: str) -> bool:
        """Say whether some agency has this id, name or short name."""
        return words in self._ids or bool(self._by_name.get(matching_key(words)))

    def resolve(self, words: str) -> str:
        """Return the id of an agency named by id, name or short name.

        Raises:
            BadValue: `rows.unknown_organization` or `rows.ambiguous_organization`.
        """
        if words in self._ids:
            return words
        found = self._by_name.get(matching_key(words), set())
        if not found:
            raise BadValue("rows.unknown_organization", value=words)
        return _only(found, words)

    def _identify(self, organization: KnownOrganization) -> str:
        for identity in _identities(organization):
            if found := self._by_identity.get(identity):
                return _only(found, organization.name)
        self._refuse_name_alone(organization)
        return derive_id("org", *next(_identities(organization)))

    def _refuse_name_alone(self, organization: KnownOrganization) -> None:
        doubtful = {
            known
            for known in self._by_name.get(matching_key(organization.name), ())
            if organization.municipality is None or self._municipalities.get(known) is None
        }
        if doubtful:
            raise _ambiguity(doubtful, organization.name)

    def _remember(self, organization: KnownOrganization, organization_id: str) -> None:
        self._ids.add(organization_id)
        self._municipalities[organization_id] = organization.municipality
        for identity in _identities(organization):
            self._by_identity[identity].add(organization_id)
        for name in (organization.name, organization.short_name):
            if name:
                self._by_name[matching_key(name)].add(organization_id)


def know_agencies(named: Iterable[tuple[str | None, str]]) -> Directory:
    """Return a directory of (id, name): the agencies of a form; who has no id is left out."""
    return Directory(KnownOrganization(key, name) for key, name in named if key)


def _identities(organization: KnownOrganization) -> Iterator[tuple[str, ...]]:
    """Yield what identifies an agency, strongest first; the last one always exists."""
    name = matching_key(organization.name)
    if organization.office_number:
        yield ("office", organization.office_number)
    if organization.corporate_number:
        yield ("corporation", organization.corporate_number, name)
    yield ("name", name, organization.municipality or "")


def _only(found: set[str], words: str) -> str:
    if len(found) > 1:
        raise _ambiguity(found, words)
    return next(iter(found))


def _ambiguity(found: set[str], words: str) -> BadValue:
    return BadValue(
        "rows.ambiguous_organization", value=words, expected="、".join(sorted(found)[:5])
    )
