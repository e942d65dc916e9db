// Which steps lead on from agencies (or to them), on which evidence, and which of them are blocked?
// param  organization_ids: list[str] - Organization.organization_id of those where the steps begin; with backward, where they end
// param  others: list[str] = [] - only steps whose other end is one of these; empty = any
// param  backward: bool = false - steps that lead to the agencies
// param  as_of: date = today - last day counted; what begins or is sent later is no step, what is told later is not known yet
// param  with_blocked: bool = false - also pairs whose only ties are broken or have ended
// param  limit: int = 20000 - at most so many steps
// return first_id: str - Organization.organization_id of where the step begins
// return second_id: str - of where it ends; a closed agency is no end
// return sent: int - referrals from the first to the second
// return taken: int - of them those that were taken on, passed on, or ended with help
// return stopped: int - of them those that ended there without; the rest is open
// return waiting_days: float? - mean days from the notice to the first answer or interview, over those where both are known to the day
// return first_on: date? - notice of the first of them with a date
// return latest_on: date? - notice of the latest of them with a date
// return latest_year: int? - fiscal year of the latest
// return latest_status: str? - status of the latest
// return ties: list[map] - kind, strength, quality and since of each tie that holds and is not broken; a tie leads both ways
// return blocked: str - "" when it is open, else broken or ended
// right  see_statistics
// consent not asked: counts and means of referrals between two agencies, of no client
// source FACTS.md B; Open Referral, closed-loop referral words
UNWIND $organization_ids AS id
MATCH (a:Organization {organization_id: id})
CALL (a) {
  MATCH (a)-[:SENT]->(r:Referral)-[:RECEIVED_BY]->(b:Organization)
  WHERE NOT $backward AND (size($others) = 0 OR b.organization_id IN $others)
    AND coalesce(r.notified_on <= $as_of, true)
  RETURN b, r, null AS tie
  UNION ALL
  MATCH (a)<-[:RECEIVED_BY]-(r:Referral)<-[:SENT]-(b:Organization)
  WHERE $backward AND (size($others) = 0 OR b.organization_id IN $others)
    AND coalesce(r.notified_on <= $as_of, true)
  RETURN b, r, null AS tie
  UNION ALL
  MATCH (a)-[tie:TIED_TO]-(b:Organization)
  WHERE (size($others) = 0 OR b.organization_id IN $others) AND coalesce(tie.since <= $as_of, true)
  RETURN b, null AS r, tie
}
WITH a, b, r, tie
WHERE a <> b AND coalesce(CASE WHEN $backward THEN a ELSE b END.status, 'active') <> 'closed'
WITH a, b, tie, r, CASE
    WHEN r.answered_on > $as_of THEN 'pending'
    WHEN r.closed_on > $as_of THEN CASE WHEN r.answered_on IS NULL THEN 'pending' ELSE 'accepted' END
    WHEN r.status = 'closed' THEN coalesce(r.outcome, 'closed')
    ELSE r.status END AS status,
  coalesce(CASE r.answered_on_precision WHEN 'day' THEN r.answered_on END,
    CASE r.first_interview_on_precision WHEN 'day' THEN r.first_interview_on END) AS answered_on
ORDER BY coalesce(r.notified_on, date('0001-01-01')), r.fiscal_year, r.referral_id
WITH a, b, collect(tie) AS ties, count(r) AS sent,
  count(CASE WHEN status IN ['accepted', 'got_help', 'referred_on', 'closed'] THEN 1 END) AS taken,
  count(CASE WHEN status IN ['could_not_contact', 'not_eligible', 'no_capacity',
    'declined_by_client', 'lost'] THEN 1 END) AS stopped,
  avg(CASE WHEN r.notified_on_precision = 'day' AND r.notified_on <= answered_on
    AND answered_on <= $as_of THEN duration.inDays(r.notified_on, answered_on).days END) AS waiting_days,
  min(r.notified_on) AS first_on, max(r.notified_on) AS latest_on,
  collect(CASE WHEN r IS NOT NULL THEN coalesce(r.fiscal_year, 0) END)[-1] AS latest_year,
  collect(status)[-1] AS latest_status
WITH *, [t IN ties WHERE t.quality <> 'broken' AND coalesce(t.until > $as_of, true)] AS held
WHERE sent > 0 OR size(held) > 0 OR $with_blocked
RETURN CASE WHEN $backward THEN b ELSE a END.organization_id AS first_id,
  CASE WHEN $backward THEN a ELSE b END.organization_id AS second_id,
  sent AS sent, taken AS taken, stopped AS stopped, waiting_days AS waiting_days,
  first_on AS first_on, latest_on AS latest_on, nullIf(latest_year, 0) AS latest_year,
  latest_status AS latest_status,
  [t IN held | {kind: t.kind, strength: t.strength, quality: t.quality, since: t.since}] AS ties,
  CASE
    WHEN sent > 0 OR size(held) > 0 THEN ''
    WHEN any(t IN ties WHERE t.quality = 'broken' AND coalesce(t.until > $as_of, true)) THEN 'broken'
    ELSE 'ended' END AS blocked
ORDER BY first_id, second_id
LIMIT $limit
