#!/bin/bash
# Compares both lists with those that the uploads were made by.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

orphans=0
if diff /tests/orphans.txt orphans.txt; then orphans=1; fi
missing=0
if diff /tests/missing.txt missing.txt; then missing=1; fi

jq -n --argjson orphans "$orphans" --argjson missing "$missing" \
  '{reward: (($orphans + $missing) / 2), orphans: $orphans, missing: $missing}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
