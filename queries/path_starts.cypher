// From which agencies may a path of referrals start, the likely ones first?
// param  as_of: date = today - last day counted; a referral without a date counts
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return sent: int - first referrals of a client it made
// return links: int - referrals it made and ties of the day that are not broken
// right  see_network
// consent not asked: counts of referrals, of no client
// source FACTS.md B: clients come from justice agencies and lawyers
MATCH (a:Organization)
WHERE coalesce(a.status, 'active') <> 'closed'
WITH a,
  COUNT { MATCH (a)-[:SENT]->(r:Referral)
    WHERE coalesce(r.notified_on <= $as_of, true) AND NOT EXISTS { (r)-[:FOLLOWS]->(:Referral) } } AS sent,
  COUNT { MATCH (a)-[:SENT]->(r:Referral)-[:RECEIVED_BY]->(:Organization)
    WHERE coalesce(r.notified_on <= $as_of, true) } AS made,
  COUNT { MATCH (a)-[tie:TIED_TO]-(:Organization)
    WHERE tie.quality <> 'broken'
      AND coalesce(tie.since <= $as_of, true) AND coalesce(tie.until > $as_of, true) } AS ties
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field,
  a.agency_type AS agency_type, sent AS sent, made + ties AS links
ORDER BY sent DESC, CASE a.field WHEN 'justice' THEN 0 ELSE 1 END, coalesce(a.kana, a.name), organization_id
