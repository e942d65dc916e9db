// What did a facility record about an agency in a stretch of days, to be corrected, latest first?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  organization_id: str - Organization.organization_id
// param  since: date - first day counted
// param  as_of: date = today - last day counted
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
// return event_id: str - Event.event_id
// return kind: str - kind of event
// return occurred_on: date - first possible day
// return occurred_on_precision: str - day, month or year
// return occurred_on_text: str - the date as the source writes it
// return until: date? - first possible day of the end of a rest or a plan
// return until_precision: str? - day, month or year
// return until_text: str? - the end as the source writes it
// return value: float? - level or number of people
// return text: str? - what was said or done; personal
// return content_hash: str? - tells whether it was changed since
// return source_file: str? - file it was read from
// return source_row: int? - row of that file
// right  record
// consent an event of a client without it is not offered to be corrected
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (a:Organization {organization_id: $organization_id})<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
WHERE $since <= e.occurred_on <= $as_of
OPTIONAL MATCH (e)-[:CONCERNS]->(client:Client)
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
WITH e, any(hides IN collect(withheld) WHERE hides) AS hidden
WHERE NOT hidden
RETURN e.event_id AS event_id, e.kind AS kind, e.occurred_on AS occurred_on,
  e.occurred_on_precision AS occurred_on_precision, e.occurred_on_text AS occurred_on_text,
  e.until AS until, e.until_precision AS until_precision, e.until_text AS until_text,
  e.value AS value, e.text AS text, e.content_hash AS content_hash,
  e.source_file AS source_file, e.source_row AS source_row
ORDER BY occurred_on DESC, event_id
