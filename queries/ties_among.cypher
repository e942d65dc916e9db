// Which ties hold on a day among these organizations?
// param  organization_ids: list[str] - Organization.organization_id of each
// param  as_of: date = today - last day counted
// return source_id: str - Organization.organization_id the tie was recorded from
// return target_id: str - Organization.organization_id the tie was recorded to
// return kind: str - cooperation, membership, introduction or contract
// return strength: str - strong, normal or weak
// return quality: str [see_levels: stressful as good] - good, stressful or broken
// return flow: str? - out, in or both, seen from the source
// return since: date? - first day, when known
// right  see_network
// source DESIGN 3 and 5
UNWIND $organization_ids AS id
MATCH (a:Organization {organization_id: id})-[t:TIED_TO]->(b:Organization)
WHERE b.organization_id IN $organization_ids AND a <> b
  AND coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
WITH DISTINCT a, t, b
RETURN a.organization_id AS source_id, b.organization_id AS target_id, t.kind AS kind,
  t.strength AS strength, t.quality AS quality, t.flow AS flow, t.since AS since
ORDER BY source_id, target_id, kind, since
