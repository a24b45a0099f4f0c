wrong=0

expect_mode() {
  actual=$(stat -c %a "$2")
  if [ "$actual" != "$1" ]; then
    echo "$2: expected mode $1, found $actual" >&2
    wrong=$((wrong + 1))
  fi
}
