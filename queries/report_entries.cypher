// What has a facility written for its progress report: targets up to a day, marks and words of a period?
// param  facility_id: str? = null - Organization.organization_id; null = the facility with the oldest partner list
// param  since: date = 2000-01-01 - first day of the period
// param  as_of: date = today - last day of the period
// return targets: list[map] - of each measure the latest set by the day: target_id, measure, goal, baseline, due_on, due_on_precision, due_on_text, words, words_en, set_on, content_hash
// return assessments: list[map] [see_people] - of each indicator the latest of a period that ended within this one: assessment_id, indicator, mark, text (personal), since, until, content_hash
// right  see_statistics
// source FACTS.md A: each indicator has a target, a due date, a status text and a mark
CALL () {
  OPTIONAL MATCH (home:Organization)-[:KEEPS]->(first:PartnerList)
  WITH home.organization_id AS home_id ORDER BY first.made_on, home_id LIMIT 1
  MATCH (f:Organization {organization_id: coalesce($facility_id, home_id)})
  RETURN f
}
WITH COLLECT {
  MATCH (t:Target)-[:OF]->(f) WHERE t.set_on <= $as_of
  WITH t ORDER BY t.set_on DESC, t.target_id
  WITH t.measure AS measure, collect(t)[0] AS t ORDER BY measure
  RETURN {target_id: t.target_id, measure: measure, goal: t.goal, baseline: t.baseline, due_on: t.due_on,
    due_on_precision: t.due_on_precision, due_on_text: t.due_on_text, words: t.words,
    words_en: t.words_en, set_on: t.set_on, content_hash: t.content_hash}
} AS targets, COLLECT {
  MATCH (w:Assessment)-[:OF]->(f) WHERE $since <= w.until <= $as_of
  WITH w ORDER BY w.until DESC, w.since DESC, w.assessment_id
  WITH w.indicator AS indicator, collect(w)[0] AS w ORDER BY indicator
  RETURN {assessment_id: w.assessment_id, indicator: indicator, mark: w.mark, text: w.text,
    since: w.since, until: w.until, content_hash: w.content_hash}
} AS assessments
RETURN targets AS targets, assessments AS assessments
ORDER BY size(targets)
