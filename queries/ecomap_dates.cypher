// On which days did something change that a facility's ecomap shows?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// return day: date - the day
// return meeting: bool - a meeting was held or an ecomap drawn on it
// return changes: int - events and ties that begin or end on it
// right  see_network
// source DESIGN 5
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL (f) {
  MATCH (f)<-[:RECORDED_BY]-(e:Event)
  RETURN e.occurred_on AS day, e.kind IN ['meeting', 'ecomap_drawn'] AS meeting
  UNION ALL
  MATCH (f)-[t:TIED_TO]-(:Organization)
  UNWIND [t.since, t.until] AS day
  WITH day WHERE day IS NOT NULL
  RETURN day, false AS meeting
  UNION ALL
  CALL (f) {
    MATCH (f)-[:KEEPS]->(:PartnerList)-[:LISTS]->(a:Organization)
    RETURN a
    UNION
    MATCH (f)-[:TIED_TO]-(a:Organization)
    RETURN a
  }
  WITH f, collect(a) AS shown
  UNWIND shown AS a
  MATCH (a)-[t:TIED_TO]->(b:Organization)
  WHERE b IN shown AND a <> b AND a <> f AND b <> f
  UNWIND [t.since, t.until] AS day
  WITH day WHERE day IS NOT NULL
  RETURN day, false AS meeting
  UNION ALL
  MATCH (f)-[:KEEPS]->(list:PartnerList)
  RETURN list.made_on AS day, false AS meeting
}
RETURN day AS day, max(toInteger(meeting)) = 1 AS meeting, count(*) AS changes
ORDER BY day
