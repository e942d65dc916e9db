// Which help was asked for in which areas, and did anybody take the client on?
// param  since: date? = null - first day counted; null = from the beginning, requests without a date as well
// param  as_of: date = today - last day counted
// return person: int - number of a person in this answer alone, to count people once
// return area_id: str - Area.area_id of the place the client goes to, or wants to go to when that is not known
// return area_name: str - its name
// return level: str - nation, prefecture, care_area or municipality
// return needs: list[str] - Support.support_id, [] when not recorded
// return fields: list[str] - fields of the agencies that were asked, [] when not recorded
// return notified_on: date? - the first notice
// return status: str - of the last step
// return unmet: bool - every last step says no capacity, not eligible or could not contact
// right  see_statistics
// consent not asked: counts of help asked for in areas; no agency is told of a client
// source DESIGN 3, Referral: a request is a chain of referrals, counted once
MATCH (root:Referral)
WHERE NOT EXISTS { (root)-[:FOLLOWS]->(:Referral) }
MATCH (step:Referral)-[:FOLLOWS*0..10]->(root)
WITH root, step ORDER BY step.notified_on, step.referral_id
WITH root, collect(DISTINCT step) AS steps, min(step.notified_on) AS notified_on
WHERE coalesce(notified_on <= $as_of, true)
  AND ($since IS NULL OR notified_on >= $since)
WITH steps, notified_on,
  head(COLLECT { MATCH (root)-[:FOR]->(c:Client) RETURN c.client_id ORDER BY c.client_id }) AS named,
  root.referral_id AS own,
  [s IN steps WHERE NOT EXISTS { (s)<-[:FOLLOWS]-(:Referral) }] AS ends
CALL (steps) {
  UNWIND steps AS s
  MATCH (s)-[goes:SETTLES_IN|DESIRES]->(area:Area)
  WITH type(goes) AS kind, area
  WITH collect(DISTINCT CASE kind WHEN 'SETTLES_IN' THEN area END) AS settled,
    collect(DISTINCT area) AS wanted
  UNWIND CASE WHEN size(settled) > 0 THEN settled ELSE wanted END AS area
  RETURN area
}
WITH coalesce(named, own) AS client, notified_on, {
  area_id: area.area_id, area_name: area.name, level: area.level,
  needs: COLLECT { UNWIND steps AS s MATCH (s)-[:NEEDS]->(help:Support)
    RETURN DISTINCT help.support_id ORDER BY help.support_id },
  fields: COLLECT { UNWIND steps AS s MATCH (s)-[:RECEIVED_BY]->(asked:Organization)
    WHERE asked.field IS NOT NULL RETURN DISTINCT asked.field ORDER BY asked.field },
  notified_on: notified_on, status: ends[-1].status,
  unmet: all(e IN ends WHERE e.status IN ['no_capacity', 'not_eligible', 'could_not_contact'])
} AS request
WITH client, min(notified_on) AS first_on, collect(DISTINCT request) AS requests
ORDER BY first_on, client
WITH collect(requests) AS people
UNWIND range(0, size(people) - 1) AS number
UNWIND people[number] AS request
RETURN number + 1 AS person, request.area_id AS area_id, request.area_name AS area_name,
  request.level AS level, request.needs AS needs, request.fields AS fields,
  request.notified_on AS notified_on, request.status AS status, request.unmet AS unmet
ORDER BY area_id, person, notified_on, status, needs, fields
