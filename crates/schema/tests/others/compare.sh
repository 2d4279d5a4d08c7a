#!/usr/bin/env bash
# Compares the validator with cfn-lint over all templates below a folder: compare.sh FOLDER
#
# Lists the errors of the validator in templates that cfn-lint calls free of errors. Each is either a false alarm, to be
# mended, or a fault that cfn-lint does not see.
set -euo pipefail
folder=${1:?usage: compare.sh FOLDER}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -rlE '^ {0,4}"?Resources"? *:' --include='*.yaml' --include='*.yml' --include='*.json' --include='*.template' \
  "$folder" | sort > "$work/files"
echo "$(wc -l < "$work/files") templates"
# What both programs report is told by their output; their exit codes say only that there was something.
cargo build -q --release -p stackgen-schema --example validate_files
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
xargs -a "$work/files" "$target/release/examples/validate_files" > "$work/own" || true
xargs -a "$work/files" cfn-lint --format parseable --regions us-east-1 -- > "$work/lint" 2> "$work/lint-messages" || true
cut -d: -f1,6 "$work/lint" | grep ':E' | cut -d: -f1 | sort -u > "$work/bad" || true
grep ': error SG' "$work/own" | awk -F: 'NR == FNR { bad[$1]; next } !($1 in bad)' "$work/bad" - > "$work/alarms" || true
cat "$work/alarms"
echo "$(wc -l < "$work/bad") templates with errors of cfn-lint; $(wc -l < "$work/alarms") errors of the validator elsewhere"
