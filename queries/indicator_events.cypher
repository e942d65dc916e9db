// What did a facility record up to a day that an indicator of its report counts?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return event_id: str - Event.event_id
// return kind: str - kind of event
// return occurred_on: date - first possible day
// return occurred_on_precision: str - day, month or year
// return value: float? - level or number of people
// return text: str? [see_people] - what was said or done; null when it is about a client
// return organization_ids: list[str] - agencies it is about
// return names: list[str] - their names, in the same order
// return client_ids: list[str] - pseudonyms, to count people once
// right  see_statistics
// consent not asked: events to be counted; the words of a client's event are told to nobody
// source FACTS.md A, indicators 1 to 4
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (e:Event)-[:RECORDED_BY]->(f)
WHERE e.occurred_on <= $as_of
  AND e.kind IN ['meeting', 'explained', 'support_started', 'support_ended', 'declined', 'remark',
    'agreement', 'anxiety', 'contact_changed', 'plan_made', 'own_role_stated', 'followup_offered',
    'followup_accepted', 'employment_followup', 'recovery_meeting', 'recovery_outreach',
    'volunteering']
CALL (e) {
  OPTIONAL MATCH (e)-[:CONCERNS]->(a:Organization)
  WITH a ORDER BY coalesce(a.kana, a.name), a.organization_id
  RETURN collect(a.organization_id) AS organization_ids, collect(a.name) AS names
}
CALL (e) {
  OPTIONAL MATCH (e)-[:CONCERNS]->(c:Client)
  WITH c ORDER BY c.client_id
  RETURN collect(c.client_id) AS client_ids
}
RETURN e.event_id AS event_id, e.kind AS kind, e.occurred_on AS occurred_on,
  e.occurred_on_precision AS occurred_on_precision, toFloat(e.value) AS value,
  CASE WHEN size(client_ids) = 0 THEN e.text END AS text,
  organization_ids AS organization_ids, names AS names, client_ids AS client_ids
ORDER BY occurred_on, event_id
