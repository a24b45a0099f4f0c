#!/bin/bash
# Compares both lists with what the suppliers' files say.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

prices=0
if diff /tests/prices.csv prices.csv; then prices=1; fi
rejected=0
if diff /tests/rejected.csv rejected.csv; then rejected=1; fi

jq -n --argjson prices "$prices" --argjson rejected "$rejected" \
  '{reward: ((2 * $prices + $rejected) / 3), prices: $prices, rejected: $rejected}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
