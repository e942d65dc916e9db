// Which chains of agencies were there, to be counted?
// param  as_of: date = today - last day counted; a referral without a date counts
// return fiscal_year: int? - fiscal year
// return dated: bool - the day of the notice is known
// return referrer: str - who sent the client first
// return agencies: list[str] - names along the chain, the referrer first
// return organization_ids: list[str] - their ids
// return destination: str? [see_clients] - where the client settles, as written; personal
// return waiting_days: int? - from the notice to the first interview, where both are known to the day
// return status: str - status of the last referral
// right  see_statistics
// consent not asked: chains to be counted, of no client; recorded_paths tells a client's
// source FACTS.md B, the tables of 2019 and 2020
MATCH (first:Referral)-[:FOR]->(:Client)
WHERE NOT EXISTS { (first)-[:FOLLOWS]->(:Referral) }
  AND coalesce(first.notified_on <= $as_of, true)
MATCH chain = (first)<-[:FOLLOWS*0..20]-(last:Referral)
WHERE all(r IN nodes(chain) WHERE coalesce(r.notified_on <= $as_of, true))
  AND NOT EXISTS {
    MATCH (last)<-[:FOLLOWS]-(next:Referral) WHERE coalesce(next.notified_on <= $as_of, true) }
MATCH (sender:Organization)-[:SENT]->(first)
WITH first, last, sender, nodes(chain) AS referrals
CALL (referrals) {
  UNWIND referrals AS r
  OPTIONAL MATCH (r)-[:RECEIVED_BY]->(receiver:Organization)
  RETURN collect(receiver) AS receivers
}
RETURN first.fiscal_year AS fiscal_year, first.notified_on IS NOT NULL AS dated,
  sender.name AS referrer, [sender.name] + [r IN receivers | r.name] AS agencies,
  [sender.organization_id] + [r IN receivers | r.organization_id] AS organization_ids,
  first.destination_text AS destination,
  CASE WHEN first.notified_on_precision = 'day' AND first.first_interview_on_precision = 'day'
    THEN duration.inDays(first.notified_on, first.first_interview_on).days END AS waiting_days,
  last.status AS status
ORDER BY fiscal_year, agencies, status, destination, waiting_days
