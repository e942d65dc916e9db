// Which consents did clients give, who was allowed to be told, and do they stand?
// param  client_id: str? = null - Client.client_id, a pseudonym; null = of every client
// return consent_id: str - Consent.consent_id
// return case_id: str - Client.client_id, a pseudonym; personal
// return organization_id: str - Organization.organization_id of who may be told
// return agency: str - its name
// return purpose: str - what it may be told for
// return since: date - first day
// return until: date? - last day
// return withdrawn_on: date? - day it was taken back
// return manner: str? - in writing or by word of mouth
// return content_hash: str? - tells whether it was changed since
// order  reading within case_id - kana of the agency, else its name
// right  see_clients
// consent not asked: it is the list of consents itself, those taken back too
// source DESIGN 3, Consent
MATCH (client:Client)-[:GRANTS]->(c:Consent)-[:ALLOWS]->(a:Organization)
WHERE $client_id IS NULL OR client.client_id = $client_id
RETURN c.consent_id AS consent_id, client.client_id AS case_id,
  a.organization_id AS organization_id, a.name AS agency, c.purpose AS purpose, c.since AS since,
  c.until AS until, c.withdrawn_on AS withdrawn_on, c.manner AS manner, c.content_hash AS content_hash,
  coalesce(a.kana, a.name) AS reading
ORDER BY case_id, reading, purpose, since, consent_id
