// What became of the referrals, to be counted?
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted; a referral without a date counts
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return receiver: str? - Organization.name of who was asked
// return receiver_field: str? - its field, one of ten
// return status: str - as stored, so as it stands now
// return outcome: str? - how it ended
// return reason: str? [see_clients] - why it stopped
// return notified_on: date? - first possible day of the notice
// return notified_on_precision: str? - day, month or year
// return answered_on: date? - first possible day of the first response
// return answered_on_precision: str? - day, month or year
// return closed_on: date? - first possible day of its end
// order  reading - kana of who was asked, else its name
// right  see_statistics
// consent without it for the receiver the reason is withheld; the rest is counted, of no client
// source Open Referral, closed-loop referral words
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (:Organization)-[:SENT]->(r:Referral)-[:FOR]->(client:Client)
WHERE coalesce(r.notified_on <= $as_of, true)
OPTIONAL MATCH (r)-[:RECEIVED_BY]->(a:Organization)
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
RETURN a.name AS receiver, a.field AS receiver_field, r.status AS status, r.outcome AS outcome,
  CASE WHEN NOT withheld THEN r.reason END AS reason, r.notified_on AS notified_on,
  r.notified_on_precision AS notified_on_precision, r.answered_on AS answered_on,
  r.answered_on_precision AS answered_on_precision, r.closed_on AS closed_on,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, status, notified_on, answered_on, closed_on, outcome, reason
