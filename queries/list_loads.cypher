// What has been loaded, latest first?
// param  limit: int = 50 - at most so many
// return load_id: str - Load.load_id
// return file: str? - file name
// return actor: str? - who loaded it
// return loaded_at: str - moment in UTC, ISO 8601
// return created: int - facts created
// return changed: int - facts changed
// return unchanged: int - facts that stood already
// return state: str - done or undone
// right  load
// source DESIGN 3: every fact has a source; the areas and kinds of support are not somebody's load
MATCH (l:Load)
WHERE l.state IS NOT NULL AND NOT l.load_id STARTS WITH 'reference-'
RETURN l.load_id AS load_id, l.file AS file, l.actor AS actor, toString(l.loaded_at) AS loaded_at,
  l.created AS created, l.changed AS changed, l.unchanged AS unchanged, l.state AS state
ORDER BY loaded_at DESC, load_id
LIMIT $limit
