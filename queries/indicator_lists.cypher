// Which partner lists had a facility drawn up by a day, and which agencies and fields do they name?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return list_id: str - PartnerList.list_id
// return name: str - PartnerList.name
// return made_on: date - first possible day
// return made_on_precision: str - day, month or year
// return organization_ids: list[str] - agencies it names
// return names: list[str] - their names, in the same order
// return fields: list[str] - their fields, each once
// right  see_network
// source FACTS.md A, indicators 0101 and 0102
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[:KEEPS]->(list:PartnerList)
WHERE list.made_on <= $as_of
RETURN list.list_id AS list_id, list.name AS name, list.made_on AS made_on,
  list.made_on_precision AS made_on_precision,
  COLLECT { MATCH (list)-[:LISTS]->(a:Organization)
    RETURN a.organization_id ORDER BY a.organization_id } AS organization_ids,
  COLLECT { MATCH (list)-[:LISTS]->(a:Organization)
    RETURN a.name ORDER BY a.organization_id } AS names,
  COLLECT { MATCH (list)-[:LISTS]->(a:Organization) WHERE a.field IS NOT NULL
    RETURN DISTINCT a.field ORDER BY a.field } AS fields
ORDER BY made_on, list_id
