// Who are the contact persons of an agency that have not left by a day, to be changed?
// param  organization_id: str - Organization.organization_id
// param  as_of: date = today - a person who begins later counts too
// return organization_id: str - Organization.organization_id
// return person_id: str - Person.person_id
// return name: str? - Person.name; personal
// return role: str? - WORKS_FOR.role
// return since: date? - first possible day
// return since_precision: str? - day, month or year
// return since_text: str? - the beginning as the source writes it
// return until: date? - first possible day that no longer counts
// return until_precision: str? - day, month or year
// return until_text: str? - the end as the source writes it
// return content_hash: str? - tells whether it was changed since
// right  record
// consent not asked: contact persons of agencies only
// source DESIGN 3
MATCH (p:Person)-[work:WORKS_FOR]->(a:Organization {organization_id: $organization_id})
WHERE coalesce(work.until > $as_of, true)
RETURN a.organization_id AS organization_id, p.person_id AS person_id, p.name AS name,
  work.role AS role, work.since AS since, work.since_precision AS since_precision,
  work.since_text AS since_text, work.until AS until, work.until_precision AS until_precision,
  work.until_text AS until_text, work.content_hash AS content_hash
ORDER BY since, person_id
