#!/bin/bash
# Usage: page.sh FILE: one page, with the version of the handbook.
version=$(cat VERSION)
title=$(sed -n '1s/^# //p' "$1")
printf '<section>\n<h1>%s</h1>\n' "$title"
sed -e 1d -e '/^$/d' -e 's|.*|<p>&</p>|' "$1"
printf '<footer>version %s</footer>\n</section>\n' "$version"
