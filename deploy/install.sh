#!/bin/sh
# Install what the lists in requirements/ pin. Each file is compared with its SHA-256 before it is
# opened; one that differs ends the installation.
#
#   sh deploy/install.sh PYTHON [run|postgres|dev]...      run when none is named
#
# The program itself comes after it, and asks no registry:
#   PYTHON -m pip install --no-deps --no-build-isolation .
set -eu

python=$1
shift
[ $# -gt 0 ] || set -- run
lists=$(dirname "$0")/../requirements

# Nothing but what is listed (--no-deps), and built, where it comes as source, by what is listed.
install() {
  "$python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --no-deps --no-build-isolation --requirement "$lists/$1.txt"
}

install build
for list in "$@"; do
  install "$list"
done

# torch in the small build where a registry has it (2.13.0+cpu), else as the Python registry has it.
# Any other failure, a wrong checksum above all, is one. A registry of one's own may hold a build that
# no list knows: UNLOCKED_TORCH=1 takes it, unchecked.
install_torch() {
  if [ -n "${UNLOCKED_TORCH:-}" ]; then
    "$python" -m pip install --quiet --disable-pip-version-check \
      "$(sed -n 's/^\([a-z_]*torch==[0-9.]*\).*/\1/p' "$lists/torch-cpu.txt")"
    return
  fi
  if said=$(install torch-cpu 2>&1); then return; fi
  case $said in
    *"No matching distribution"*) if said=$(install torch 2>&1); then return; fi ;;
  esac
  printf '%s\n' "$said" "This registry has no build of torch that requirements/ knows." \
    "To take the one it has, unchecked: UNLOCKED_TORCH=1" >&2
  exit 1
}

case " $* " in *" run "*) install_torch ;; esac
