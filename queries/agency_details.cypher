// What is known of one agency?
// param  organization_id: str - Organization.organization_id
// param  as_of: date = today - last day counted
// return name: str - Organization.name
// return kana: str? - Organization.kana
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return corporation: str? - corporation it belongs to
// return phone: str? - Organization.phone; null for a hidden shelter
// return address: str? - Organization.address; null when hidden
// return municipality: str? - name of the municipality it stands in
// return url: str? - Organization.url
// return hours: str? - Organization.hours
// return conditions: str? - whom it takes
// return serves: list[str] - names of the areas it serves
// return offers: list[str] - kinds of support, as the source calls them
// return contacts: list[map] [see_people] - contact persons of the day: name, role; personal
// return source_file: str? - file the agency was read from
// return source_row: int? - row of that file
// right  see_network
// source DESIGN 3
MATCH (a:Organization {organization_id: $organization_id})
RETURN a.name AS name, a.kana AS kana, a.field AS field, a.agency_type AS agency_type,
  a.corporation AS corporation,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  CASE WHEN coalesce(a.hidden_address, false) THEN null ELSE a.address END AS address,
  head([(a)-[:LOCATED_IN]->(place:Area) | place.full_name]) AS municipality,
  a.url AS url, a.hours AS hours, a.conditions AS conditions,
  COLLECT { MATCH (a)-[:SERVES]->(area:Area) RETURN area.name ORDER BY area.area_id } AS serves,
  COLLECT { MATCH (a)-[offer:OFFERS]->(s:Support)
    RETURN coalesce(offer.as_written, s.name) ORDER BY s.support_id } AS offers,
  COLLECT { MATCH (p:Person)-[work:WORKS_FOR]->(a)
    WHERE coalesce(work.since <= $as_of, true) AND coalesce(work.until > $as_of, true)
    RETURN {name: p.name, role: work.role}
    ORDER BY coalesce(p.kana, p.name), p.person_id } AS contacts,
  a.source_file AS source_file, a.source_row AS source_row
ORDER BY name
