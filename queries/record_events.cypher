// What did a facility record about an agency in a stretch of days, to be corrected, latest first?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  organization_id: str - Organization.organization_id
// param  since: date - first day counted
// param  as_of: date = today - last day counted
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
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (a:Organization {organization_id: $organization_id})<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
WHERE $since <= e.occurred_on <= $as_of
RETURN e.event_id AS event_id, e.kind AS kind, e.occurred_on AS occurred_on,
  e.occurred_on_precision AS occurred_on_precision, e.occurred_on_text AS occurred_on_text,
  e.until AS until, e.until_precision AS until_precision, e.until_text AS until_text,
  e.value AS value, e.text AS text, e.content_hash AS content_hash,
  e.source_file AS source_file, e.source_row AS source_row
ORDER BY occurred_on DESC, event_id
