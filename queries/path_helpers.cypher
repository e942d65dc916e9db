// At which agencies may a path to help at the destination end, and how does the facility stand with them?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  area_id: str - Area.area_id of the destination
// param  support_ids: list[str] = [] - kinds of support needed, any of them; empty = any agency that serves the place and does not only pass clients on
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return stage: str - its stage for the facility
// return supports: list[str] - kinds of support it offers
// return conditions: str? - whom it takes
// return phone: str? - Organization.phone; null for a hidden shelter
// order  reading - kana of the agency, else its name
// right  see_network
// consent not asked: agencies that sent anybody at all, of no client
// source DESIGN 1; who serves the place itself or a wider area, and does not refuse people released
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL () {
  MATCH (:Area {area_id: $area_id})-[:PART_OF*0..4]->(wide:Area)<-[:SERVES]-(helper:Organization)
  WITH DISTINCT helper
  WHERE coalesce(helper.status, 'active') <> 'closed'
    AND coalesce(helper.accepts_released, 'yes') <> 'no'
    AND CASE size($support_ids)
      WHEN 0 THEN EXISTS { (helper)-[:OFFERS]->(:Support) } OR NOT EXISTS {
        MATCH (helper)-[:SENT]->(sent:Referral) WHERE coalesce(sent.notified_on <= $as_of, true) }
      ELSE EXISTS { MATCH (helper)-[:OFFERS]->(s:Support) WHERE s.support_id IN $support_ids } END
  RETURN helper
}
WITH f, helper AS a
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
RETURN a.organization_id AS organization_id, a.name AS name, stage AS stage,
  COLLECT { MATCH (a)-[:OFFERS]->(s:Support) RETURN s.support_id ORDER BY s.support_id } AS supports,
  a.conditions AS conditions,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
