// How many agencies of a partner list were listed, explained to and support, as of a day?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  list_id: str? = null - PartnerList.list_id; null = the latest list of the facility
// param  as_of: date = today - last day counted
// return step: str - listed, explained, supporting (each step holds the next) or declined
// return count: int - agencies that reached the step
// return names: list[str] - their names
// return organization_ids: list[str] - their ids
// return list_id: str - PartnerList.list_id
// right  see_network
// source FACTS.md A, indicators 0101 and 0102
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
WITH chosen, a, stage ORDER BY coalesce(a.kana, a.name), a.organization_id
WITH chosen, collect({id: a.organization_id, name: a.name, stage: stage}) AS agencies
UNWIND [
  {rank: 0, step: 'listed', stages: ['supporting', 'explained', 'listed', 'declined']},
  {rank: 1, step: 'explained', stages: ['supporting', 'explained']},
  {rank: 2, step: 'supporting', stages: ['supporting']},
  {rank: 3, step: 'declined', stages: ['declined']}
] AS level
WITH chosen, level, [agency IN agencies WHERE agency.stage IN level.stages] AS reached
RETURN level.step AS step, size(reached) AS count, [agency IN reached | agency.name] AS names,
  [agency IN reached | agency.id] AS organization_ids, chosen.list_id AS list_id
ORDER BY level.rank
