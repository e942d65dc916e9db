// By which chain of agencies did each client come, and what became of it?
// param  fiscal_year: int? = null - April to March; null = all years
// param  as_of: date = today - last day counted; a referral without a date counts
// return case_id: str [see_clients] - Client.client_id, a pseudonym; personal
// return fiscal_year: int? - fiscal year
// return number: int? [see_clients] - number in the source table
// return referrer: str - who sent the client first
// return agencies: list[str] - names along the chain, the referrer first
// return organization_ids: list[str] - their ids
// return statuses: list[str] - status of each referral of the chain
// return notified_on: date? - day of the notice
// return notified_text: str? [see_clients] - as written
// return former_area: str? [see_clients] - as written; personal
// return desired_area: str? [see_clients] - as written; personal
// return destination: str? [see_clients] - as written; personal
// return released_text: str? [see_clients] - day of release, as written
// return first_interview_on: date? - day of the first interview
// return first_interview_text: str? [see_clients] - as written
// return waiting_days: int? - from the notice to the first interview, where both are known to the day
// return status: str - status of the last referral
// return reason: str? [see_clients] - why it stopped
// return course: str? [see_clients] - course as written; personal
// right  see_statistics
// source FACTS.md B, the tables of 2019 and 2020
MATCH (first:Referral)-[:FOR]->(client:Client)
WHERE NOT EXISTS { (first)-[:FOLLOWS]->(:Referral) }
  AND ($fiscal_year IS NULL OR first.fiscal_year = $fiscal_year)
  AND coalesce(first.notified_on <= $as_of, true)
MATCH chain = (first)<-[:FOLLOWS*0..20]-(last:Referral)
WHERE all(r IN nodes(chain) WHERE coalesce(r.notified_on <= $as_of, true))
  AND NOT EXISTS {
    MATCH (last)<-[:FOLLOWS]-(next:Referral) WHERE coalesce(next.notified_on <= $as_of, true) }
MATCH (sender:Organization)-[:SENT]->(first)
WITH client, first, last, sender, nodes(chain) AS referrals
CALL (referrals) {
  UNWIND referrals AS r
  OPTIONAL MATCH (r)-[:RECEIVED_BY]->(receiver:Organization)
  RETURN collect(receiver) AS receivers
}
RETURN client.client_id AS case_id, first.fiscal_year AS fiscal_year, first.number AS number,
  sender.name AS referrer, [sender.name] + [r IN receivers | r.name] AS agencies,
  [sender.organization_id] + [r IN receivers | r.organization_id] AS organization_ids,
  [r IN referrals | r.status] AS statuses,
  first.notified_on AS notified_on, first.notified_on_text AS notified_text,
  first.former_area_text AS former_area, first.desired_area_text AS desired_area,
  first.destination_text AS destination, first.released_on_text AS released_text,
  first.first_interview_on AS first_interview_on,
  first.first_interview_on_text AS first_interview_text,
  CASE WHEN first.notified_on_precision = 'day' AND first.first_interview_on_precision = 'day'
    THEN duration.inDays(first.notified_on, first.first_interview_on).days END AS waiting_days,
  last.status AS status, last.reason AS reason, coalesce(last.course, first.course) AS course
ORDER BY fiscal_year, number, case_id
