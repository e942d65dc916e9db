// Which ways to show a facility's ecomap were saved, in order?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// return organization_id: str - Organization.organization_id of the facility
// return name: str - its name
// return views: list[map] - view_id, title, address, position and content_hash, in the order they are shown; without those taken off the list
// right  see_network
// source DESIGN 5
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
WITH f, COLLECT {
  MATCH (f)<-[:OF]-(v:SavedView)
  WHERE v.retired_on IS NULL
  WITH v ORDER BY v.position, v.view_id
  RETURN {view_id: v.view_id, title: v.title, address: v.address, position: v.position,
    content_hash: v.content_hash}
} AS views
RETURN f.organization_id AS organization_id, f.name AS name, views AS views
ORDER BY organization_id
