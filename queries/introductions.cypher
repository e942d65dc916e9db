// By whom could an agency be introduced to another: the shortest chains of who knows whom?
// param  from_id: str - Organization.organization_id that looks for an introduction
// param  to_id: str - Organization.organization_id to be introduced to
// param  as_of: date = today - last day counted
// param  limit: int = 5 - at most so many chains
// return length: int - a tie counts 1; a person who worked for both, or a referral that was taken, 2
// return coolness: int - over the steps: strong tie or person 0, normal tie or referral 1, weak tie 2, stressful 1 more
// return organization_ids: list[str] - agencies of the chain, both ends included
// return agencies: list[str] - their names
// return steps: list[map] - per step: basis (tie, person or referral), kind, strength, quality, since; person_id and name of the person (personal); status
// right  see_people
// consent not asked: that one agency took somebody from another, of no client
// source all shortest paths over ties that hold and are not broken, people and taken referrals; warmest first, then by ids
CYPHER 25
MATCH (a:Organization {organization_id: $from_id}), (b:Organization {organization_id: $to_id})
WHERE a <> b
MATCH path = ALL SHORTEST (a) ((x)-[r:TIED_TO|WORKS_FOR|SENT|RECEIVED_BY]-(y)
  WHERE NOT (y:Organization AND coalesce(y.status, 'active') = 'closed') AND CASE type(r)
    WHEN 'TIED_TO' THEN x <> y AND r.quality <> 'broken'
      AND coalesce(r.since <= $as_of, true) AND coalesce(r.until > $as_of, true)
    WHEN 'WORKS_FOR' THEN coalesce(r.since <= $as_of, true)
    WHEN 'SENT' THEN endNode(r).status IN ['accepted', 'got_help', 'referred_on', 'closed']
      AND coalesce(endNode(r).notified_on <= $as_of, true)
    ELSE startNode(r).status IN ['accepted', 'got_help', 'referred_on', 'closed']
      AND coalesce(startNode(r).notified_on <= $as_of, true) END
){1,8} (b)
WITH nodes(path) AS passed, relationships(path) AS hops
WITH passed, hops, [i IN range(0, size(hops) - 1)
  WHERE passed[i]:Organization | CASE
    WHEN type(hops[i]) = 'TIED_TO' THEN {
      basis: 'tie', kind: hops[i].kind, strength: hops[i].strength, quality: hops[i].quality,
      since: hops[i].since,
      coolness: CASE hops[i].strength WHEN 'strong' THEN 0 WHEN 'normal' THEN 1 ELSE 2 END
        + CASE hops[i].quality WHEN 'stressful' THEN 1 ELSE 0 END}
    WHEN passed[i + 1]:Person THEN {
      basis: 'person', person_id: passed[i + 1].person_id, name: passed[i + 1].name, coolness: 0}
    ELSE {
      basis: 'referral', status: passed[i + 1].status, since: passed[i + 1].notified_on,
      fiscal_year: passed[i + 1].fiscal_year, coolness: 1}
    END] AS steps
WITH size(hops) AS length, [n IN passed WHERE n:Organization] AS chain, steps,
  reduce(sum = 0, s IN steps | sum + s.coolness) AS coolness
ORDER BY coolness, [s IN steps | s.basis], [s IN steps | coalesce(s.person_id, s.kind, '')],
  [s IN steps | coalesce(s.since, date('0001-01-01'))] DESC
WITH length, chain, collect({steps: steps, coolness: coolness})[0] AS best
RETURN length AS length, best.coolness AS coolness,
  [n IN chain | n.organization_id] AS organization_ids, [n IN chain | n.name] AS agencies,
  best.steps AS steps
ORDER BY length, coolness, organization_ids
LIMIT $limit
