// Which fields, or kinds of help, have which agencies in which areas, and what has never been looked at?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  by: str = field - field: rows are the ten fields; support: the kinds of help
// param  area_ids: list[str] = [] - Area.area_id; empty = the municipalities of the prefecture it stands in or serves, where agencies or clients are known
// param  silent_months: int = 6 - a supporting agency is silent so many months after its last contact, at its latest possible day
// param  as_of: date = today - last day counted
// return category: str - one of the ten fields, or Support.support_id
// return area_id: str - Area.area_id
// return area_name: str - Area.name
// return state: str - unknown (never looked at), none (looked at, nobody found, or all declined), known, listed, explained, silent (all that support are silent), single (one supports and is not silent) or covered
// return count: int - agencies that serve the area, declined ones left out; of a health-and-welfare area also those that serve a part of it
// return supporting: int - of them supporting
// return organization_ids: list[str] - of them those of a list of the facility or with events, most advanced first
// right  see_network
// consent not asked: counts, of no client
// source DESIGN 3: not known is not none
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
OPTIONAL CALL (f) {
  MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
  WHERE list.made_on <= $as_of AND a <> f
  RETURN a
  UNION
  MATCH (f)<-[:RECORDED_BY]-(e:Event)-[:CONCERNS]->(a:Organization)
  WHERE e.occurred_on <= $as_of AND a <> f
  RETURN a
}
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
  RETURN max(e.occurred_on + CASE e.occurred_on_precision
    WHEN 'month' THEN duration('P1M') WHEN 'year' THEN duration('P1Y') WHEN 'fiscal_year' THEN duration('P1Y') ELSE duration('P1D') END
    - duration('P1D')) AS contacted_by
}
WITH f, [e IN collect({agency: a, id: a.organization_id, name: coalesce(a.kana, a.name), stage: stage,
  closed: coalesce(a.status, 'active') = 'closed',
  active: stage = 'supporting' AND contacted_by + duration({months: $silent_months}) > $as_of,
  rank: CASE stage WHEN 'supporting' THEN 0 WHEN 'explained' THEN 1 WHEN 'listed' THEN 2 WHEN 'known' THEN 3 ELSE 4 END
}) WHERE e.id IS NOT NULL] AS entries
CALL (f) {
  MATCH (area:Area) WHERE area.area_id IN $area_ids
  RETURN area
  UNION
  WITH f WHERE size($area_ids) = 0
  MATCH (f)-[:LOCATED_IN|SERVES]->(:Area)-[:PART_OF*0..4]->(home:Area {level: 'prefecture'})
  WITH DISTINCT home
  MATCH (area:Area {level: 'municipality'})-[:PART_OF*1..4]->(home)
  WHERE EXISTS { (:Organization)-[:SERVES|LOCATED_IN]->(area) }
    OR EXISTS { (:Referral)-[:SETTLES_IN|DESIRES]->(area) }
    OR EXISTS { (:Event {kind: 'surveyed'})-[:CONCERNS]->(area) }
  RETURN area
}
CALL (f, area) {
  MATCH (area)-[:PART_OF*0..4]->(wide:Area)
  OPTIONAL MATCH (wide)<-[:CONCERNS]-(e:Event {kind: 'surveyed'})-[:RECORDED_BY]->(f)
  WHERE e.occurred_on <= $as_of
  RETURN collect(DISTINCT coalesce(e.field, CASE WHEN e IS NULL THEN null ELSE 'all' END)) AS surveyed
}
CALL (area) {
  MATCH (area)-[:PART_OF*0..4]->(wide:Area)
  RETURN wide AS place
  UNION
  MATCH (part:Area)-[:PART_OF*1..4]->(area) WHERE area.level <> 'municipality'
  RETURN part AS place
}
WITH f, entries, area, surveyed, collect(place) AS places
CALL (f, places) {
  UNWIND places AS place
  MATCH (place)<-[:SERVES]-(a:Organization)
  WHERE a <> f AND coalesce(a.status, 'active') <> 'closed'
  WITH DISTINCT a
  UNWIND CASE $by WHEN 'field' THEN [a.field] ELSE [(a)-[:OFFERS]->(help:Support) | help.support_id] END AS category
  WITH category, count(*) AS open WHERE category IS NOT NULL
  RETURN collect({category: category, open: open}) AS everybody
}
CALL (places, entries) {
  UNWIND entries AS entry
  WITH places, entry, entry.agency AS a
  WHERE EXISTS { MATCH (a)-[:SERVES]->(place) WHERE place IN places }
  WITH entry, CASE $by WHEN 'field' THEN [a.field]
    ELSE COLLECT { MATCH (a)-[:OFFERS]->(help:Support) RETURN DISTINCT help.support_id } END AS categories
  ORDER BY entry.rank, entry.name, entry.id
  RETURN collect({entry: entry, categories: categories}) AS partners
}
UNWIND CASE $by
  WHEN 'field' THEN ['administration', 'welfare', 'medical', 'education', 'justice', 'community_group',
    'community_member', 'workplace', 'business', 'kin']
  ELSE ['housing', 'work', 'medical', 'addiction_recovery', 'money', 'welfare_services', 'place_to_be',
    'counselling', 'legal', 'guarantor', 'food', 'education'] END AS category
WITH area, surveyed, category, [each IN partners WHERE category IN each.categories | each.entry] AS own,
  coalesce([each IN everybody WHERE each.category = category][0].open, 0) AS open
WITH area, surveyed, category, own, open + size([e IN own WHERE e.closed]) AS serving
WITH area, category, serving, [e IN own WHERE e.stage <> 'declined'] AS open,
  size([e IN own WHERE e.stage = 'declined']) AS declined,
  size([e IN own WHERE e.stage = 'supporting']) AS supporting, size([e IN own WHERE e.active]) AS active,
  'all' IN surveyed OR ($by = 'field' AND category IN surveyed) AS looked_at
RETURN category AS category, area.area_id AS area_id, area.name AS area_name,
  CASE
    WHEN active > 1 THEN 'covered'
    WHEN active = 1 THEN 'single'
    WHEN supporting > 0 THEN 'silent'
    WHEN size(open) > 0 AND open[0].stage <> 'known' THEN open[0].stage
    WHEN serving > declined THEN 'known'
    WHEN serving > 0 OR looked_at THEN 'none'
    ELSE 'unknown' END AS state,
  serving - declined AS count, supporting AS supporting, [e IN open | e.id] AS organization_ids
ORDER BY area_id, category
