// Which areas are there, smallest codes first?
// return area_id: str - Area.area_id
// return name: str - Area.name
// return full_name: str - name with its prefecture
// return level: str - municipality, care_area, prefecture or nation
// return kana: str? - Area.kana
// return latitude: float? - degrees; null where the area has no point of its own
// return longitude: float? - degrees
// right  see_network
// source DESIGN 3
MATCH (a:Area)
WHERE a.level <> 'nation'
RETURN a.area_id AS area_id, a.name AS name, coalesce(a.full_name, a.name) AS full_name,
  a.level AS level, a.kana AS kana, a.location.latitude AS latitude, a.location.longitude AS longitude
ORDER BY area_id
