// By which chain of agencies did each client come, and what became of it?
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  fiscal_year: int? = null - April to March; null = all years
// param  as_of: date = today - last day counted; a referral without a date counts
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return case_id: str - Client.client_id, a pseudonym; personal
// return fiscal_year: int? - fiscal year
// return number: int? - number in the source table
// return withheld: int - places of the chain that are withheld
// return referrer: str - who sent the client first; "" when withheld
// return agencies: list[str] - names along the chain, the referrer first; "" for one that is withheld
// return organization_ids: list[str] - their ids; "" for one that is withheld
// return statuses: list[str] - status of each referral of the chain; "" when its receiver is withheld
// return notified_on: date? - day of the notice
// return notified_text: str? - as written
// return former_area: str? - as written; personal
// return desired_area: str? - as written; personal
// return destination: str? - as written; personal
// return released_text: str? - day of release, as written
// return first_interview_on: date? - day of the first interview
// return first_interview_text: str? - as written
// return waiting_days: int? - from the notice to the first interview, where both are known to the day
// return status: str - status of the last referral; "" when its receiver is withheld
// return reason: str? - why it stopped; only of a chain that is told whole
// return course: str? - course as written; personal; only of a chain that is told whole
// right  see_clients
// consent an agency without it, its referral's status and days, and words that tell of the whole chain are withheld
// source FACTS.md B, the tables of 2019 and 2020
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (first:Referral)-[:FOR]->(client:Client)
WHERE NOT EXISTS { (first)-[:FOLLOWS]->(:Referral) }
  AND ($fiscal_year IS NULL OR first.fiscal_year = $fiscal_year)
  AND coalesce(first.notified_on <= $as_of, true)
MATCH chain = (first)<-[:FOLLOWS*0..20]-(last:Referral)
WHERE all(r IN nodes(chain) WHERE coalesce(r.notified_on <= $as_of, true))
  AND NOT EXISTS {
    MATCH (last)<-[:FOLLOWS]-(next:Referral) WHERE coalesce(next.notified_on <= $as_of, true) }
MATCH (sender:Organization)-[:SENT]->(first)
WITH f, client, first, last, sender, nodes(chain) AS referrals
UNWIND range(-1, size(referrals) - 1) AS step
WITH *, CASE WHEN step >= 0 THEN referrals[step] END AS r
OPTIONAL MATCH (r)-[:RECEIVED_BY]->(receiver:Organization)
WITH f, client, first, last, sender, referrals, step, CASE step WHEN -1 THEN sender ELSE receiver END AS a
CALL (client, f, a) {
  OPTIONAL MATCH (client)<-[:FOR]-(taken:Referral)-[:RECEIVED_BY]->(f), (taken)<-[:SENT]-(sender:Organization)
  WITH client, f, a, sender ORDER BY taken.notified_on, taken.referral_id LIMIT 1
  WITH client, f, a,
    EXISTS { (client)<-[:FOR]-(:Referral)-[:RECEIVED_BY]->(a) }
      OR EXISTS { (client)<-[:CONCERNS]-(:Event)-[:CONCERNS]->(a) } AS told,
    coalesce(a = f OR a = sender AND NOT EXISTS {
      MATCH (client)<-[:FOR]-(passed:Referral)-[:RECEIVED_BY]->(a) WHERE (f)-[:SENT]->(passed)
    }, false) AS knew,
    EXISTS {
      MATCH (client)-[:GRANTS]->(consent:Consent {purpose: 'referral'})-[:ALLOWS]->(a)
      WHERE consent.since <= $today AND coalesce(consent.until >= $today, true)
        AND consent.withdrawn_on IS NULL
    } AS allowed
  RETURN told AND NOT knew AND NOT allowed AND coalesce(client.client_id <> $override, true) AS withheld
}
WITH client, first, last, referrals, step, a, withheld ORDER BY step
WITH client, first, last, referrals, collect(
  {name: CASE WHEN withheld THEN '' ELSE a.name END,
   id: CASE WHEN withheld THEN '' ELSE a.organization_id END,
   withheld: withheld, status: CASE WHEN withheld THEN '' ELSE referrals[step].status END}) AS steps
WITH *, steps[1].withheld AS hides_first, any(s IN steps WHERE s.withheld) AS hides_some
RETURN client.client_id AS case_id, first.fiscal_year AS fiscal_year, first.number AS number,
  size([s IN steps WHERE s.withheld]) AS withheld, steps[0].name AS referrer,
  [s IN steps WHERE s.name IS NOT NULL | s.name] AS agencies,
  [s IN steps WHERE s.id IS NOT NULL | s.id] AS organization_ids,
  [s IN steps[1..] | s.status] AS statuses,
  CASE WHEN NOT hides_first THEN first.notified_on END AS notified_on,
  CASE WHEN NOT hides_first THEN first.notified_on_text END AS notified_text,
  CASE WHEN NOT hides_first THEN first.former_area_text END AS former_area,
  CASE WHEN NOT hides_first THEN first.desired_area_text END AS desired_area,
  CASE WHEN NOT hides_some THEN first.destination_text END AS destination,
  CASE WHEN NOT hides_first THEN first.released_on_text END AS released_text,
  CASE WHEN NOT hides_first THEN first.first_interview_on END AS first_interview_on,
  CASE WHEN NOT hides_first THEN first.first_interview_on_text END AS first_interview_text,
  CASE WHEN NOT hides_first AND first.notified_on_precision = 'day' AND first.first_interview_on_precision = 'day'
    THEN duration.inDays(first.notified_on, first.first_interview_on).days END AS waiting_days,
  steps[-1].status AS status, CASE WHEN NOT hides_some THEN last.reason END AS reason,
  CASE WHEN NOT hides_some THEN coalesce(last.course, first.course) END AS course
ORDER BY fiscal_year, number, case_id
