// Who are the agencies of some paths, and which contacts with them are planned?
// param  organization_ids: list[str] - Organization.organization_id of each
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return short_name: str? - Organization.short_name
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return tasks: list[map] [hold_meeting] - text and due_on of each contact that is not done yet
// right  see_network
// consent not asked: agencies only
// source FACTS.md B, the ten fields; DESIGN 3, Task
UNWIND $organization_ids AS id
MATCH (a:Organization {organization_id: id})
WITH DISTINCT a
RETURN a.organization_id AS organization_id, a.name AS name, a.short_name AS short_name,
  a.field AS field, a.agency_type AS agency_type,
  COLLECT {
    MATCH (a)<-[:CONTACTS]-(t:Task)
    WHERE t.done_on IS NULL
    WITH t ORDER BY t.due_on, t.task_id
    RETURN {text: t.text, due_on: t.due_on}
  } AS tasks
ORDER BY organization_id
