#!/bin/bash
# Region and zone, and nothing else.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

right=0
if jq -se 'length == 1 and (.[0] | length == 4 and .service == "labels" and .replicas == 2 and .region == "eu-ireland" and .zone == "eu-ireland-c")' deploy.json > /dev/null 2>&1; then right=1; fi

jq -n --argjson right "$right" '{reward: $right}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
