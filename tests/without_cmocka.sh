#!/bin/sh
# SPDX-License-Identifier: MIT
# Stands in for the C tests where configure found no cmocka.
echo "1..0 # SKIP the C tests need cmocka: apt-get install libcmocka-dev"
