// Which agencies have these words in their name or its reading?
// param  words: str - part of a name
// param  limit: int = 20 - at most so many
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return field: str? - one of the ten fields
// return municipality: str? - name of the municipality it stands in
// return phone: str? - Organization.phone
// right  see_network
// source SPEED: the TEXT index finds a part of any length; names that begin with the words come first
MATCH (a:Organization)
WHERE a.name CONTAINS $words OR a.kana CONTAINS $words
WITH a ORDER BY NOT a.name STARTS WITH $words, size(a.name), a.organization_id LIMIT $limit
OPTIONAL MATCH (place:Area {area_id: a.municipality})
RETURN a.organization_id AS organization_id, a.name AS name, a.field AS field,
  place.name AS municipality, a.phone AS phone
ORDER BY NOT a.name STARTS WITH $words, size(a.name), a.organization_id
