// What was noted and decided over a facility's ecomap, meeting by meeting?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// return organization_id: str - Organization.organization_id of the facility
// return name: str - its name
// return minutes: list[map] - minutes_id, held_on, held_on_precision, held_on_text, title, note (personal), content_hash and decisions, each task_id, text, due_on, done_on, organization_id and name; latest first
// return owners: list[map] [see_people] - task_id and owner (personal) of each decision that has one
// right  hold_meeting
// source DESIGN 3 and 5
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
WITH f, COLLECT {
  MATCH (f)<-[:OF]-(m:Minutes)
  WITH m ORDER BY m.held_on DESC, m.minutes_id
  RETURN {minutes_id: m.minutes_id, held_on: m.held_on, held_on_precision: m.held_on_precision,
    held_on_text: m.held_on_text, title: m.title, note: m.note, content_hash: m.content_hash,
    decisions: COLLECT {
      MATCH (m)-[:DECIDED]->(t:Task)-[:CONTACTS]->(a:Organization)
      WITH t, a ORDER BY t.due_on, t.task_id
      RETURN {task_id: t.task_id, text: t.text, due_on: t.due_on, done_on: t.done_on,
        organization_id: a.organization_id, name: a.name}
    }}
} AS minutes, COLLECT {
  MATCH (f)<-[:OF]-(:Minutes)-[:DECIDED]->(t:Task)
  WHERE t.owner IS NOT NULL
  WITH DISTINCT t ORDER BY t.task_id
  RETURN {task_id: t.task_id, owner: t.owner}
} AS owners
RETURN f.organization_id AS organization_id, f.name AS name, minutes AS minutes, owners AS owners
ORDER BY organization_id
