// Which councils, conferences and networks do agencies of a facility's ecomap belong to on a day?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return group_id: str - Organization.organization_id of the council or network
// return name: str - its name
// return member_ids: list[str] - agencies of the ecomap that are members of it
// right  see_network
// source DESIGN 5; a tie of kind membership runs from the member to the group
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL (f) {
  MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
  WHERE list.made_on <= $as_of
  RETURN a
  UNION
  MATCH (f)-[t:TIED_TO]-(a:Organization)
  WHERE coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
  RETURN a
}
MATCH (a)-[t:TIED_TO {kind: 'membership'}]->(g:Organization)
WHERE a <> f AND coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
WITH g, a ORDER BY a.organization_id
WITH g, collect(DISTINCT a.organization_id) AS members
WHERE size(members) > 1
RETURN g.organization_id AS group_id, g.name AS name, members AS member_ids
ORDER BY size(member_ids) DESC, group_id
