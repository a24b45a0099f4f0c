#!/bin/bash
exec 3<>/dev/tcp/web/8080
printf 'PUT /orders/7 HTTP/1.0\r\ncontent-length: 4\r\n\r\npaid' >&3
cat <&3
