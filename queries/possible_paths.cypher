// By which chains of agencies could a client get from a referrer to help at the destination?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  from_id: str - Organization.organization_id where the client is now
// param  area_id: str - Area.area_id of the destination
// param  support_ids: list[str] = [] - kinds of support needed, any of them; empty = any agency that serves the place and does not only pass clients on
// param  stages: list[str] = supporting,explained,listed,known - stages the last agency may have; the facility itself always may
// param  as_of: date = today - last day counted
// param  longest: int = 3 - at most so many steps
// param  limit: int = 5 - at most so many paths
// param  via_centre: bool = false - from another prefecture only through a settlement support centre (agency type with 定着) of the destination's prefecture, where one is known
// param  cost_taken: float = 1.0 - step by a past referral that was taken
// param  cost_other: float = 1.5 - step by a past referral that was not taken or is not known
// param  cost_strong: float = 1.5 - step by a strong tie
// param  cost_normal: float = 2.0 - step by a normal tie
// param  cost_weak: float = 3.0 - step by a weak tie
// param  cost_stressful: float = 1.0 - more for a stressful tie
// param  cost_membership: float = 1.0 - more for a tie only as members of one body
// return cost: float - sum of the step costs; lower is easier
// return organization_ids: list[str] - agencies from the referrer to the helper
// return agencies: list[str] - their names
// return steps: list[map] - per step: basis (referral or tie), cost, since, and status and fiscal_year of the latest such referral or kind, strength and quality of the tie
// return stage: str - stage of the last agency for the facility
// return supports: list[str] - kinds of support the last agency offers
// return phone: str? - of the last agency
// source step costs: our own estimate of the effort, editable by the parameters cost_…; broken ties do not count
CYPHER 25
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (origin:Organization {organization_id: $from_id})
MATCH (:Area {area_id: $area_id})-[:PART_OF*0..4]->(wide:Area)
WITH f, origin, collect(wide) AS wider
WITH f, origin, wider, CASE WHEN $via_centre AND EXISTS {
    MATCH (origin)-[:LOCATED_IN]->(:Area)-[:PART_OF*0..4]->(other:Area {level: 'prefecture'})
    WHERE NOT other IN wider }
  THEN COLLECT {
    UNWIND wider AS prefecture
    WITH prefecture WHERE prefecture.level = 'prefecture'
    MATCH (prefecture)<-[:PART_OF*0..4]-(:Area)<-[:SERVES|LOCATED_IN]-(c:Organization)
    WHERE c.agency_type CONTAINS '定着' AND coalesce(c.status, 'active') <> 'closed'
    RETURN DISTINCT c }
  ELSE [] END AS centres
CALL (origin, wider) {
  UNWIND wider AS area
  MATCH (area)<-[:SERVES]-(helper:Organization)
  WHERE helper <> origin AND coalesce(helper.status, 'active') <> 'closed'
    AND CASE size($support_ids)
      WHEN 0 THEN EXISTS { (helper)-[:OFFERS]->(:Support) } OR NOT EXISTS {
        MATCH (helper)-[:SENT]->(sent:Referral) WHERE coalesce(sent.notified_on <= $as_of, true) }
      ELSE EXISTS { MATCH (helper)-[:OFFERS]->(s:Support) WHERE s.support_id IN $support_ids } END
  RETURN DISTINCT helper
}
WITH f, origin, centres, helper AS a
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
WITH f, origin, centres, a AS helper, stage WHERE stage IN $stages OR a = f
MATCH path = (origin) ((x)-[r:TIED_TO|SENT|RECEIVED_BY]-(y)
  WHERE CASE type(r)
    WHEN 'TIED_TO' THEN r.quality <> 'broken'
      AND coalesce(r.since <= $as_of, true) AND coalesce(r.until > $as_of, true)
    WHEN 'SENT' THEN startNode(r) = x AND coalesce(y.notified_on <= $as_of, true)
    ELSE startNode(r) = x END
){1,12} (helper)
WHERE allReduce(length = 0.0, hop IN r |
  length + CASE type(hop) WHEN 'TIED_TO' THEN 1.0 ELSE 0.5 END, length <= $longest)
WITH helper, stage, centres, nodes(path) AS passed, relationships(path) AS hops
WITH helper, stage, centres, [n IN passed WHERE n:Organization] AS chain, [i IN range(0, size(hops) - 1)
  WHERE type(hops[i]) <> 'RECEIVED_BY' | CASE type(hops[i])
    WHEN 'SENT' THEN {
      basis: 'referral', status: passed[i + 1].status, since: passed[i + 1].notified_on,
      fiscal_year: passed[i + 1].fiscal_year,
      cost: CASE WHEN passed[i + 1].status IN ['accepted', 'got_help', 'referred_on', 'closed']
        THEN $cost_taken ELSE $cost_other END}
    ELSE {
      basis: 'tie', kind: hops[i].kind, strength: hops[i].strength, quality: hops[i].quality, since: hops[i].since,
      cost: CASE hops[i].strength WHEN 'strong' THEN $cost_strong WHEN 'normal' THEN $cost_normal ELSE $cost_weak END
        + CASE hops[i].quality WHEN 'stressful' THEN $cost_stressful ELSE 0.0 END
        + CASE hops[i].kind WHEN 'membership' THEN $cost_membership ELSE 0.0 END}
    END] AS steps
WHERE size(chain) = size(steps) + 1
  AND all(i IN range(0, size(chain) - 1) WHERE NOT chain[i] IN chain[i + 1..])
  AND (size(centres) = 0 OR any(n IN chain WHERE n IN centres))
WITH helper, stage, chain, steps, reduce(sum = 0.0, s IN steps | sum + s.cost) AS cost
ORDER BY cost, size(chain), [n IN chain | n.organization_id], [s IN steps | s.basis],
  [s IN steps | coalesce(s.since, date('0001-01-01'))] DESC
WITH helper, stage, chain, collect({steps: steps, cost: cost})[0] AS best
RETURN best.cost AS cost, [n IN chain | n.organization_id] AS organization_ids,
  [n IN chain | n.name] AS agencies, best.steps AS steps, stage AS stage,
  COLLECT { MATCH (helper)-[:OFFERS]->(s:Support) RETURN s.support_id ORDER BY s.support_id } AS supports,
  helper.phone AS phone
ORDER BY cost, size(organization_ids), organization_ids
LIMIT $limit
