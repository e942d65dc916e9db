// Who serves a place and offers what is needed?
// param  area_id: str - Area.area_id of the destination
// param  support_ids: list[str] = [] - kinds of support needed, any of them; empty = all
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return area_name: str - the area it serves: the place itself or a wider one
// order  reading - kana of the agency, else its name
// right  see_network
// source DESIGN 1
MATCH (:Area {area_id: $area_id})-[:PART_OF*0..4]->(wide:Area)<-[:SERVES]-(a:Organization)
WHERE coalesce(a.status, 'active') <> 'closed'
  AND (size($support_ids) = 0
    OR EXISTS { MATCH (a)-[:OFFERS]->(s:Support) WHERE s.support_id IN $support_ids })
WITH a, collect(wide.name)[0] AS area_name
RETURN a.organization_id AS organization_id, a.name AS name, area_name AS area_name,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
