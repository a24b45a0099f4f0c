-- dump of 2025-12-17
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
