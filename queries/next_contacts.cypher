// Whom should a facility contact next, and why?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// param  limit: int = 10 - at most so many
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return stage: str - supporting, explained, listed or known
// return score: float - sum of the parts
// return not_told: float - 3 when listed but not explained to, 1 when explained to but not supporting
// return fills_gap: float - 2 when nobody of its field supports yet, 1 when exactly one agency does
// return demand: float - 0.5 for each referral to an area it serves, at most 2
// return anxious: float - latest anxiety above 2 of 5: 1; stressful tie: 1 more
// return contact_changed: float - 1.5 when its contact person changed after the last contact
// return silent: float - 0.25 for each full quarter without contact, at most 1.5; not told = 0
// return last_contact_on: date? - latest event with it
// return introducers: list[str] - supporting agencies tied to it, names
// return phone: str? - Organization.phone; null for a hidden shelter
// order  reading within score - kana of the agency, else its name
// right  plan
// consent not asked: counts of referrals to places, of no client
// source FACTS.md A, indicators 0101 to 0104; resting agencies are left out
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
WHERE list.made_on <= $as_of
WITH DISTINCT f, a
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
WITH f, collect({agency: a, stage: stage}) AS listed
UNWIND listed AS entry
WITH f, listed, entry.agency AS a, entry.stage AS stage
WHERE stage <> 'declined'
CALL (f, a) {
  OPTIONAL MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
  WHERE e.occurred_on <= $as_of
  WITH e ORDER BY e.occurred_on, e.event_id
  WITH collect(e) AS events
  RETURN [e IN events WHERE e.kind <> 'contact_changed'][-1].occurred_on AS last_contact_on,
    [e IN events WHERE e.kind = 'contact_changed'][-1].occurred_on AS changed_on,
    [e IN events WHERE e.kind = 'anxiety'][-1].value AS anxiety
}
CALL (a) {
  MATCH (a)-[:SERVES]->(:Area)<-[:PART_OF*0..4]-(place:Area)<-[:SETTLES_IN|DESIRES]-(r:Referral)
  WHERE coalesce(r.notified_on <= $as_of, true)
  RETURN count(DISTINCT r) AS requests
}
CALL (f, a) {
  OPTIONAL MATCH (f)-[t:TIED_TO {quality: 'stressful'}]-(a)
  WHERE coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
  RETURN count(t) > 0 AS stressful
}
WITH a, stage, last_contact_on, changed_on, anxiety, requests, stressful, listed,
  size([other IN listed WHERE other.stage = 'supporting' AND other.agency.field = a.field]) AS helpers
WITH *,
  CASE stage WHEN 'listed' THEN 3.0 WHEN 'known' THEN 3.0 WHEN 'explained' THEN 1.0 ELSE 0.0 END AS not_told,
  CASE WHEN stage = 'supporting' THEN 0.0 WHEN helpers = 0 THEN 2.0 WHEN helpers = 1 THEN 1.0 ELSE 0.0 END AS fills_gap,
  CASE WHEN requests > 4 THEN 2.0 ELSE 0.5 * requests END AS demand,
  CASE WHEN anxiety > 2 THEN 1.0 ELSE 0.0 END + CASE WHEN stressful THEN 1.0 ELSE 0.0 END AS anxious,
  CASE WHEN changed_on IS NOT NULL AND coalesce(last_contact_on <= changed_on, true) THEN 1.5 ELSE 0.0 END AS contact_changed,
  CASE WHEN last_contact_on IS NULL THEN 0.0
    WHEN duration.between(last_contact_on, $as_of).quarters > 6 THEN 1.5
    ELSE 0.25 * duration.between(last_contact_on, $as_of).quarters END AS silent
WITH *, not_told + fills_gap + demand + anxious + contact_changed + silent AS score
WHERE score > 0
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field, stage AS stage,
  score AS score, not_told AS not_told, fills_gap AS fills_gap, demand AS demand,
  anxious AS anxious, contact_changed AS contact_changed, silent AS silent,
  last_contact_on AS last_contact_on,
  COLLECT {
    UNWIND listed AS other
    WITH other WHERE other.stage = 'supporting'
    WITH other.agency AS friend
    MATCH (friend)-[t:TIED_TO]-(a)
    WHERE t.quality <> 'broken'
      AND coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
    WITH DISTINCT friend ORDER BY coalesce(friend.kana, friend.name), friend.organization_id
    RETURN friend.name
  } AS introducers,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  coalesce(a.kana, a.name) AS reading
ORDER BY score DESC, reading, organization_id
LIMIT $limit
