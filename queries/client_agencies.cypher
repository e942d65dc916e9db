// Which agencies were told of a client, and for which of them is there no consent?
// param  client_id: str - Client.client_id, a pseudonym
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return organization_id: str - Organization.organization_id
// return name: str? - Organization.name; null when withheld
// return withheld: bool - the client has not consented that it is told
// order  reading - kana of the agency, else its name
// right  see_clients
// consent the name of an agency without it is withheld; its id is told so that a consent can be recorded
// source the rule of graph/consent.py
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (client:Client {client_id: $client_id})
CALL (client) {
  MATCH (client)<-[:FOR]-(:Referral)-[:RECEIVED_BY]->(a:Organization) RETURN a
  UNION
  MATCH (client)<-[:CONCERNS]-(:Event)-[:CONCERNS]->(a:Organization) RETURN a
}
WITH client, f, a WHERE coalesce(a <> f, true)
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
RETURN a.organization_id AS organization_id, CASE WHEN NOT withheld THEN a.name END AS name,
  withheld AS withheld, CASE WHEN NOT withheld THEN coalesce(a.kana, a.name) END AS reading
ORDER BY reading, organization_id
