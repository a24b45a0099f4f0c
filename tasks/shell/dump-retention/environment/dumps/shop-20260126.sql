-- dump of 2026-01-26
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
