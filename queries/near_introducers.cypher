// Who that a facility has a tie with knows each of these agencies, warmest first?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  organization_ids: list[str] - Organization.organization_id of the agencies to get to know
// param  as_of: date = today - ties that hold on this day
// return organization_id: str - Organization.organization_id
// return introducers: list[str] - Organization.name, at most three; nobody = no row
// right  see_network
// consent not asked: ties of agencies only
// source DESIGN 1; a strong tie before a normal one before a weak one, on either side; broken ones do not count
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[own:TIED_TO]-(friend:Organization)
WHERE friend <> f AND own.quality <> 'broken' AND coalesce(friend.status, 'active') <> 'closed'
  AND coalesce(own.since <= $as_of, true) AND coalesce(own.until > $as_of, true)
MATCH (friend)-[theirs:TIED_TO]-(a:Organization)
WHERE a <> f AND a <> friend AND a.organization_id IN $organization_ids AND theirs.quality <> 'broken'
  AND coalesce(theirs.since <= $as_of, true) AND coalesce(theirs.until > $as_of, true)
WITH a, friend, min(
  CASE own.strength WHEN 'strong' THEN 0 WHEN 'normal' THEN 1 ELSE 2 END
  + CASE theirs.strength WHEN 'strong' THEN 0 WHEN 'normal' THEN 1 ELSE 2 END) AS coolness
ORDER BY coolness, friend.name, friend.organization_id
WITH a, collect(friend.name)[0..3] AS introducers
RETURN a.organization_id AS organization_id, introducers AS introducers
ORDER BY organization_id
