// What is not known, or not to the day, about each agency of a partner list?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  list_id: str? = null - PartnerList.list_id; null = the latest list of the facility
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return municipality: str? - name of the municipality it stands in
// return serves: list[str] - names of the areas it serves
// return stage: str - supporting, explained, listed, declined or known
// return stage_since_precision: str? - day, month or year
// return last_contact_precision: str? - of the latest event with it; a change of its contact person is none
// return contact_changed_precision: str? - of the latest change of its contact person
// return rests_until: date? - last day of a rest; null = not resting, or not said
// return rests_until_precision: str? - day, month or year
// return list_name: str - PartnerList.name
// return list_made_on_precision: str - day, month or year
// order  reading - kana of the agency, else its name
// right  see_network
// source DESIGN 3: not known is not none; the words as written stay readable
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL (f) {
  MATCH (f)-[:KEEPS]->(chosen:PartnerList)
  WHERE chosen.made_on <= $as_of AND chosen.list_id = coalesce($list_id, chosen.list_id)
  RETURN chosen ORDER BY chosen.made_on DESC, chosen.list_id LIMIT 1
}
MATCH (chosen)-[:LISTS]->(a:Organization)
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
CALL (f, a, stage, stage_since) {
  OPTIONAL MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
  WHERE e.occurred_on <= $as_of
    AND e.kind IN ['explained', 'support_started', 'support_ended', 'declined']
  WITH f, a, stage, stage_since, e ORDER BY e.occurred_on, e.event_id
  WITH f, a, stage, stage_since, collect(e) AS steps
  WITH f, a, stage, stage_since, [e IN steps WHERE e.kind = 'declined'][-1] AS rest,
    [e IN steps WHERE e.occurred_on = stage_since AND e.kind = CASE stage
      WHEN 'declined' THEN 'declined' WHEN 'supporting' THEN 'support_started' ELSE e.kind END][-1] AS step
  OPTIONAL MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a) WHERE list.made_on = stage_since
  WITH stage, rest, step, list ORDER BY list.list_id
  WITH stage, rest, step, collect(list)[0] AS first_list
  RETURN coalesce(CASE stage WHEN 'listed' THEN first_list.made_on_precision ELSE step.occurred_on_precision END,
      rest.until_precision) AS stage_since_precision,
    CASE stage WHEN 'declined' THEN rest.until END AS rests_until,
    CASE stage WHEN 'declined' THEN rest.until_precision END AS rests_until_precision
}
CALL (f, a) {
  OPTIONAL MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
  WHERE e.occurred_on <= $as_of
  WITH e ORDER BY e.occurred_on, e.event_id
  WITH collect(e) AS events
  RETURN [e IN events WHERE e.kind <> 'contact_changed'][-1].occurred_on_precision AS last_contact_precision,
    [e IN events WHERE e.kind = 'contact_changed'][-1].occurred_on_precision AS contact_changed_precision
}
RETURN a.organization_id AS organization_id, a.name AS name,
  head([(a)-[:LOCATED_IN]->(place:Area) | place.full_name]) AS municipality,
  COLLECT { MATCH (a)-[:SERVES]->(area:Area) RETURN area.name ORDER BY area.area_id } AS serves,
  stage AS stage, stage_since_precision AS stage_since_precision,
  last_contact_precision AS last_contact_precision,
  contact_changed_precision AS contact_changed_precision,
  rests_until AS rests_until, rests_until_precision AS rests_until_precision,
  chosen.name AS list_name, chosen.made_on_precision AS list_made_on_precision,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
