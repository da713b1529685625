#!/usr/bin/env bash
# check_no_torch.sh PROGRAM: fails when PROGRAM loads LibTorch, which must not be needed to serve.
set -euo pipefail
libraries=$(ldd "$1")
if grep -E 'libtorch|libc10' <<<"$libraries"; then
  echo "$1 loads LibTorch" >&2
  exit 1
fi
echo "$1 loads $(wc -l <<<"$libraries") libraries, none of them LibTorch"
