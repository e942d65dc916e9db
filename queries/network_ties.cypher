// Which ties between agencies hold on a day, everywhere or within an area?
// param  as_of: date = today - last day counted
// param  area_id: str? = null - Area.area_id; only ties whose two agencies stand in it or serve it; null = everywhere
// return source_id: str - Organization.organization_id the tie was recorded from
// return target_id: str - Organization.organization_id the tie was recorded to
// return kind: str - cooperation, membership, introduction or contract
// return strength: str - strong, normal or weak
// return quality: str [see_levels: stressful as good] - good, stressful or broken
// return flow: str? - out, in or both, seen from the source
// right  see_network
// source DESIGN 3 and 5
MATCH (a:Organization)-[t:TIED_TO]->(b:Organization)
WHERE a <> b AND coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true)
  AND ($area_id IS NULL OR (
    EXISTS { (a)-[:LOCATED_IN|SERVES]->(:Area)-[:PART_OF*0..3]->(:Area {area_id: $area_id}) }
    AND EXISTS { (b)-[:LOCATED_IN|SERVES]->(:Area)-[:PART_OF*0..3]->(:Area {area_id: $area_id}) }))
RETURN a.organization_id AS source_id, b.organization_id AS target_id, t.kind AS kind,
  t.strength AS strength, t.quality AS quality, t.flow AS flow
ORDER BY source_id, target_id, kind, t.since
