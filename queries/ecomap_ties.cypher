// Which ties hold on a day between a facility and its agencies, and among those agencies?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return source_id: str - Organization.organization_id the tie was recorded from
// return target_id: str - Organization.organization_id the tie was recorded to
// return kind: str - cooperation, membership, introduction or contract
// return strength: str - strong, normal or weak
// return quality: str [see_levels: stressful as good] - good, stressful or broken
// return flow: str? - out, in or both, seen from the source
// return since: date? - first day, when known
// return with_facility: bool - true when the facility is one of the two
// right  see_network
// source DESIGN 3 and 5
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
  UNION
  RETURN f AS a
}
WITH f, collect(a) AS shown
UNWIND shown AS a
MATCH (a)-[t:TIED_TO]->(b:Organization)
WHERE b IN shown AND a <> b
  AND coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
RETURN a.organization_id AS source_id, b.organization_id AS target_id, t.kind AS kind,
  t.strength AS strength, t.quality AS quality, t.flow AS flow, t.since AS since,
  (a = f OR b = f) AS with_facility
ORDER BY source_id, target_id, kind, since
