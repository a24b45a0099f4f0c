#!/bin/bash
# Prints what would be backed up.
. ./bin/lib/common.sh
find config public -type f | sort
