// Whom does an agency take, when and with how many places free, to be corrected?
// param  organization_id: str - Organization.organization_id
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return accepts_sex: str? - any, men or women; null here and below = not known
// return age_from: int? - youngest, years
// return age_to: int? - oldest, years
// return accepts_disability: str? - yes, consult or no
// return accepts_released: str? - yes, consult or no
// return offences_accepted: str? - codes of offence with a space between
// return offences_discussed: str? - likewise: those to be talked about first
// return offences_refused: str? - likewise
// return cost_kind: str? - free, reduced or charged
// return cost: str? - Organization.cost
// return hours: str? - Organization.hours
// return open_weekend: bool? - open on weekends or holidays
// return open_night: bool? - open at night
// return capacity: int? - places
// return vacancies: int? - places free
// return capacity_on: date? - first possible day of when places were asked about
// return capacity_on_precision: str? - day, month or year
// return capacity_on_text: str? - that day as its source writes it
// return conditions: str? - whom it takes, in words
// return hidden_address: bool? - its address is kept hidden
// return content_hash: str? - tells whether it was changed since
// right  record
// source issue 7.1; DESIGN 3: not known is not none
MATCH (a:Organization {organization_id: $organization_id})
RETURN a.organization_id AS organization_id, a.name AS name, a.accepts_sex AS accepts_sex,
  a.age_from AS age_from, a.age_to AS age_to, a.accepts_disability AS accepts_disability,
  a.accepts_released AS accepts_released, a.offences_accepted AS offences_accepted,
  a.offences_discussed AS offences_discussed, a.offences_refused AS offences_refused,
  a.cost_kind AS cost_kind, a.cost AS cost,
  a.hours AS hours, a.open_weekend AS open_weekend, a.open_night AS open_night,
  a.capacity AS capacity, a.vacancies AS vacancies, a.capacity_on AS capacity_on,
  a.capacity_on_precision AS capacity_on_precision, a.capacity_on_text AS capacity_on_text,
  a.conditions AS conditions, a.hidden_address AS hidden_address, a.content_hash AS content_hash
ORDER BY organization_id
