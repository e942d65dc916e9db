// Which agencies serve a client on a day, and how does the client's latest referral to each stand?
// param  client_id: str - Client.client_id, a pseudonym
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted; a referral without a date counts
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return short_name: str? - Organization.short_name
// return kana: str? - Organization.kana
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return status: str? - of the latest referral it received, as it stands now; null = it received none
// return sent: bool - it sent the client to another agency
// return first_on: date? - its first dated referral or event; null = none is dated
// right  see_clients
// consent an agency without it is not told; ecomap_clients counts those
// source DESIGN 5, whose ecomap; closed-loop referral
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (client:Client {client_id: $client_id})
CALL (client) {
  MATCH (client)<-[:FOR]-(r:Referral)<-[:SENT]-(a:Organization)
  WHERE coalesce(r.notified_on <= $as_of, true)
  RETURN a, r.notified_on AS on, 'sent' AS role, r AS record
  UNION
  MATCH (client)<-[:FOR]-(r:Referral)-[:RECEIVED_BY]->(a:Organization)
  WHERE coalesce(r.notified_on <= $as_of, true)
  RETURN a, r.notified_on AS on, 'received' AS role, r AS record
  UNION
  MATCH (client)<-[:CONCERNS]-(e:Event)-[:CONCERNS]->(a:Organization)
  WHERE e.occurred_on <= $as_of
  RETURN a, e.occurred_on AS on, 'event' AS role, e AS record
}
WITH client, f, a, on, role, record
ORDER BY coalesce(on, date('0001-01-01')), coalesce(record.referral_id, record.event_id)
WITH client, f, a, min(on) AS first_on, collect({role: role, record: record}) AS parts
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
WITH a, first_on, parts WHERE NOT withheld
RETURN a.organization_id AS organization_id, a.name AS name, a.short_name AS short_name,
  a.kana AS kana, a.field AS field, a.agency_type AS agency_type,
  [p IN parts WHERE p.role = 'received' | p.record.status][-1] AS status,
  any(p IN parts WHERE p.role = 'sent') AS sent, first_on AS first_on
ORDER BY first_on, organization_id
