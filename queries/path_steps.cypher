// Which steps lead from agency to agency, and which of them are blocked?
// param  as_of: date = today - last day counted; what begins later is no step
// param  limit: int = 20000 - at most so many steps
// return first_id: str - Organization.organization_id
// return first: str - its name
// return second_id: str - Organization.organization_id
// return second: str - its name
// return both_ways: bool - a tie; a past referral leads one way only
// return blocked: str - "" when it is open, else broken or ended
// source FACTS.md B; the steps of possible_paths, and those it leaves out
CALL () {
  MATCH (x:Organization)-[tie:TIED_TO]->(y:Organization)
  WHERE x <> y AND coalesce(tie.since <= $as_of, true)
  WITH CASE WHEN x.organization_id < y.organization_id THEN [x, y] ELSE [y, x] END AS ends,
    CASE WHEN tie.until <= $as_of THEN 'ended' WHEN tie.quality = 'broken' THEN 'broken' ELSE '' END AS blocked
  RETURN ends[0] AS first, ends[1] AS second, true AS both_ways, min(blocked) AS blocked
  UNION ALL
  MATCH (first:Organization)-[:SENT]->(r:Referral)-[:RECEIVED_BY]->(second:Organization)
  WHERE first <> second AND coalesce(r.notified_on <= $as_of, true)
  RETURN DISTINCT first, second, false AS both_ways, '' AS blocked
}
RETURN first.organization_id AS first_id, first.name AS first, second.organization_id AS second_id,
  second.name AS second, both_ways AS both_ways, blocked AS blocked
ORDER BY first_id, second_id, both_ways DESC
LIMIT $limit
