#!/bin/bash
# Compares the list; which lines are right counts a half.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

lines=0
if [ -s drift.csv ] && [ "$(LC_ALL=C sort drift.csv)" = "$(LC_ALL=C sort /tests/drift.csv)" ]; then lines=1; fi
order=0
if diff /tests/drift.csv drift.csv; then order=1; fi

jq -n --argjson lines "$lines" --argjson order "$order" \
  '{reward: (($lines + $order) / 2), lines: $lines, order: $order}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
