// How far has each referral come, and what is its record to be answered on?
// param  as_of: date = today - last day counted; a referral without a date counts
// return referral_id: str - Referral.referral_id
// return case_id: str - Client.client_id, a pseudonym; personal
// return fiscal_year: int? - fiscal year
// return sender_id: str - Organization.organization_id of who sent the client
// return sender: str - its name
// return receiver_id: str? - Organization.organization_id of who was asked
// return receiver: str? - its name
// return receiver_field: str? - its field, one of ten
// return follows_id: str? - the referral before it
// return status: str - as stored, so as it stands now
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
// source Open Referral, closed-loop referral words
MATCH (sender:Organization)-[:SENT]->(r:Referral)-[:FOR]->(client:Client)
WHERE coalesce(r.notified_on <= $as_of, true)
OPTIONAL MATCH (r)-[:RECEIVED_BY]->(receiver:Organization)
OPTIONAL MATCH (r)-[:FOLLOWS]->(earlier:Referral)
RETURN r.referral_id AS referral_id, client.client_id AS case_id, r.fiscal_year AS fiscal_year,
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
