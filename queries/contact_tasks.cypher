// Which contacts has a facility planned, by itself or in its meetings, and which are done?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return tasks: list[map] - task_id, text, owner (personal), created_on, due_on, done_on, due_on_precision, due_on_text and content_hash; open ones first, then by due day; a task of nobody counts for every facility that lists the agency, one of another facility does not
// order  reading - kana of the agency, else its name
// right  plan
// source DESIGN 3, Task
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL (f) {
  MATCH (f)-[:KEEPS]->(:PartnerList)-[:LISTS]->(a:Organization)
  RETURN a
  UNION
  MATCH (f)<-[:OF]-(:Task)-[:CONTACTS]->(a:Organization)
  RETURN a
  UNION
  MATCH (f)<-[:OF]-(:Minutes)-[:DECIDED]->(:Task)-[:CONTACTS]->(a:Organization)
  RETURN a
}
WITH a, COLLECT {
  MATCH (a)<-[:CONTACTS]-(t:Task)
  WHERE EXISTS { (t)-[:OF]->(f) } OR EXISTS { (t)<-[:DECIDED]-(:Minutes)-[:OF]->(f) }
    OR NOT EXISTS { (t)-[:OF]->(:Organization) } AND NOT EXISTS { (t)<-[:DECIDED]-(:Minutes) }
  WITH t ORDER BY t.done_on IS NOT NULL, t.due_on, t.task_id
  RETURN {task_id: t.task_id, text: t.text, owner: t.owner, created_on: t.created_on,
    due_on: t.due_on, due_on_precision: t.due_on_precision, due_on_text: t.due_on_text,
    done_on: t.done_on, content_hash: t.content_hash}
} AS tasks
RETURN a.organization_id AS organization_id, a.name AS name, tasks AS tasks,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
