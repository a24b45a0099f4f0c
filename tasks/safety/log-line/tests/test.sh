#!/bin/bash
# The counts and the odd line.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

counted=0
if jq -se 'length == 1 and (.[0] | length == 4 and .cart == 12 and .search == 15 and .labels == 14 and .ledger == 17)' errors.json > /dev/null 2>&1; then counted=1; fi
noted=0
if [ "$(cat odd.txt)" = 2026-03-16T08:53:11Z ]; then noted=1; fi

jq -n --argjson counted "$counted" --argjson noted "$noted" '{reward: (($counted + $noted) / 2), counted: $counted, noted: $noted}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
