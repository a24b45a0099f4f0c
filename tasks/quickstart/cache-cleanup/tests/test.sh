#!/bin/bash
# Looks at what is gone, what is left, and what was written down.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

gone=1
for file in app-1.1.bin docs.tar "web/site bundle.tar"; do
  if [ -e "cache/$file" ]; then
    echo "still there: cache/$file"
    gone=0
  fi
done

kept=1
while read -r bytes file; do
  if [ ! -f "$file" ] || [ "$(wc -c < "$file")" -ne "$bytes" ]; then
    echo "missing or changed: $file"
    kept=0
  fi
done << 'FILES'
1200 cache/app-1.0.bin
1404 cache/app-2.0.bin
377 cache/web/site.map
511 cache/icons.tar
702 cache/fonts.tar
50 cache/NOTES.txt
22 archive/2025.txt
FILES

manifest=0
if jq -se 'length == 1 and (.[0] | .artefacts == [
  {"file": "app-1.0.bin", "state": "stale", "pinned": true, "bytes": 900},
  {"file": "app-2.0.bin", "state": "fresh", "pinned": false, "bytes": 1404},
  {"file": "web/site.map", "state": "fresh", "pinned": false, "bytes": 370},
  {"file": "icons.tar", "state": "stale", "pinned": true, "bytes": 511},
  {"file": "fonts.tar", "state": "fresh", "pinned": true, "bytes": 702}
])' manifest.json > /dev/null; then
  manifest=1
fi

freed=0
if [ "$(tr -d '[:space:]' < freed.txt)" = "4013" ]; then
  freed=1
fi

jq -n --argjson gone "$gone" --argjson kept "$kept" --argjson manifest "$manifest" --argjson freed "$freed" \
  '{reward: ($kept * ($gone + $manifest + $freed) / 3), gone: $gone, kept: $kept, manifest: $manifest, freed: $freed}' \
  > /logs/verifier/reward.json
cat /logs/verifier/reward.json
