// Where does each client with a referral go, or wish to go, and what help is needed there?
// param  as_of: date = today - last day counted; a referral without a date counts
// return referral_id: str - Referral.referral_id
// return case_id: str - Client.client_id, a pseudonym; personal
// return sender: str? - Organization.name of who sent the client
// return notified_on: date? - first possible day of the notice
// return fiscal_year: int? - fiscal year
// return basis: str - settles or desires: what the areas are
// return area_ids: list[str] - Area.area_id
// return certainties: list[str] - how certain each of them is
// return support_ids: list[str] - kinds of help needed
// right  see_clients
// source FACTS.md B, the table of 2020: destinations can be doubtful or plural; a wish counts where no destination is known
MATCH (r:Referral)-[:FOR]->(client:Client)
WHERE coalesce(r.notified_on <= $as_of, true)
WITH r, client,
  COLLECT { MATCH (r)-[s:SETTLES_IN]->(a:Area) RETURN {area: a.area_id, sure: s.certainty} ORDER BY a.area_id } AS settles,
  COLLECT { MATCH (r)-[d:DESIRES]->(a:Area) RETURN {area: a.area_id, sure: d.certainty} ORDER BY a.area_id } AS desires
WITH r, client, settles, CASE WHEN size(settles) > 0 THEN settles ELSE desires END AS places
WHERE size(places) > 0
RETURN r.referral_id AS referral_id, client.client_id AS case_id,
  head(COLLECT { MATCH (sender:Organization)-[:SENT]->(r) RETURN sender.name ORDER BY sender.name }) AS sender,
  r.notified_on AS notified_on, r.fiscal_year AS fiscal_year,
  CASE WHEN size(settles) > 0 THEN 'settles' ELSE 'desires' END AS basis,
  [p IN places | p.area] AS area_ids, [p IN places | p.sure] AS certainties,
  COLLECT { MATCH (r)-[:NEEDS]->(s:Support) RETURN s.support_id ORDER BY s.support_id } AS support_ids
ORDER BY notified_on DESC, referral_id
