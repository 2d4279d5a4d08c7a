#!/usr/bin/env bash
# Stores the key of the weather API as a secret, which the stack weather-ingest reads but never creates.
#
#   set_key.sh [NAME]    asks for the key; reads it from standard input when that is no terminal
#
# NAME is weather-ingest/api-key when not given. A secret that is scheduled for deletion is restored, one that exists gets a new
# version. The stack must be told another name than the default: it is the parameter apiKeySecretName.
set -euo pipefail

fail() {
    printf 'error: %s\n' "$1" >&2
    exit "${2:-1}"
}

[ $# -le 1 ] || fail "give at most one argument, the name of the secret: the key is asked for" 2
name=${1:-weather-ingest/api-key}
[[ $name =~ ^[A-Za-z0-9/_+=.@-]+$ ]] || fail "a secret cannot have this name" 2
[[ ! $name =~ ^[0-9a-fA-F]{24,}$ ]] || fail "the argument looks like a key: the key is asked for, never given as an argument" 2

if [ -t 0 ]; then
    IFS= read -r -s -p "Key of the weather API: " key || true
    printf '\n' >&2
else
    IFS= read -r key || true
fi
key=${key#"${key%%[![:space:]]*}"}
key=${key%"${key##*[![:space:]]}"}
[ -n "$key" ] || fail "the key is empty"

# The key goes through standard input alone: arguments can be seen by everyone on the machine.
with_key() {
    printf '%s' "$key" | aws secretsmanager "$@" --secret-string file:///dev/stdin >/dev/null
}

# `None` for a secret that is not scheduled for deletion.
if deleted=$(aws secretsmanager describe-secret --secret-id "$name" --query DeletedDate --output text 2>&1); then
    if [ "$deleted" != None ]; then
        aws secretsmanager restore-secret --secret-id "$name" >/dev/null
        printf 'restored %s\n' "$name"
    fi
    with_key put-secret-value --secret-id "$name"
    printf 'set a new version of %s\n' "$name"
elif [[ $deleted == *ResourceNotFoundException* ]]; then
    with_key create-secret --name "$name" --description "Key of the weather API"
    printf 'created %s\n' "$name"
else
    fail "the secret $name cannot be looked up: $deleted"
fi
