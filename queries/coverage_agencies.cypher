// Which agencies serve an area in a field, or with a kind of help, and how far have they come?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  by: str = field - field or support
// param  category: str = welfare - one of the ten fields, or Support.support_id
// param  area_id: str - Area.area_id
// param  as_of: date = today - last day counted
// param  limit: int = 200 - at most so many, those of the facility's lists and events first
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return stage: str - supporting, explained, listed, declined or known
// return serves: str - name of the widest area that it serves and that counts here
// return last_contact_on: date? - latest event with it; a change of its contact person is none
// return last_contact_precision: str? - day, month or year
// order  reading within stage - kana of the agency, else its name
// right  see_network
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL (f) {
  MATCH (area:Area {area_id: $area_id})-[:PART_OF*0..4]->(place:Area)
  RETURN place
  UNION
  MATCH (place:Area)-[:PART_OF*1..4]->(area:Area {area_id: $area_id}) WHERE area.level <> 'municipality'
  RETURN place
}
MATCH (place)<-[:SERVES]-(a:Organization)
WHERE a <> f AND CASE $by WHEN 'field' THEN a.field = $category
  ELSE EXISTS { (a)-[:OFFERS]->(:Support {support_id: $category}) } END
WITH f, a, place ORDER BY CASE place.level
  WHEN 'nation' THEN 0 WHEN 'prefecture' THEN 1 WHEN 'care_area' THEN 2 ELSE 3 END, place.area_id
WITH f, a, collect(place.name)[0] AS serves
WITH f, a, serves,
  EXISTS { MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a) WHERE list.made_on <= $as_of }
  OR EXISTS { MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f) WHERE e.occurred_on <= $as_of } AS own
WHERE own OR coalesce(a.status, 'active') <> 'closed'
WITH f, a, serves, own ORDER BY own DESC, coalesce(a.kana, a.name), a.organization_id LIMIT $limit
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
  WHERE e.occurred_on <= $as_of AND e.kind <> 'contact_changed'
  WITH e ORDER BY e.occurred_on DESC, e.event_id DESC LIMIT 1
  RETURN e.occurred_on AS last_contact_on, e.occurred_on_precision AS last_contact_precision
}
RETURN a.organization_id AS organization_id, a.name AS name, stage AS stage, serves AS serves,
  last_contact_on AS last_contact_on, last_contact_precision AS last_contact_precision,
  coalesce(a.kana, a.name) AS reading
ORDER BY CASE stage WHEN 'supporting' THEN 0 WHEN 'explained' THEN 1 WHEN 'listed' THEN 2 WHEN 'known' THEN 3 ELSE 4 END,
  reading, organization_id
