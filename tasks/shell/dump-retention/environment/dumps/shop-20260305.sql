-- dump of 2026-03-05
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
