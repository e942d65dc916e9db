// Which fields have which agencies in which areas, and what has never been looked at?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  area_ids: list[str] = [] - Area.area_id; empty = the municipalities of the prefecture it stands in or serves, where agencies or clients are known
// param  as_of: date = today - last day counted
// return field: str - one of the ten fields
// return area_id: str - Area.area_id
// return area_name: str - Area.name
// return state: str - supporting, explained, listed, known, none (looked at, nobody found) or unknown (never looked at)
// return count: int - agencies of the field that serve the area; of a health-and-welfare area also those that serve a part of it
// return supporting: int - of them supporting
// return names: list[str] - their names, most advanced first
// return organization_ids: list[str] - their ids, in the same order
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
  MATCH (a:Organization)-[:SERVES]->(:Area)
  WHERE a.field IS NOT NULL AND a <> f
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
WITH f, collect({agency: a, stage: stage,
  rank: CASE stage WHEN 'supporting' THEN 0 WHEN 'explained' THEN 1 WHEN 'listed' THEN 2 WHEN 'known' THEN 3 ELSE 4 END
}) AS agencies
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
  RETURN collect(DISTINCT wide.area_id) AS wider, collect(DISTINCT coalesce(e.field, CASE WHEN e IS NULL THEN null ELSE 'all' END)) AS surveyed
}
CALL (area) {
  OPTIONAL MATCH (part:Area)-[:PART_OF*1..4]->(area) WHERE area.level <> 'municipality'
  RETURN collect(part.area_id) AS parts
}
WITH agencies, area, surveyed, wider + parts AS covering
UNWIND ['administration', 'welfare', 'medical', 'education', 'justice', 'community_group',
  'community_member', 'workplace', 'business', 'kin'] AS field
CALL (agencies, covering, field) {
  UNWIND agencies AS entry
  WITH entry, entry.agency AS a
  WHERE a.field = field AND EXISTS { MATCH (a)-[:SERVES]->(s:Area) WHERE s.area_id IN covering }
  WITH entry, a ORDER BY entry.rank, coalesce(a.kana, a.name), a.organization_id
  RETURN collect({name: a.name, id: a.organization_id, stage: entry.stage}) AS serving
}
RETURN field AS field, area.area_id AS area_id, area.name AS area_name,
  CASE
    WHEN size(serving) > 0 THEN CASE serving[0].stage WHEN 'declined' THEN 'none' ELSE serving[0].stage END
    WHEN field IN surveyed OR 'all' IN surveyed THEN 'none'
    ELSE 'unknown' END AS state,
  size([s IN serving WHERE s.stage <> 'declined']) AS count,
  size([s IN serving WHERE s.stage = 'supporting']) AS supporting,
  [s IN serving WHERE s.stage <> 'declined' | s.name] AS names,
  [s IN serving WHERE s.stage <> 'declined' | s.id] AS organization_ids
ORDER BY area_id, field
