// Which settlement support centres does a path from another prefecture to the destination pass?
// param  from_id: str - Organization.organization_id where the client is now
// param  area_id: str - Area.area_id of the destination
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// order  reading - kana of the centre, else its name
// right  see_network
// consent not asked: agencies only
// source the special coordination of the Ministry of Justice and the Ministry of Health: the centre of the prefecture where the client will live takes over. None when the start stands in the destination's prefecture, or nobody knows where it stands
MATCH (origin:Organization {organization_id: $from_id})
MATCH (:Area {area_id: $area_id})-[:PART_OF*0..4]->(prefecture:Area {level: 'prefecture'})
WHERE EXISTS {
    MATCH (origin)-[:LOCATED_IN]->(:Area)-[:PART_OF*0..4]->(other:Area {level: 'prefecture'})
    WHERE other <> prefecture }
  AND NOT EXISTS { MATCH (origin)-[:LOCATED_IN]->(:Area)-[:PART_OF*0..4]->(prefecture) }
MATCH (prefecture)<-[:PART_OF*0..4]-(:Area)<-[:SERVES|LOCATED_IN]-(centre:Organization)
WHERE centre.agency_type CONTAINS '定着' AND coalesce(centre.status, 'active') <> 'closed'
RETURN DISTINCT centre.organization_id AS organization_id, centre.name AS name,
  coalesce(centre.kana, centre.name) AS reading
ORDER BY reading, organization_id
