#!/bin/bash
# Compares the report and the sum.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

over=0
if diff /tests/over.csv over.csv; then over=1; fi
total=0
if [ "$(cat total.txt)" = "$(cat /tests/total.txt)" ]; then total=1; fi

jq -n --argjson over "$over" --argjson total "$total" \
  '{reward: ((2 * $over + $total) / 3), over: $over, total: $total}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
