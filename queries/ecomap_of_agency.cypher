// Which agencies stand around a chosen agency on a day, and at which stage does a facility see each?
// param  organization_id: str - Organization.organization_id of the agency in the middle
// param  facility_id: str? = null - Organization.organization_id whose stages are told; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return short_name: str? - Organization.short_name
// return kana: str? - Organization.kana
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return stage: str? - supporting, explained, listed, declined or known; null = the facility itself
// return stage_since: date? - day the stage was reached
// return contact_changed_on: date? - latest change of its contact person
// return anxiety: float? [see_levels] - latest anxiety level (不安度)
// return slot: int? - place kept in the facility's ecomap; null = none there
// right  see_network
// source DESIGN 3 and 5
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (c:Organization {organization_id: $organization_id})
CALL (c) {
  MATCH (c)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
  WHERE list.made_on <= $as_of
  RETURN a
  UNION
  MATCH (c)-[t:TIED_TO]-(a:Organization)
  WHERE coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
  RETURN a
}
WITH f, c, a WHERE a <> c
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
CALL (f, a) {
  OPTIONAL MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
  WHERE e.occurred_on <= $as_of AND e.kind IN ['contact_changed', 'anxiety']
  WITH e ORDER BY e.occurred_on, e.event_id
  WITH collect(e) AS events
  RETURN [e IN events WHERE e.kind = 'contact_changed'][-1].occurred_on AS contact_changed_on,
    [e IN events WHERE e.kind = 'anxiety'][-1].value AS anxiety
}
OPTIONAL MATCH (f)-[place:PLACES]->(a)
RETURN a.organization_id AS organization_id, a.name AS name, a.short_name AS short_name,
  a.kana AS kana, a.field AS field, a.agency_type AS agency_type,
  CASE WHEN a <> f THEN stage END AS stage, CASE WHEN a <> f THEN stage_since END AS stage_since,
  contact_changed_on AS contact_changed_on, anxiety AS anxiety, place.slot AS slot
ORDER BY slot, organization_id
