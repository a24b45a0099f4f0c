#!/bin/bash
# Compares the order and both lists.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

same() { if diff "/tests/$1" "$1" >&2; then echo 1; else echo 0; fi; }
order=$(same order.txt)
stuck=$(same stuck.txt)
circle=$(same circle.txt)

jq -n --argjson order "$order" --argjson stuck "$stuck" --argjson circle "$circle" \
  '{reward: ((2 * $order + $stuck + $circle) / 4), order: $order, stuck: $stuck, circle: $circle}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
