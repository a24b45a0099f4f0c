-- dump of 2025-12-07
xxxxxxxxxxxxxxxxxxxxxxx
