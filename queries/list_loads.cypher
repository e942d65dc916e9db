// What has been loaded, edited and undone, latest first?
// param  limit: int = 50 - at most so many
// param  skip: int = 0 - so many of the latest are left out
// param  acts: list[str] = [load,edit,undo,redo] - acts to tell
// return load_id: str - Load.load_id
// return act: str - load, edit, undo or redo
// return file: str? - file name; of an undo, that of what was undone
// return is_file: bool - what was loaded, or undone, was a file
// return actor: str? - who did it
// return loaded_at: str - moment in UTC, ISO 8601
// return source: str? - open data set
// return edition: date? - edition of the open data
// return created: int - facts created
// return changed: int - facts changed
// return deleted: int - facts taken away
// return unchanged: int - facts that stood already; of an undo, those it had to leave
// return state: str - running, done, partly_undone or undone
// return may_be_undone: bool - it changed something that is kept as it was before
// return total: int - loads of these acts
// right  load
// source DESIGN 3: every fact has a source; the areas and kinds of support are not somebody's load
MATCH (l:Load)
WHERE l.state IS NOT NULL AND NOT l.load_id STARTS WITH 'reference-'
OPTIONAL MATCH (u:Load {load_id: l.undoes})
OPTIONAL MATCH (v:Load {load_id: u.undoes})
WITH l, coalesce(v, u, l).file_hash IS NOT NULL AS is_file,
  CASE WHEN u.undoes IS NOT NULL THEN 'redo' WHEN l.undoes IS NOT NULL THEN 'undo'
  WHEN l.file_hash IS NOT NULL THEN 'load' ELSE 'edit' END AS act
WHERE act IN $acts
WITH collect({l: l, act: act, is_file: is_file}) AS found
UNWIND found AS one
WITH one.l AS l, one.act AS act, one.is_file AS is_file, size(found) AS total
ORDER BY l.loaded_at DESC, l.load_id
SKIP $skip
LIMIT $limit
RETURN l.load_id AS load_id, act, l.file AS file, is_file, l.actor AS actor,
  toString(l.loaded_at) AS loaded_at, l.source AS source, l.edition AS edition,
  l.created AS created, l.changed AS changed, coalesce(l.deleted, 0) AS deleted,
  l.unchanged AS unchanged, l.state AS state,
  act <> 'redo' AND coalesce(l.formers, 0) > 0
    AND l.formers = COUNT { (f:Former {of_load: l.load_id}) }
    AND (l.state IN ['done', 'partly_undone'] OR (l.state = 'running' AND act <> 'undo'))
    AS may_be_undone,
  total
ORDER BY l.loaded_at DESC, l.load_id
