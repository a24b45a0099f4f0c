-- dump of 2026-02-16
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
