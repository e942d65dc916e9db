// Which clients have agencies around them on a day, the latest referred first?
// param  as_of: date = today - last day counted; a referral without a date counts
// return case_id: str - Client.client_id, a pseudonym; personal
// return agencies: int - agencies that sent or received the client or were part of an event
// return last_on: date? - latest dated referral or event
// right  see_clients
// source DESIGN 5, whose ecomap
MATCH (client:Client)
CALL (client) {
  MATCH (client)<-[:FOR]-(r:Referral)<-[:SENT]-(a:Organization)
  WHERE coalesce(r.notified_on <= $as_of, true)
  RETURN a, r.notified_on AS on
  UNION
  MATCH (client)<-[:FOR]-(r:Referral)-[:RECEIVED_BY]->(a:Organization)
  WHERE coalesce(r.notified_on <= $as_of, true)
  RETURN a, r.notified_on AS on
  UNION
  MATCH (client)<-[:CONCERNS]-(e:Event)-[:CONCERNS]->(a:Organization)
  WHERE e.occurred_on <= $as_of
  RETURN a, e.occurred_on AS on
}
WITH client, count(DISTINCT a) AS agencies, max(on) AS last_on
RETURN client.client_id AS case_id, agencies AS agencies, last_on AS last_on
ORDER BY last_on IS NULL, last_on DESC, case_id
