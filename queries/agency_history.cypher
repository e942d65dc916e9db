// What happened with an agency up to a day, latest first?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  organization_id: str - Organization.organization_id
// param  as_of: date = today - last day counted
// return event_id: str - Event.event_id
// return occurred_on: date - first possible day
// return precision: str - day, month or year
// return as_written: str - the date as the source writes it
// return kind: str - kind of event
// return value: float? [see_levels] - level or number of people
// return text: str? [see_people] - what was said or done; personal
// return source_file: str? - file it was read from
// return source_row: int? - row of that file
// right  see_network
// source DESIGN 3
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (a:Organization {organization_id: $organization_id})<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
WHERE e.occurred_on <= $as_of
RETURN e.event_id AS event_id, e.occurred_on AS occurred_on, e.occurred_on_precision AS precision,
  e.occurred_on_text AS as_written, e.kind AS kind, e.value AS value, e.text AS text,
  e.source_file AS source_file, e.source_row AS source_row
ORDER BY occurred_on DESC, event_id
