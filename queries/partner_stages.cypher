// How far has each agency of a partner list come, as of a day?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  list_id: str? = null - PartnerList.list_id; null = the latest list of the facility
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return expected_support: str? - what the list expects of it
// return stage: str - supporting, explained, listed, declined or known
// return stage_since: date? - day the stage was reached
// return explained_on: date? - first explanation
// return last_contact_on: date? - latest event with it; a change of its contact person is none
// return agreement: float? [see_levels] - latest agreement level (納得度)
// return anxiety: float? [see_levels] - latest anxiety level (不安度)
// return contact_changed_on: date? - latest change of its contact person
// return phone: str? - Organization.phone; null for a hidden shelter
// return list_id: str - PartnerList.list_id
// return list_made_on: date - day the list was drawn up
// order  reading - kana of the agency, else its name
// right  see_network
// source FACTS.md A, indicators 0101 to 0104
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
MATCH (chosen)-[listing:LISTS]->(a:Organization)
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
  WHERE e.occurred_on <= $as_of
  WITH e ORDER BY e.occurred_on, e.event_id
  WITH collect(e) AS events
  RETURN [e IN events WHERE e.kind = 'explained'][0].occurred_on AS explained_on,
    [e IN events WHERE e.kind <> 'contact_changed'][-1].occurred_on AS last_contact_on,
    [e IN events WHERE e.kind = 'agreement'][-1].value AS agreement,
    [e IN events WHERE e.kind = 'anxiety'][-1].value AS anxiety,
    [e IN events WHERE e.kind = 'contact_changed'][-1].occurred_on AS contact_changed_on
}
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field,
  listing.expected_support AS expected_support, stage AS stage, stage_since AS stage_since,
  explained_on AS explained_on, last_contact_on AS last_contact_on, agreement AS agreement,
  anxiety AS anxiety, contact_changed_on AS contact_changed_on,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  chosen.list_id AS list_id, chosen.made_on AS list_made_on,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
