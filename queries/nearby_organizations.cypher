// Which agencies are near a place, nearest first?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  area_id: str - Area.area_id of the destination
// param  fields: list[str] = [] - fields wanted; empty = all
// param  support_ids: list[str] = [] - kinds of support wanted, any of them; empty = all
// param  radius_m: float = 20000 - straight line
// param  as_of: date = today - last day counted
// param  limit: int = 100 - at most so many
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return stage: str - supporting, explained, listed, declined or known, for the facility
// return distance_m: float? - straight line from the area's point, or from the middle of its parts; null = where it stands is not known
// return location_accuracy: str? - how exact its point is
// return latitude: float? - degrees; null when hidden or not known
// return longitude: float? - degrees; null when hidden or not known
// return phone: str? - Organization.phone
// return municipality: str? - name of the municipality it stands in
// return serves: bool - it serves the place (the area or a wider one)
// return offers: list[str] - kinds of support
// return last_referral_on: date? - latest referral it received
// return last_referral_status: str? - and what became of it
// source DESIGN 1; SPEED: the point index answers within a radius
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (here:Area {area_id: $area_id})
OPTIONAL MATCH (here)<-[:PART_OF]-(part:Area)
WITH f, here, avg(part.location.latitude) AS latitude, avg(part.location.longitude) AS longitude
WITH f, here, coalesce(here.location, point({latitude: latitude, longitude: longitude})) AS spot
CALL (here, spot) {
  MATCH (a:Organization)
  WHERE point.distance(a.location, spot) <= $radius_m
    AND NOT coalesce(a.hidden_address, false)
  RETURN a, point.distance(a.location, spot) AS distance_m
  UNION
  MATCH (here)-[:PART_OF*0..4]->(wide:Area)<-[:SERVES]-(a:Organization)
  WHERE a.location IS NULL OR coalesce(a.hidden_address, false)
    OR spot IS NULL OR point.distance(a.location, spot) > $radius_m
  RETURN DISTINCT a,
    CASE WHEN coalesce(a.hidden_address, false) THEN null ELSE point.distance(a.location, spot) END AS distance_m
  UNION
  MATCH (here)<-[:PART_OF*0..3]-(:Area)<-[:LOCATED_IN]-(a:Organization)
  WHERE a.location IS NULL OR coalesce(a.hidden_address, false)
  RETURN a, null AS distance_m
}
WITH f, here, a, distance_m
WHERE a <> f AND coalesce(a.status, 'active') <> 'closed'
  AND (size($fields) = 0 OR a.field IN $fields)
  AND (size($support_ids) = 0 OR EXISTS { MATCH (a)-[:OFFERS]->(s:Support) WHERE s.support_id IN $support_ids })
WITH f, here, a, distance_m ORDER BY distance_m, a.organization_id LIMIT $limit
CALL (f, a) {
  OPTIONAL MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
  WHERE e.occurred_on <= $as_of
    AND e.kind IN ['explained', 'support_started', 'support_ended', 'declined']
  WITH f, a, e ORDER BY e.occurred_on,
    CASE e.kind WHEN 'explained' THEN 0 WHEN 'support_started' THEN 1 WHEN 'support_ended' THEN 2 ELSE 3 END,
    e.event_id
  WITH f, a, collect(e) AS steps
  WITH f, a, steps, steps[-1] AS latest, [e IN steps WHERE e.kind <> 'explained'][-1] AS turn,
    [e IN steps WHERE e.kind <> 'declined'][0] AS told
  WITH f, a, latest, turn, told,
    [e IN steps WHERE e.kind = 'explained' AND e.occurred_on > turn.occurred_on][0] AS retold,
    latest.until + CASE latest.until_precision
      WHEN 'month' THEN duration('P1M') WHEN 'year' THEN duration('P1Y') ELSE duration('P1D') END AS back_on
  OPTIONAL MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a) WHERE list.made_on <= $as_of
  WITH latest, turn, told, retold, back_on, min(list.made_on) AS listed_on
  WITH *, CASE
    WHEN latest.kind = 'declined' AND coalesce(back_on > $as_of, true) THEN 'declined'
    WHEN turn.kind = 'support_started' THEN 'supporting'
    WHEN told IS NOT NULL THEN 'explained'
    WHEN listed_on IS NOT NULL THEN 'listed'
    ELSE 'known' END AS stage
  RETURN stage, CASE stage
    WHEN 'declined' THEN latest.occurred_on
    WHEN 'supporting' THEN turn.occurred_on
    WHEN 'explained' THEN CASE turn.kind
      WHEN 'declined' THEN coalesce(retold.occurred_on, back_on)
      WHEN 'support_ended' THEN turn.occurred_on
      ELSE told.occurred_on END
    WHEN 'listed' THEN CASE latest.kind WHEN 'declined' THEN back_on ELSE listed_on END END AS stage_since
}
CALL (a) {
  OPTIONAL MATCH (a)<-[:RECEIVED_BY]-(r:Referral)
  WHERE r.notified_on <= $as_of
  RETURN r AS latest ORDER BY r.notified_on DESC, r.referral_id LIMIT 1
}
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field,
  a.agency_type AS agency_type, stage AS stage, distance_m AS distance_m,
  CASE WHEN distance_m IS NULL THEN null ELSE a.location_accuracy END AS location_accuracy,
  CASE WHEN distance_m IS NULL THEN null ELSE a.location.latitude END AS latitude,
  CASE WHEN distance_m IS NULL THEN null ELSE a.location.longitude END AS longitude,
  a.phone AS phone, head([(a)-[:LOCATED_IN]->(place:Area) | place.name]) AS municipality,
  EXISTS { MATCH (here)-[:PART_OF*0..4]->(:Area)<-[:SERVES]-(a) } AS serves,
  COLLECT { MATCH (a)-[:OFFERS]->(s:Support) RETURN s.support_id ORDER BY s.support_id } AS offers,
  latest.notified_on AS last_referral_on, latest.status AS last_referral_status
ORDER BY distance_m, organization_id
