#!/bin/bash
# Works the right ledger out from the untouched one and compares table by table.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

dump() { sqlite3 -readonly "$1" "SELECT * FROM payments ORDER BY id; SELECT '--'; SELECT * FROM corrections ORDER BY invoice_id; SELECT '--';
  SELECT * FROM invoices ORDER BY id; SELECT '--'; SELECT * FROM lines ORDER BY id; SELECT '--'; SELECT type, name, sql FROM sqlite_master ORDER BY name;"; }
cp /tests/ledger.db /tmp/right.db
sqlite3 /tmp/right.db "
  CREATE TEMP TABLE due AS SELECT i.id, i.status, i.total_cents AS was, coalesce(sum(CASE WHEN l.voided = 0 THEN l.quantity * l.unit_cents END), 0) AS is_now
    FROM invoices i LEFT JOIN lines l ON l.invoice_id = i.id GROUP BY i.id;
  DELETE FROM payments WHERE EXISTS (SELECT 1 FROM payments o WHERE o.id < payments.id AND o.invoice_id = payments.invoice_id
    AND o.bank_ref = payments.bank_ref AND o.cents = payments.cents);
  INSERT INTO corrections SELECT id, was, is_now FROM due WHERE was <> is_now AND status <> 'locked';
  UPDATE invoices SET total_cents = (SELECT is_now FROM due WHERE due.id = invoices.id) WHERE status <> 'locked';
  SELECT id FROM due WHERE was <> is_now AND status = 'locked' ORDER BY id;" > /tmp/locked.txt

dump /tmp/right.db > /tmp/right.txt
dump ledger.db > /tmp/left.txt
part() { awk -v part="$2" 'BEGIN { n = 0 } $0 == "--" { n++; next } n == part + 0' "$1"; }
payments=0
if diff <(part /tmp/right.txt 0) <(part /tmp/left.txt 0); then payments=1; fi
corrections=0
if diff <(part /tmp/right.txt 1) <(part /tmp/left.txt 1); then corrections=1; fi
invoices=0
if diff <(part /tmp/right.txt 2) <(part /tmp/left.txt 2); then invoices=1; fi
kept=0
if diff <(part /tmp/right.txt 3; part /tmp/right.txt 4) <(part /tmp/left.txt 3; part /tmp/left.txt 4); then kept=1; fi
locked=0
if diff /tmp/locked.txt locked.txt; then locked=1; fi

jq -n --argjson payments "$payments" --argjson corrections "$corrections" --argjson invoices "$invoices" --argjson locked "$locked" --argjson kept "$kept" \
  '{reward: ($kept * ($payments + $corrections + $invoices + $locked) / 4), payments: $payments, corrections: $corrections,
    invoices: $invoices, locked: $locked, kept: $kept}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json
