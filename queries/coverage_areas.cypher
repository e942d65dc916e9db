// Which areas of a facility's prefecture can a coverage matrix show?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  level: str = municipality - municipality or care_area
// return area_id: str - Area.area_id
// return name: str - Area.name
// return present: bool - an agency serves it or stands in it, a client goes or wants to go there, or it was surveyed
// right  see_network
// consent not asked: areas only
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[:LOCATED_IN|SERVES]->(:Area)-[:PART_OF*0..4]->(home:Area {level: 'prefecture'})
WITH DISTINCT home
MATCH (area:Area {level: $level})-[:PART_OF*1..4]->(home)
WITH DISTINCT area
RETURN area.area_id AS area_id, area.name AS name,
  EXISTS { (:Organization)-[:SERVES|LOCATED_IN]->(:Area)-[:PART_OF*0..4]->(area) }
    OR EXISTS { (:Referral)-[:SETTLES_IN|DESIRES]->(:Area)-[:PART_OF*0..4]->(area) }
    OR EXISTS { (:Event {kind: 'surveyed'})-[:CONCERNS]->(area) } AS present
ORDER BY area_id
