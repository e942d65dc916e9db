// Which agencies make up the whole network on a day: tied to another, or keeping or on a partner list?
// param  as_of: date = today - last day counted
// param  area_id: str? = null - Area.area_id; only agencies that stand in it or serve it; null = everywhere
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return short_name: str? - Organization.short_name
// return kana: str? - Organization.kana
// return field: str? - one of the ten fields
// return municipality: str? - full name of the municipality it stands in
// return keeps_list: bool - true for a facility that keeps a partner list
// return cell_column: int? - column of the cell it keeps in the picture; null = none given yet
// return cell_row: int? - row of that cell
// right  see_network
// source DESIGN 3 and 5
MATCH (a:Organization)
WHERE ($area_id IS NULL
    OR EXISTS { (a)-[:LOCATED_IN|SERVES]->(:Area)-[:PART_OF*0..3]->(:Area {area_id: $area_id}) })
  AND (EXISTS { MATCH (a)-[t:TIED_TO]-(b:Organization)
      WHERE a <> b AND coalesce(t.since <= $as_of, true) AND coalesce(t.until > $as_of, true) }
    OR EXISTS { MATCH (a)<-[:LISTS]-(list:PartnerList) WHERE list.made_on <= $as_of }
    OR EXISTS { MATCH (a)-[:KEEPS]->(list:PartnerList) WHERE list.made_on <= $as_of })
OPTIONAL MATCH (a)<-[cell:POSITIONS]-(:NetworkLayout {layout_id: 'network'})
RETURN a.organization_id AS organization_id, a.name AS name, a.short_name AS short_name,
  a.kana AS kana, a.field AS field,
  head([(a)-[:LOCATED_IN]->(place:Area) | place.full_name]) AS municipality,
  EXISTS { MATCH (a)-[:KEEPS]->(list:PartnerList) WHERE list.made_on <= $as_of } AS keeps_list,
  cell.column AS cell_column, cell.row AS cell_row
ORDER BY organization_id
