#!/bin/bash
# Usage: index.sh PAGE...: a list of the pages' titles.
printf '<ul>\n'
for page in "$@"; do
  sed -n 's|^<h1>\(.*\)</h1>$|<li>\1</li>|p' $page
done
printf '</ul>\n'
