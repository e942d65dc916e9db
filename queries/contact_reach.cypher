// By how short a warm chain does a facility reach each agency of its lists, and through whom?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return length: int? - a tie counts 1; a person who worked for both, or a referral that was taken, 2; null = no chain of up to 6
// return through: list[str] - names of the agencies in between, nearest to the facility first; [] = they know each other
// return bases: list[str] - per step tie, person or referral
// right  plan
// consent not asked: that one agency took somebody from another, of no client
// source shortest chains over good ties that hold and are not weak, people and taken referrals; warmest first, as in introductions
CYPHER 25
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (f)-[:KEEPS]->(list:PartnerList)-[:LISTS]->(a:Organization)
WHERE list.made_on <= $as_of AND a <> f
WITH DISTINCT f, a
OPTIONAL CALL (f, a) {
  MATCH path = ALL SHORTEST (f) ((x)-[r:TIED_TO|WORKS_FOR|SENT|RECEIVED_BY]-(y)
    WHERE NOT (y:Organization AND coalesce(y.status, 'active') = 'closed') AND CASE type(r)
      WHEN 'TIED_TO' THEN x <> y AND r.quality = 'good' AND r.strength <> 'weak'
        AND coalesce(r.since <= $as_of, true) AND coalesce(r.until > $as_of, true)
      WHEN 'WORKS_FOR' THEN coalesce(r.since <= $as_of, true)
      WHEN 'SENT' THEN endNode(r).status IN ['accepted', 'got_help', 'referred_on', 'closed']
        AND coalesce(endNode(r).notified_on <= $as_of, true)
      ELSE startNode(r).status IN ['accepted', 'got_help', 'referred_on', 'closed']
        AND coalesce(startNode(r).notified_on <= $as_of, true) END
  ){1,6} (a)
  WITH nodes(path) AS passed, relationships(path) AS hops
  WITH size(hops) AS length, [n IN passed WHERE n:Organization] AS chain,
    [i IN range(0, size(hops) - 1) WHERE passed[i]:Organization | CASE
      WHEN type(hops[i]) = 'TIED_TO' THEN 'tie' WHEN passed[i + 1]:Person THEN 'person' ELSE 'referral' END] AS bases,
    reduce(sum = 0, r IN hops | sum + CASE type(r)
      WHEN 'TIED_TO' THEN CASE r.strength WHEN 'strong' THEN 0 ELSE 2 END
      WHEN 'WORKS_FOR' THEN 0 ELSE 1 END) AS coolness
  ORDER BY coolness, [n IN chain | n.organization_id], bases LIMIT 1
  RETURN length, chain, bases
}
RETURN a.organization_id AS organization_id, length AS length,
  coalesce([n IN chain[1..-1] | n.name], []) AS through, coalesce(bases, []) AS bases
ORDER BY length, organization_id
