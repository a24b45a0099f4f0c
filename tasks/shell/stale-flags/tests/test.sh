#!/bin/bash
# Judges each flag file by itself and compares both reports with that.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

for file in flags/*.json; do
  jq -c '{owner, key, p: .environments.prod, seen: (.last_evaluated // "0000"), keep: (.permanent == true)}' "$file"
done | jq -s '.' > /tmp/flags.json
jq 'map(select(.keep | not) | select(.seen < "2026-01-01T00:00:00Z") | select((.p.enabled and .p.rollout != 100) | not)
  | {owner, key, state: (if .p.enabled then "on" else "off" end)}) | sort_by([.owner, .key])' /tmp/flags.json > /tmp/stale.json
jq --slurpfile stale /tmp/stale.json 'reduce .[].owner as $o ({}; .[$o] = 0) | reduce $stale[0][].owner as $o (.; .[$o] += 1)' \
  /tmp/flags.json > /tmp/owners.json

same() { if jq -e -n --slurpfile a "$1" --slurpfile b "$2" '($a | length) == 1 and $a == $b' > /dev/null; then echo 1; else echo 0; fi; }
listed=$(same report/stale.json /tmp/stale.json)
counted=$(same report/owners.json /tmp/owners.json)

jq -n --argjson listed "$listed" --argjson counted "$counted" \
  '{reward: ((2 * $listed + $counted) / 3), stale: $listed, owners: $counted}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
