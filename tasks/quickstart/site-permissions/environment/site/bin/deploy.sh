#!/bin/bash
# Usage: deploy.sh check
. ./bin/lib/common.sh

if [ "$1" != "check" ]; then
  echo "usage: deploy.sh check" >&2
  exit 2
fi

expect_mode 755 bin/deploy.sh
expect_mode 755 bin/backup.sh
expect_mode 600 secrets/tls.key
expect_mode 600 secrets/api.key
expect_mode 640 config/db.conf

if [ "$wrong" -gt 0 ]; then
  exit 1
fi
echo "deploy ok"
