// How many agencies does the directory hold?
// return organizations: int - how many
// right  see_network
// source Open Referral HSDS 3.0, pages of a list
MATCH (a:Organization)
WITH count(a) AS organizations
WHERE organizations > 0
RETURN organizations AS organizations
ORDER BY organizations
