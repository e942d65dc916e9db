// Who was told what of a client, when, and on which ground?
// param  client_id: str - Client.client_id, a pseudonym
// return provision_id: str - Provision.provision_id
// return provided_on: date - day it was told
// return agency: str - Organization.name of who was told
// return purpose: str - what for
// return items: list[str] - codes of what was told
// return basis: str - consent or override
// return reason: str? - why without consent
// return recorded_by: str? - who recorded it; personal
// order  reading within provided_on - kana of the agency, else its name
// right  see_clients
// consent not asked: it is what the client may ask for, whatever has been taken back since
// source SECURITY_FACTS, each provision to a third party is recorded
MATCH (:Client {client_id: $client_id})<-[:ABOUT]-(p:Provision)-[:TOLD]->(a:Organization)
RETURN p.provision_id AS provision_id, p.provided_on AS provided_on, a.name AS agency,
  p.purpose AS purpose, split(p.items, ' ') AS items, p.basis AS basis, p.reason AS reason,
  p.recorded_by AS recorded_by, coalesce(a.kana, a.name) AS reading
ORDER BY provided_on DESC, reading, provision_id
