// How many contact persons of each agency of a facility's lists are known on a day?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return people: int - persons who work for it on the day; 0 = nobody is recorded
// order  reading - kana of the agency, else its name
// right  see_network
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
WHERE list.made_on <= $as_of
WITH DISTINCT a
RETURN a.organization_id AS organization_id, a.name AS name,
  COUNT { MATCH (p:Person)-[w:WORKS_FOR]->(a)
    WHERE coalesce(w.since <= $as_of, true) AND coalesce(w.until > $as_of, true)
    RETURN DISTINCT p } AS people,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
