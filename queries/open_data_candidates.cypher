// Which agencies of open data, not yet of the network, could fill an empty cell of the coverage matrix?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  area_ids: list[str] = [] - Area.area_id of the cells
// param  by: str = field - field: cells of the ten fields; support: of the kinds of help
// param  categories: list[str] = [] - fields or kinds of help of the cells; empty = all
// param  as_of: date = today - last day counted
// param  limit: int = 5 - at most so many for each area and category
// return area_id: str - Area.area_id of the cell
// return area_name: str - Area.name
// return category: str - field or kind of help of the cell
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return agency_type: str? - Organization.agency_type
// return phone: str? - Organization.phone; null for a hidden shelter
// return serves: bool - it says that it serves the area; else it only stands there
// return offers: list[str] - kinds of support
// return source: str - the open data set
// return edition: date - last edition that has it
// return found: int - such agencies of the area and category, all of them
// order  reading within area_id, category, serves, unreachable - kana of the agency, else its name
// right  plan
// source issue 7.5; standing in an area does not prove serving it
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (area:Area) WHERE area.area_id IN $area_ids
CALL (f, area) {
  CALL (area) {
    MATCH (area)-[:PART_OF*0..4]->(wide:Area)<-[:SERVES]-(a:Organization)
    RETURN a, true AS serves
    UNION
    MATCH (area)<-[:PART_OF*0..2]-(part:Area)<-[:LOCATED_IN]-(a:Organization)
    WHERE NOT EXISTS { (area)-[:PART_OF*0..4]->(:Area)<-[:SERVES]-(a) }
    RETURN a, false AS serves
  }
  WITH DISTINCT f, a, serves
  WHERE a <> f AND coalesce(a.status, 'active') = 'active'
    AND NOT EXISTS {
      MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a) WHERE list.made_on <= $as_of
    }
    AND NOT EXISTS {
      MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f) WHERE e.occurred_on <= $as_of
    }
  MATCH (a)<-[:DESCRIBES]-(l:Listing) WHERE l.gone_on IS NULL
  WITH a, serves, max(l.edition) AS edition, min(l.source) AS source
  ORDER BY NOT serves, a.phone IS NULL, a.organization_id
  UNWIND CASE $by WHEN 'field' THEN [a.field]
    ELSE COLLECT { MATCH (a)-[:OFFERS]->(help:Support) RETURN DISTINCT help.support_id } END AS category
  WITH a, serves, edition, source, category
  WHERE category IS NOT NULL AND (size($categories) = 0 OR category IN $categories)
  WITH category, count(*) AS found,
    collect({a: a, serves: serves, edition: edition, source: source})[..$limit] AS chosen
  UNWIND chosen AS each
  RETURN category, found, each.a AS a, each.serves AS serves, each.edition AS edition, each.source AS source
}
RETURN area.area_id AS area_id, area.name AS area_name, category AS category,
  a.organization_id AS organization_id, a.name AS name, a.agency_type AS agency_type,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  serves AS serves,
  COLLECT { MATCH (a)-[:OFFERS]->(s:Support) RETURN s.support_id ORDER BY s.support_id } AS offers,
  source AS source, edition AS edition, found AS found,
  a.phone IS NULL AS unreachable, coalesce(a.kana, a.name) AS reading
ORDER BY area_id, category, NOT serves, unreachable, reading, organization_id
