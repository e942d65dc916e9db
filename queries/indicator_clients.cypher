// Which clients had a facility to do with up to a day, and when last?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted
// return clients: list[map] - client_id and last_on, the latest dated event or referral; null = no date is known
// right  see_statistics
// consent not asked: only the facility itself, whose file it is, to be counted
// source FACTS.md A, indicator 0105: the share of clients with a plan needs all clients
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
WITH COLLECT {
  CALL (f) {
    MATCH (c:Client)<-[:CONCERNS]-(e:Event)-[:RECORDED_BY]->(f)
    WHERE e.occurred_on <= $as_of
    RETURN c, e.occurred_on AS on
    UNION
    MATCH (c:Client)<-[:FOR]-(r:Referral)-[:RECEIVED_BY]->(f)
    WHERE coalesce(r.notified_on <= $as_of, true)
    RETURN c, r.notified_on AS on
  }
  WITH c.client_id AS client_id, max(on) AS last_on
  ORDER BY client_id
  RETURN {client_id: client_id, last_on: last_on}
} AS clients
RETURN clients AS clients
ORDER BY size(clients)
