// Whom to ask for at each of these agencies on a day?
// param  organization_ids: list[str] - Organization.organization_id
// param  as_of: date = today - who works there on this day
// return organization_id: str - Organization.organization_id
// return person_id: str - Person.person_id
// return name: str - Person.name; personal
// return role: str? - WORKS_FOR.role
// right  see_people
// consent not asked: contact persons of agencies only
// source DESIGN 3
MATCH (p:Person)-[work:WORKS_FOR]->(a:Organization)
WHERE a.organization_id IN $organization_ids AND p.name IS NOT NULL
  AND coalesce(work.since <= $as_of, true) AND coalesce(work.until > $as_of, true)
RETURN a.organization_id AS organization_id, p.person_id AS person_id, p.name AS name,
  work.role AS role
ORDER BY organization_id, work.since, person_id
