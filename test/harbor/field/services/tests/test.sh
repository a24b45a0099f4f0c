#!/bin/bash
exec 3<>/dev/tcp/web/8080
printf 'GET /orders/7 HTTP/1.0\r\n\r\n' >&3
state=$(tail -n 1 <&3)
if [ "$state" = paid ]; then echo 1; else echo 0; fi > /logs/verifier/reward.txt
