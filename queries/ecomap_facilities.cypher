// Whose ecomap can be shown?
// return organization_id: str - Organization.organization_id
// return name: str - Organization.name
// return agency_type: str? - Organization.agency_type
// return lists: int - partner lists it keeps
// return first_list_on: date - day of its first list
// order  reading within first_list_on - kana of the facility, else its name
// right  see_network
// source DESIGN 5
MATCH (f:Organization)-[:KEEPS]->(list:PartnerList)
RETURN f.organization_id AS organization_id, f.name AS name,
  f.agency_type AS agency_type, count(list) AS lists,
  min(list.made_on) AS first_list_on, coalesce(f.kana, f.name) AS reading
ORDER BY first_list_on, reading, organization_id
