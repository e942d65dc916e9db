// Which agencies are there, what do they offer and which areas do they serve, for a directory?
// param  organization_id: str? = null - Organization.organization_id of a single one; null = all
// param  skip: int = 0 - pass over so many
// param  limit: int = 10000 - at most so many
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return short_name: str? - Organization.short_name
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return corporation: str? - corporation it belongs to
// return corporate_number: str? - 13 digits
// return office_number: str? - ten characters
// return status: str? - active, to_be_checked or closed
// return url: str? - Organization.url
// return email: str? - Organization.email
// return phone: str? - Organization.phone; null for a hidden shelter
// return fax: str? - Organization.fax; null for a hidden shelter
// return hours: str? - opening hours
// return conditions: str? - whom it takes
// return age_from: int? - youngest it takes, years
// return age_to: int? - oldest it takes, years
// return cost: str? - what it costs
// return postal_code: str? - null when the address is hidden
// return address: str? - null when hidden
// return municipality: str? - name of the municipality it stands in
// return prefecture: str? - name of its prefecture
// return latitude: float? - degrees, WGS 84; null when unknown or hidden
// return longitude: float? - degrees, WGS 84; null when unknown or hidden
// return offers: list[map] - support_id, name of the support, as_written (null = as the support)
// return serves: list[map] - area_id, name with its prefecture, level
// right  see_network
// source Open Referral HSDS 3.0
MATCH (a:Organization)
WHERE $organization_id IS NULL OR a.organization_id = $organization_id
WITH a ORDER BY a.organization_id SKIP $skip LIMIT $limit
WITH a, NOT coalesce(a.hidden_address, false) AS shown,
  head([(a)-[:LOCATED_IN]->(place:Area) WHERE place.level = 'municipality' | place]) AS place
RETURN a.organization_id AS organization_id, a.name AS name, a.short_name AS short_name,
  a.field AS field, a.agency_type AS agency_type, a.corporation AS corporation,
  a.corporate_number AS corporate_number, a.office_number AS office_number, a.status AS status,
  a.url AS url, a.email AS email,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.fax END AS fax,
  a.hours AS hours,
  a.conditions AS conditions, a.age_from AS age_from, a.age_to AS age_to, a.cost AS cost,
  CASE WHEN shown THEN a.postal_code END AS postal_code,
  CASE WHEN shown THEN a.address END AS address,
  place.name AS municipality,
  head([(place)-[:PART_OF*1..3]->(p:Area) WHERE p.level = 'prefecture' | p.name]) AS prefecture,
  CASE WHEN shown THEN a.location.latitude END AS latitude,
  CASE WHEN shown THEN a.location.longitude END AS longitude,
  COLLECT { MATCH (a)-[offer:OFFERS]->(s:Support)
    RETURN {support_id: s.support_id, name: s.name, as_written: offer.as_written}
    ORDER BY s.support_id } AS offers,
  COLLECT { MATCH (a)-[:SERVES]->(area:Area)
    RETURN {area_id: area.area_id, name: coalesce(area.full_name, area.name), level: area.level}
    ORDER BY area.area_id } AS serves
ORDER BY organization_id
