// Which agencies have these words in their name or its reading, and how many are they?
// param  words: str - part of a name, of any length
// param  limit: int = 20 - at most so many rows
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return agency_type: str? - Organization.agency_type
// return municipality: str? - name of the municipality it stands in
// return phone: str? - Organization.phone; null for a hidden shelter
// return found: int - such agencies, all of them; beyond 1000 of a kind of match they are not counted
// right  see_network
// source SPEED: the TEXT index finds a part of any length, the full-text index ranks; cjk finds no single character
CALL () {
  // Within quotes Lucene knows two signs only: the quote and the backslash.
  WITH '"' + replace(replace($words, '\\', '\\\\'), '"', '\\"') + '"' AS phrase
  WHERE size(trim($words)) >= 2
  CALL db.index.fulltext.queryNodes('organization_words', phrase, {limit: 1000}) YIELD node, score
  RETURN node AS a, score
  UNION ALL
  MATCH (a:Organization) WHERE a.name CONTAINS $words
  RETURN a, 0.0 AS score LIMIT 1000
  UNION ALL
  MATCH (a:Organization) WHERE a.kana CONTAINS $words
  RETURN a, 0.0 AS score LIMIT 1000
}
WITH a, max(score) AS score
WHERE coalesce(a.status, 'active') <> 'closed'
WITH a, score
ORDER BY NOT a.name STARTS WITH $words, score DESC, size(a.name), a.organization_id
WITH collect(a) AS agencies
UNWIND range(0, CASE WHEN size(agencies) < $limit THEN size(agencies) ELSE $limit END - 1) AS rank
WITH agencies[rank] AS a, rank, size(agencies) AS found
OPTIONAL MATCH (place:Area {area_id: a.municipality})
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field,
  a.agency_type AS agency_type, place.name AS municipality,
  CASE WHEN a.hidden_address AND a.agency_type CONTAINS 'シェルター' THEN null ELSE a.phone END AS phone,
  found AS found
ORDER BY rank
