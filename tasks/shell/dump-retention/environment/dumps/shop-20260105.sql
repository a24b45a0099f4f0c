-- dump of 2026-01-05
xxxxxxxxxxxxxxxxxxxxxxxxxxx
