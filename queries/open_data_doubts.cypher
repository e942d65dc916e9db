// Which offices of open data may be agencies already known, and what was decided?
// param  decided: bool = false - false: those that wait for a decision; true: those decided
// param  limit: int = 50 - at most so many
// return listing_id: str - Listing.listing_id
// return organization_id: str - Organization.organization_id of the agency it may be
// return reason: str - why: phone, name, similar or several
// return similarity: int - of the names, 0 to 100
// return decision: str? - same or different; null = not decided
// return decided_at: str? - moment in UTC, ISO 8601
// return decided_by: str? [see_people] - who decided
// return source: str - the open data set
// return edition: date - last edition that has the office
// return service: str? - service, as the source calls it
// return office: map - the office's name, address, phone, office_number, corporate_number, corporation, url; neither address nor phone beside an agency kept hidden
// return agency: map - the same of the agency
// return waiting: int - offices that wait for a decision, all of them
// right  record
// source DESIGN 3: identity of an agency; else ask a person
CALL () {
  OPTIONAL MATCH (each:Listing)-[pair:MAY_DESCRIBE]->(:Organization)
  WHERE pair.decision IS NULL AND NOT EXISTS { (each)-[:DESCRIBES]->(:Organization) }
  RETURN count(DISTINCT each) AS waiting
}
MATCH (l:Listing)-[r:MAY_DESCRIBE]->(a:Organization)
WHERE CASE WHEN $decided THEN r.decision IS NOT NULL
  ELSE r.decision IS NULL AND NOT EXISTS { (l)-[:DESCRIBES]->(:Organization) } END
WITH *, coalesce(a.hidden_address, false) AS hidden
RETURN l.listing_id AS listing_id, a.organization_id AS organization_id, r.reason AS reason,
  r.similarity AS similarity, r.decision AS decision, toString(r.decided_at) AS decided_at,
  r.decided_by AS decided_by, l.source AS source, l.edition AS edition, l.service AS service,
  l {.name, address: CASE WHEN hidden THEN null ELSE l.address END,
    phone: CASE WHEN hidden THEN null ELSE l.phone END,
    .office_number, .corporate_number, .corporation, .url} AS office,
  a {.name, address: CASE WHEN hidden THEN null ELSE a.address END,
    phone: CASE WHEN hidden THEN null ELSE a.phone END,
    .office_number, .corporate_number, .corporation, .url} AS agency,
  waiting AS waiting
ORDER BY decided_at DESC, similarity DESC, listing_id, organization_id
LIMIT $limit
