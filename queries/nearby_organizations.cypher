// Which agencies serve a place or stand near it, nearest first?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  area_id: str - Area.area_id of the destination
// param  latitude: float? = null - degrees; with longitude the point to measure from; null = the area's
// param  longitude: float? = null - degrees
// param  fields: list[str] = [] - fields wanted; empty = all
// param  stages: list[str] = [] - stages wanted; empty = all
// param  support_ids: list[str] = [] - kinds of support wanted; empty = all
// param  every_support: bool = false - all of these kinds, not any of them
// param  radius_m: float = 20000 - straight line; an area wider than a municipality holds all that stand in it besides
// param  sex: str? = null - men or women: who is to be taken; null = not asked
// param  age: int? = null - years of who is to be taken; null = not asked
// param  disability: bool = false - is disabled; agencies that refuse are left out
// param  released: bool = false - comes from an institution; agencies that refuse are left out
// param  offences: list[str] = [] - kinds of offence; agencies that refuse one of them are left out
// param  cost_kinds: list[str] = [] - free, reduced, charged; empty = all
// param  open_weekend: bool = false - without agencies that are closed on weekends
// param  open_night: bool = false - without agencies that are closed at night
// param  vacant: bool = false - without agencies that have no place free
// param  as_of: date = today - last day counted
// param  limit: int = 100 - at most so many: partners first, then who serves the place or stands unplaced in it, then the nearest
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return status: str? - active, or to_be_checked: the newest edition of the open data misses it
// return agency_type: str? - Organization.agency_type
// return stage: str - supporting, explained, listed, declined or known, for the facility
// return distance_m: float? - straight line from the point asked, the area's point, or the middle of its parts; null = where it stands is not known or hidden
// return location_accuracy: str? - how exact its point is
// return latitude: float? - degrees; null when hidden or not known
// return longitude: float? - degrees; null when hidden or not known
// return hidden: bool - its address is kept hidden: only its municipality is told
// return phone: str? - Organization.phone; null for a hidden shelter
// return hours: str? - Organization.hours
// return municipality: str? - name of the municipality it stands in
// return serves: bool - it serves the place (the area, a wider one or a part of it)
// return offers: list[str] - kinds of support
// return conditions: str? - Organization.conditions; null here and below = not known
// return accepts_sex: str? - any, men or women
// return age_from: int? - youngest, years
// return age_to: int? - oldest, years
// return accepts_disability: str? - yes, consult or no
// return accepts_released: str? - yes, consult or no
// return offences_accepted: list[str] - kinds of offence it takes; in none of the three lists = not known
// return offences_discussed: list[str] - kinds to be talked about first; of several answers the warier one counts
// return offences_refused: list[str] - kinds it refuses
// return cost_kind: str? - free, reduced or charged
// return cost: str? - Organization.cost
// return open_weekend: bool? - open on weekends or holidays
// return open_night: bool? - open at night
// return capacity: int? - places
// return vacancies: int? - places free
// return capacity_on: date? - first possible day of when places were asked about
// return capacity_on_precision: str? - day, month or year
// return received: int? [see_statistics] - referrals it received
// return taken: int? [see_statistics] - those of them that it took
// return last_referral_on: date? [see_clients] - latest referral it received
// return last_referral_status: str? [see_clients] - and what became of it
// return last_referral_outcome: str? [see_clients] - how it ended
// order  reading within distance_m - kana of the agency, else its name
// right  see_network
// consent not asked: counts and the latest of all referrals an agency received, of no client
// source DESIGN 1; SPEED: the point index answers within a radius; what is not known leaves nobody out
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (here:Area {area_id: $area_id})
OPTIONAL MATCH (here)<-[:PART_OF]-(part:Area)
WITH f, here, avg(part.location.latitude) AS latitude, avg(part.location.longitude) AS longitude
WITH f, here, coalesce(point({latitude: $latitude, longitude: $longitude}), here.location,
  point({latitude: latitude, longitude: longitude})) AS spot
// Of rare fields the index of fields finds all sooner than the point index those of a wide circle.
CALL () {
  MATCH (a:Organization) WHERE a.field IN $fields
  WITH a LIMIT 1000
  RETURN count(a) AS of_fields
}
WITH f, here, spot, of_fields > 0 AND of_fields < 1000 AS rare
CALL (f, here, spot, rare) {
  WITH spot, rare WHERE NOT rare
  MATCH (a:Organization)
  USING POINT INDEX a:Organization(location)
  WHERE point.distance(a.location, spot) <= $radius_m
    AND NOT coalesce(a.hidden_address, false)
  RETURN a, false AS serves
  UNION ALL
  WITH spot, rare WHERE rare
  MATCH (a:Organization)
  USING RANGE INDEX a:Organization(field)
  WHERE a.field IN $fields AND point.distance(a.location, spot) <= $radius_m
    AND NOT coalesce(a.hidden_address, false)
  RETURN a, false AS serves
  UNION ALL
  MATCH (here)-[:PART_OF*0..4]->(:Area)<-[:SERVES]-(a:Organization)
  RETURN DISTINCT a, true AS serves
  UNION ALL
  MATCH (here)<-[:PART_OF*1..3]-(:Area)<-[:SERVES]-(a:Organization)
  RETURN DISTINCT a, true AS serves
  UNION ALL
  MATCH (here)<-[:PART_OF*0..3]-(:Area)<-[:LOCATED_IN]-(a:Organization)
  WHERE here.level <> 'municipality' OR a.location IS NULL OR coalesce(a.hidden_address, false)
  RETURN a, false AS serves
}
WITH f, here, spot, a, max(serves) AS serves
WITH f, here, a, serves, CASE WHEN coalesce(a.hidden_address, false) THEN null
  ELSE point.distance(a.location, spot) END AS distance_m
WHERE a <> f AND coalesce(a.status, 'active') <> 'closed'
  AND (size($fields) = 0 OR a.field IN $fields)
  AND (size($support_ids) = 0 OR COUNT {
    MATCH (a)-[:OFFERS]->(s:Support) WHERE s.support_id IN $support_ids RETURN DISTINCT s
  } >= CASE WHEN $every_support THEN size($support_ids) ELSE 1 END)
  AND coalesce(a.accepts_sex, 'any') IN ['any', coalesce($sex, a.accepts_sex, 'any')]
  AND coalesce(a.age_from <= $age, true) AND coalesce(a.age_to >= $age, true)
  AND NOT ($disability AND coalesce(a.accepts_disability = 'no', false))
  AND NOT ($released AND coalesce(a.accepts_released = 'no', false))
  AND (size($offences) = 0
    OR none(one IN $offences WHERE one IN split(coalesce(a.offences_refused, ''), ' ')))
  AND (size($cost_kinds) = 0 OR coalesce(a.cost_kind IN $cost_kinds, true))
  AND (NOT $open_weekend OR coalesce(a.open_weekend, true))
  AND (NOT $open_night OR coalesce(a.open_night, true))
  AND (NOT $vacant OR coalesce(a.vacancies > 0, true))
WITH f, a, distance_m, serves, CASE
  WHEN EXISTS { (f)-[:KEEPS]->(:PartnerList)-[:LISTS]->(a) }
    OR EXISTS { (f)<-[:RECORDED_BY]-(:Event)-[:CONCERNS]->(a) } THEN 0
  WHEN serves OR distance_m IS NULL THEN 1 ELSE 2 END AS turn_to
// A stage is known only further down: with one wanted, all are looked at.
ORDER BY turn_to, distance_m, a.organization_id
LIMIT CASE WHEN size($stages) = 0 THEN $limit ELSE 1000000 END
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
      WHEN 'month' THEN duration('P1M') WHEN 'year' THEN duration('P1Y') WHEN 'fiscal_year' THEN duration('P1Y') ELSE duration('P1D') END AS back_on
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
WITH a, distance_m, serves, stage, turn_to
WHERE size($stages) = 0 OR stage IN $stages
WITH * ORDER BY turn_to, distance_m, a.organization_id LIMIT $limit
CALL (a) {
  OPTIONAL MATCH (a)<-[:RECEIVED_BY]-(r:Referral)
  WHERE coalesce(r.notified_on <= $as_of, true)
  WITH r ORDER BY r.notified_on IS NULL, r.notified_on DESC, r.referral_id
  RETURN collect(r)[0] AS latest, count(r) AS received,
    count(CASE WHEN r.status IN ['accepted', 'got_help', 'referred_on', 'closed'] THEN 1 END) AS taken
}
WITH *, coalesce(split(a.offences_refused, ' '), []) AS refused,
  coalesce(split(a.offences_discussed, ' '), []) AS discussed
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field,
  a.status AS status, a.agency_type AS agency_type, stage AS stage, distance_m AS distance_m,
  CASE WHEN distance_m IS NULL THEN null ELSE a.location_accuracy END AS location_accuracy,
  CASE WHEN distance_m IS NULL THEN null ELSE a.location.latitude END AS latitude,
  CASE WHEN distance_m IS NULL THEN null ELSE a.location.longitude END AS longitude,
  coalesce(a.hidden_address, false) AS hidden,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  a.hours AS hours,
  head([(a)-[:LOCATED_IN]->(place:Area) | place.name]) AS municipality,
  serves AS serves,
  COLLECT { MATCH (a)-[:OFFERS]->(s:Support) RETURN s.support_id ORDER BY s.support_id } AS offers,
  a.conditions AS conditions, a.accepts_sex AS accepts_sex, a.age_from AS age_from,
  a.age_to AS age_to, a.accepts_disability AS accepts_disability,
  a.accepts_released AS accepts_released,
  [one IN coalesce(split(a.offences_accepted, ' '), []) WHERE NOT one IN discussed + refused]
    AS offences_accepted,
  [one IN discussed WHERE NOT one IN refused] AS offences_discussed,
  refused AS offences_refused, a.cost_kind AS cost_kind, a.cost AS cost,
  a.open_weekend AS open_weekend, a.open_night AS open_night, a.capacity AS capacity,
  a.vacancies AS vacancies, a.capacity_on AS capacity_on,
  a.capacity_on_precision AS capacity_on_precision, received AS received, taken AS taken,
  latest.notified_on AS last_referral_on, latest.status AS last_referral_status,
  latest.outcome AS last_referral_outcome,
  coalesce(a.kana, a.name) AS reading
ORDER BY distance_m, reading, organization_id
