#!/bin/bash
# Compares each service with how the guide wants it, and both lists.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

right=0
for expected in /tests/services/*.json; do
  name=$(basename "$expected")
  if jq -e -n --slurpfile a "$expected" --slurpfile b "services/$name" '$a == $b' > /dev/null; then
    right=$((right + 1))
  else
    echo "not as the guide wants it: services/$name"
  fi
done
if [ "$(ls services | wc -l)" -ne 7 ]; then right=0; fi
order=0
if [ "$(cat start-order.txt)" = "$(printf '%s\n' auth mailer search catalogue stock orders gateway)" ]; then order=1; fi
vault=0
if [ "$(cat vault-keys.txt)" = "$(printf '%s\n' auth/Pepper auth/SIGNING_KEY gateway/TLS_PASSPHRASE mailer/SMTP_PASSWORD orders/BANK_TOKEN orders/DB_URL stock/DB_URL)" ]; then vault=1; fi
discreet=1
if grep -rlE 'correct-horse-gw|7f-example-aa|salt-and-pepper|pw-orders|tok-example-91|pw-stock|pw-smtp-example' services start-order.txt vault-keys.txt; then discreet=0; fi

jq -n --argjson right "$right" --argjson order "$order" --argjson vault "$vault" --argjson discreet "$discreet" \
  '{reward: ($discreet * ($right + $order + $vault) / 9), services: ($right / 7), order: $order, vault: $vault, discreet: $discreet}' \
  > /logs/verifier/reward.json
cat /logs/verifier/reward.json
