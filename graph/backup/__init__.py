"""Backups: the whole graph as one encrypted file, checked after it is made, and back.

`sealed` writes and reads the file, `content` what stands in it, `keys` holds the keys, `making`
makes, checks and lists backups, `rotation` says which are kept, `daily` when the next is due,
`restoring` brings one back.
"""
