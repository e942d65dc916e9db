// Who has ever stood in an agency's ecomap, on whichever day, and which place do ecomaps give each?
// param  organization_id: str - Organization.organization_id of the agency or facility in the middle
// param  places_of: str - Organization.organization_id of the facility whose ecomap was drawn first
// return organization_id: str - Organization.organization_id
// return field: str? - one of the ten fields
// return slot: int? - place kept in the facility's ecomap
// return own_slot: int? - place kept in the ecomap of the one in the middle, which may be a facility too
// return first_on: date? - first day it stood there; null = before anything dated
// right  see_network
// source DESIGN 5, fixed places
MATCH (c:Organization {organization_id: $organization_id})
CALL (c) {
  MATCH (c)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
  RETURN a, list.made_on AS on
  UNION
  MATCH (c)-[t:TIED_TO]-(a:Organization)
  RETURN a, t.since AS on
}
WITH c, a, collect(coalesce(on, date('0001-01-01'))) AS days WHERE a <> c
UNWIND days AS day
WITH c, a, min(day) AS first
OPTIONAL MATCH (c)-[own:PLACES]->(a)
OPTIONAL MATCH (:Organization {organization_id: $places_of})-[place:PLACES]->(a)
RETURN a.organization_id AS organization_id, a.field AS field, place.slot AS slot,
  own.slot AS own_slot, CASE WHEN first > date('0001-01-01') THEN first END AS first_on
ORDER BY first, organization_id
