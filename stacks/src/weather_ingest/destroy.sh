#!/usr/bin/env bash
# Destroys the stack weather-ingest with all its data, then deletes the secret with the key of the weather API.
#
#   destroy.sh [NAME]    NAME is the secret's name, weather-ingest/api-key when not given
#
# For 7 days the secret can be restored: set_key.sh does so. A plain `stackgen destroy` keeps the secret.
# STACKGEN in the environment names another program than `cargo run --release --` in the workspace.
set -euo pipefail

fail() {
    printf 'error: %s\n' "$1" >&2
    exit "${2:-1}"
}

[ $# -le 1 ] || fail "give at most one argument, the name of the secret" 2
name=${1:-weather-ingest/api-key}
[[ $name =~ ^[A-Za-z0-9/_+=.@-]+$ ]] || fail "a secret cannot have this name" 2

# Stops here when the stack could not be destroyed, or was not on second thoughts.
if [ -n "${STACKGEN:-}" ]; then
    "$STACKGEN" destroy weather-ingest
else
    (cd "$(dirname "$0")/../../.." && cargo run --quiet --release -- destroy weather-ingest)
fi

if deleted=$(aws secretsmanager describe-secret --secret-id "$name" --query DeletedDate --output text 2>&1); then
    if [ "$deleted" = None ]; then
        aws secretsmanager delete-secret --secret-id "$name" --recovery-window-in-days 7 >/dev/null
        printf 'deleted %s: it can be restored for 7 days\n' "$name"
    else
        printf '%s is scheduled for deletion already\n' "$name"
    fi
elif [[ $deleted == *ResourceNotFoundException* ]]; then
    printf 'there is no secret %s\n' "$name"
else
    fail "the secret $name cannot be looked up: $deleted"
fi
