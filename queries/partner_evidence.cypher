// What tells how each agency of a partner list is getting on: its levels, its persons, its support?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  list_id: str? = null - PartnerList.list_id; null = the latest list of the facility
// param  as_of: date = today - last day counted
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return events: list[map] [see_levels] - event_id, kind, on, precision, value, until, until_precision, source_file, source_row of every event with it, oldest first; no words
// return people: list[map] [see_people] - name (personal), role, since and since_precision of each person who works for it on the day
// order  reading - kana of the agency, else its name
// right  see_network
// source FACTS.md A, indicators 0103 and 0104
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
CALL (f) {
  MATCH (f)-[:KEEPS]->(chosen:PartnerList)
  WHERE chosen.made_on <= $as_of AND chosen.list_id = coalesce($list_id, chosen.list_id)
  RETURN chosen ORDER BY chosen.made_on DESC, chosen.list_id LIMIT 1
}
MATCH (chosen)-[:LISTS]->(a:Organization)
RETURN a.organization_id AS organization_id, a.name AS name,
  COLLECT {
    MATCH (a)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
    WHERE e.occurred_on <= $as_of
    WITH e ORDER BY e.occurred_on, e.event_id
    RETURN {event_id: e.event_id, kind: e.kind, on: e.occurred_on, precision: e.occurred_on_precision,
      value: e.value, until: e.until, until_precision: e.until_precision,
      source_file: e.source_file, source_row: e.source_row}
  } AS events,
  COLLECT {
    MATCH (p:Person)-[w:WORKS_FOR]->(a)
    WHERE coalesce(w.since <= $as_of, true) AND coalesce(w.until > $as_of, true)
    WITH p, w ORDER BY w.since, p.person_id
    RETURN {name: p.name, role: w.role, since: w.since, since_precision: w.since_precision}
  } AS people,
  coalesce(a.kana, a.name) AS reading
ORDER BY reading, organization_id
