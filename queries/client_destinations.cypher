// Where does each client with a referral go, or wish to go, and what help is needed there?
// param  facility_id: str? = null - Organization.organization_id whose file it is; null = the facility with the oldest partner list
// param  as_of: date = today - last day counted; a referral without a date counts
// param  today: date = today - consents are looked at today, whatever the day shown
// param  override: str? = null - Client.client_id whose agencies without consent are told too
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
// consent a referral to or from an agency without it is not told; ecomap_clients counts those agencies
// source FACTS.md B, the table of 2020: destinations can be doubtful or plural; a wish counts where no destination is known
OPTIONAL CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
MATCH (r:Referral)-[:FOR]->(client:Client)
WHERE coalesce(r.notified_on <= $as_of, true)
OPTIONAL MATCH (r)-[:RECEIVED_BY|SENT]-(a:Organization)
CALL (client, f, a) {
  OPTIONAL MATCH (client)<-[:FOR]-(taken:Referral)-[:RECEIVED_BY]->(f), (taken)<-[:SENT]-(sender:Organization)
  WITH client, f, a, sender ORDER BY taken.notified_on, taken.referral_id LIMIT 1
  WITH client, f, a,
    EXISTS { (client)<-[:FOR]-(:Referral)-[:RECEIVED_BY]->(a) }
      OR EXISTS { (client)<-[:CONCERNS]-(:Event)-[:CONCERNS]->(a) } AS told,
    coalesce(a = f OR a = sender AND NOT EXISTS {
      MATCH (client)<-[:FOR]-(passed:Referral)-[:RECEIVED_BY]->(a) WHERE (f)-[:SENT]->(passed)
    }, false) AS knew,
    EXISTS {
      MATCH (client)-[:GRANTS]->(consent:Consent {purpose: 'referral'})-[:ALLOWS]->(a)
      WHERE consent.since <= $today AND coalesce(consent.until >= $today, true)
        AND consent.withdrawn_on IS NULL
    } AS allowed
  RETURN told AND NOT knew AND NOT allowed AND coalesce(client.client_id <> $override, true) AS withheld
}
WITH r, client, any(hides IN collect(withheld) WHERE hides) AS hidden
WHERE NOT hidden
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
