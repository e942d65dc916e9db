// Which ties of an agency have not ended by a day, to be changed?
// param  organization_id: str - Organization.organization_id
// param  as_of: date = today - a tie that begins later counts too
// return source_id: str - Organization.organization_id the tie was recorded from
// return target_id: str - Organization.organization_id the tie was recorded to
// return other_id: str - whichever of the two is not the agency
// return other_name: str - its Organization.name
// return kind: str - cooperation, membership, introduction or contract
// return strength: str - strong, normal or weak
// return quality: str - good, stressful or broken
// return flow: str? - out, in or both, seen from the source
// return since: date? - first possible day
// return since_precision: str? - day, month or year
// return since_text: str? - the beginning as the source writes it
// return until: date? - first possible day that no longer counts
// return until_precision: str? - day, month or year
// return until_text: str? - the end as the source writes it
// return note: str? - TIED_TO.note
// return content_hash: str? - tells whether it was changed since
// order  reading - kana of the other agency, else its name
// right  record
// consent not asked: ties of agencies only
// source DESIGN 3
MATCH (a:Organization {organization_id: $organization_id})-[t:TIED_TO]-(b:Organization)
WHERE a <> b AND coalesce(t.until > $as_of, true)
RETURN startNode(t).organization_id AS source_id, endNode(t).organization_id AS target_id,
  b.organization_id AS other_id, b.name AS other_name, t.kind AS kind, t.strength AS strength,
  t.quality AS quality, t.flow AS flow, t.since AS since, t.since_precision AS since_precision,
  t.since_text AS since_text, t.until AS until, t.until_precision AS until_precision,
  t.until_text AS until_text, t.note AS note, t.content_hash AS content_hash,
  coalesce(b.kana, b.name) AS reading
ORDER BY reading, other_id, source_id, kind, since
