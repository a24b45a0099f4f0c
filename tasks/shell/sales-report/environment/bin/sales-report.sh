#!/bin/bash
# Usage: sales-report.sh DIR
# Sums the sales in DIR/*.csv (header: day,shop,units,cents) and prints one line per shop: name, units, euros.
dir=$1

for file in $(ls $dir/*.csv); do
  tail -n +1 $file
done | awk -F, '
  { units[$2] += $3; cents[$2] += $4 }
  END { for (shop in units) printf "%s %d %d\n", shop, units[shop], cents[shop] / 100 }
' | sort -k 2 -r
