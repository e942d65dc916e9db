// Which clients have agencies around them on a day, the latest referred first?
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted; a referral without a date counts
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return case_id: str - Client.client_id, a pseudonym; personal
// return agencies: int - agencies that sent, received or met the client, those withheld not counted
// return withheld: int - those that the client has not consented to
// return last_on: date? - latest dated referral or event of the agencies counted; null = none is dated
// right  see_clients
// consent an agency without it is counted apart
// source DESIGN 5, whose ecomap
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
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
WITH client, f, a, max(on) AS on
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
RETURN client.client_id AS case_id, count(CASE WHEN NOT withheld THEN 1 END) AS agencies,
  count(CASE WHEN withheld THEN 1 END) AS withheld, max(CASE WHEN NOT withheld THEN on END) AS last_on
ORDER BY last_on IS NULL, last_on DESC, case_id
