// Which agencies of open data serve an area or stand in it, to begin a partner list with?
// param  area_ids: list[str] = [] - Area.area_id
// param  limit: int = 100 - at most so many of each field
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return municipality: str? - name of the municipality it stands in
// return serves: bool - it says that it serves one of the areas; else it only stands there
// return found: int - such agencies of its field, all of them
// order  reading - kana of the agency, else its name
// right  see_network
// source issue 10.2; standing in an area does not prove serving it
MATCH (area:Area) WHERE area.area_id IN $area_ids
CALL (area) {
  MATCH (area)-[:PART_OF*0..4]->(:Area)<-[:SERVES]-(a:Organization)
  RETURN a, true AS serves
  UNION
  MATCH (area)<-[:PART_OF*0..3]-(:Area)<-[:LOCATED_IN]-(a:Organization)
  RETURN a, false AS serves
}
WITH a, true IN collect(serves) AS serves
WHERE coalesce(a.status, 'active') = 'active'
  AND EXISTS { MATCH (a)<-[:DESCRIBES]-(l:Listing) WHERE l.gone_on IS NULL }
WITH a, serves ORDER BY NOT serves, a.phone IS NULL, a.organization_id
WITH a.field AS field, count(*) AS found, collect({agency: a, serves: serves})[..$limit] AS chosen
UNWIND chosen AS each
WITH field, found, each.agency AS a, each.serves AS serves
RETURN a.organization_id AS organization_id, a.name AS name, field AS field,
  a.agency_type AS agency_type,
  head([(a)-[:LOCATED_IN]->(place:Area) | place.name]) AS municipality,
  serves AS serves, found AS found, coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
