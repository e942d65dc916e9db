// How far has each referral come, and what is its record to be answered on?
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted; a referral without a date counts
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return referral_id: str - Referral.referral_id
// return case_id: str - Client.client_id, a pseudonym; personal
// return withheld: bool - it is told no further than the columns before this one
// return fiscal_year: int? - fiscal year
// return sender_id: str? - Organization.organization_id of who sent the client
// return sender: str? - its name
// return receiver_id: str? - Organization.organization_id of who was asked
// return receiver: str? - its name
// return receiver_field: str? - its field, one of ten
// return follows_id: str? - the referral before it
// return status: str? - as stored, so as it stands now
// return outcome: str? - how it ended
// return reason: str? - why it stopped
// return notified_on: date? - first possible day of the notice
// return notified_on_precision: str? - day, month or year
// return notified_on_text: str? - as written
// return answered_on: date? - first possible day of the first response
// return answered_on_precision: str? - day, month or year
// return answered_on_text: str? - as written
// return handed_over_on: date? - first possible day of the hand-over
// return handed_over_on_precision: str? - day, month or year
// return handed_over_on_text: str? - as written
// return closed_on: date? - first possible day of its end
// return closed_on_precision: str? - day, month or year
// return closed_on_text: str? - as written
// return content_hash: str? - tells whether it was changed since
// right  see_clients
// consent a referral to or from an agency without it is withheld
// source Open Referral, closed-loop referral words
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (sender:Organization)-[:SENT]->(r:Referral)-[:FOR]->(client:Client)
WHERE coalesce(r.notified_on <= $as_of, true)
OPTIONAL MATCH (r)-[:RECEIVED_BY]->(receiver:Organization)
OPTIONAL MATCH (r)-[:FOLLOWS]->(earlier:Referral)
UNWIND [sender, receiver] AS a
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
WITH r, client, sender, receiver, earlier, any(hides IN collect(withheld) WHERE hides) AS withheld
WITH r AS told, client, withheld,
  CASE WHEN NOT withheld THEN r END AS r, CASE WHEN NOT withheld THEN sender END AS sender,
  CASE WHEN NOT withheld THEN receiver END AS receiver, CASE WHEN NOT withheld THEN earlier END AS earlier
RETURN told.referral_id AS referral_id, client.client_id AS case_id, withheld AS withheld,
  r.fiscal_year AS fiscal_year,
  sender.organization_id AS sender_id, sender.name AS sender,
  receiver.organization_id AS receiver_id, receiver.name AS receiver, receiver.field AS receiver_field,
  earlier.referral_id AS follows_id, r.status AS status, r.outcome AS outcome, r.reason AS reason,
  r.notified_on AS notified_on, r.notified_on_precision AS notified_on_precision,
  r.notified_on_text AS notified_on_text,
  r.answered_on AS answered_on, r.answered_on_precision AS answered_on_precision,
  r.answered_on_text AS answered_on_text,
  r.handed_over_on AS handed_over_on, r.handed_over_on_precision AS handed_over_on_precision,
  r.handed_over_on_text AS handed_over_on_text,
  r.closed_on AS closed_on, r.closed_on_precision AS closed_on_precision,
  r.closed_on_text AS closed_on_text, r.content_hash AS content_hash
ORDER BY notified_on DESC, referral_id
