// Which agencies are offered first where one has to be chosen, as the start of a path or for a record?
// param  own_id: str? = null - Organization.organization_id of the facility whose partners come too
// param  as_of: date = today - last day counted; a referral without a date counts
// param  limit: int = 300 - of more agencies than this only partners and those with referrals, at most so many
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return kana: str? - Organization.kana
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return sent: int - first referrals of a client it made
// return links: int - referrals it made and ties of the day that are not broken
// return partner: bool - of the facility's lists, ties or events, or the facility itself
// return total: int - agencies in all, closed ones too; more than the limit: not all are among the rows
// order  reading within sent, later - kana of the agency, else its name
// right  see_network
// consent not asked: counts of referrals, of no client
// source FACTS.md B: clients come from justice agencies and lawyers
OPTIONAL MATCH (f:Organization {organization_id: $own_id})
WITH f, COUNT { (:Organization) } AS total
OPTIONAL CALL (f) {
  MATCH (f)-[:KEEPS]->(:PartnerList)-[:LISTS]->(a:Organization) RETURN a
  UNION
  MATCH (f)-[:TIED_TO]-(a:Organization) RETURN a
  UNION
  MATCH (f)<-[:RECORDED_BY]-(:Event)-[:CONCERNS]->(a:Organization) RETURN a
  UNION
  WITH f AS a WHERE a IS NOT NULL RETURN a
}
WITH total, collect(a) AS partners
CALL (total, partners) {
  UNWIND partners AS a
  RETURN a
  UNION
  MATCH (:Referral)<-[:SENT]-(a:Organization) RETURN a
  UNION
  MATCH (:Referral)-[:RECEIVED_BY]->(a:Organization) RETURN a
  UNION
  WITH total WHERE total <= $limit
  MATCH (a:Organization) RETURN a
}
WITH a, total, a IN partners AS partner
WHERE coalesce(a.status, 'active') <> 'closed'
WITH a, total, partner,
  COUNT { MATCH (a)-[:SENT]->(r:Referral)
    WHERE coalesce(r.notified_on <= $as_of, true) AND NOT EXISTS { (r)-[:FOLLOWS]->(:Referral) } } AS sent,
  COUNT { MATCH (a)-[:SENT]->(r:Referral)-[:RECEIVED_BY]->(:Organization)
    WHERE coalesce(r.notified_on <= $as_of, true) } AS made,
  COUNT { MATCH (a)-[tie:TIED_TO]-(:Organization)
    WHERE tie.quality <> 'broken'
      AND coalesce(tie.since <= $as_of, true) AND coalesce(tie.until > $as_of, true) } AS ties
WITH * ORDER BY NOT partner, sent DESC, made + ties DESC, a.organization_id LIMIT $limit
RETURN a.organization_id AS organization_id, a.name AS name, a.kana AS kana, a.field AS field,
  a.agency_type AS agency_type, sent AS sent, made + ties AS links, partner AS partner, total AS total,
  CASE a.field WHEN 'justice' THEN 0 ELSE 1 END AS later, coalesce(a.kana, a.name) AS reading
ORDER BY sent DESC, later, reading, organization_id
