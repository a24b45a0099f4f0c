#!/bin/bash
seq -f 'line %g' 6 > /srv/notes.txt
