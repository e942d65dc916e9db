// Which partner lists does a facility keep on a day, and who stands on each?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return list_id: str - PartnerList.list_id
// return name: str? - PartnerList.name
// return made_on: date - day it was made
// return member_ids: list[str] - agencies it names
// right  see_network
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[:KEEPS]->(list:PartnerList)
WHERE list.made_on <= $as_of
OPTIONAL MATCH (list)-[:LISTS]->(a:Organization)
WITH list, a ORDER BY a.organization_id
WITH list, collect(a.organization_id) AS members
RETURN list.list_id AS list_id, list.name AS name, list.made_on AS made_on, members AS member_ids
ORDER BY made_on DESC, list_id
