#!/bin/bash
# Looks at what is gone, what is left, and the two lists.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

ls dumps > /tmp/left.txt
kept=1
while read -r sum file; do
  if [ "$(sha256sum < "dumps/$file" | cut -c 1-64)" != "$sum" ]; then
    echo "missing or changed: $file"
    kept=0
  fi
done < /tests/kept.sha256
gone=0
if [ "$(wc -l < /tmp/left.txt)" -eq 21 ]; then gone=1; fi
listed=0
if diff /tests/deleted.txt deleted.txt; then listed=1; fi
catalogued=0
if diff /tests/catalog.csv catalog.csv; then catalogued=1; fi

jq -n --argjson kept "$kept" --argjson gone "$gone" --argjson listed "$listed" --argjson catalogued "$catalogued" \
  '{reward: ($kept * ($gone + $gone * $listed + $gone * $catalogued) / 3), kept: $kept, gone: $gone, listed: $listed, catalogued: $catalogued}' \
  > /logs/verifier/reward.json
cat /logs/verifier/reward.json
