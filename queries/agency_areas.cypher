// Which areas do these agencies stand in or serve, and which of them each?
// param  organization_ids: list[str] - Organization.organization_id of each
// return area_id: str - Area.area_id
// return full_name: str - name with its prefecture
// return level: str - municipality, care_area or prefecture
// return member_ids: list[str] - agencies that stand in it or in a part of it, or serve it, a part of it or an area it is part of
// right  see_network
// source DESIGN 3, LOCATED_IN and SERVES
UNWIND $organization_ids AS id
MATCH (a:Organization {organization_id: id})-[:SERVES|LOCATED_IN]->(:Area)-[:PART_OF*0..3]->(x:Area)
WHERE x.level <> 'nation'
WITH x, collect(DISTINCT a) AS within
CALL (x) {
  MATCH (x)-[:PART_OF*1..3]->(:Area)<-[:SERVES]-(a:Organization)
  WHERE a.organization_id IN $organization_ids
  RETURN collect(DISTINCT a) AS around
}
UNWIND within + around AS a
WITH x, a ORDER BY a.organization_id
WITH x, collect(DISTINCT a.organization_id) AS members
RETURN x.area_id AS area_id, coalesce(x.full_name, x.name) AS full_name, x.level AS level,
  members AS member_ids
ORDER BY area_id
