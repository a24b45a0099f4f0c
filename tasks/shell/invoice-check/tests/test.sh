#!/bin/bash
# Compares what was found, whatever its order, and the sum.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

wrong=0
if jq -e -n --slurpfile a wrong.json --slurpfile b /tests/wrong.json '($a | length) == 1 and $a == $b' > /dev/null; then wrong=1; fi
sum=0
if [ "$(cat sum.txt)" = "$(cat /tests/sum.txt)" ]; then sum=1; fi

jq -n --argjson wrong "$wrong" --argjson sum "$sum" \
  '{reward: ((2 * $wrong + $sum) / 3), wrong: $wrong, sum: $sum}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
