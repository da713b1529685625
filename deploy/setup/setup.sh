# Installs what recoup needs on Debian 12 and 13; sourced by ./dev. Does nothing, quickly, when nothing is missing.

packages_file=deploy/setup/packages.txt
duckdb_lock=deploy/setup/duckdb.lock

say() { printf '%s\n' "recoup: $*" >&2; }
fail() { say "$*"; exit 1; }

# setup GROUP...: installs the Debian packages of the groups, then DuckDB.
setup() {
  install_packages "$@"
  install_duckdb
}

install_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  require_debian
  say "installing ${#missing[@]} Debian packages and what they need: ${missing[*]}"
  local -a from=()
  if [[ $codename == bookworm && " ${missing[*]} " == *' catch2 '* ]]; then
    add_backports
    from=(catch2/bookworm-backports libcatch2-dev/bookworm-backports)
  fi
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o Dpkg::Use-Pty=0 "${missing[@]}" "${from[@]}" >&2
}

# Prints the packages of the groups that are absent or too old.
missing_packages() {
  local group package minimum version
  while read -r group package _; do
    [[ " $* " == *" $group "* ]] || continue
    minimum=
    [[ $package == *'>='* ]] && minimum=${package##*>=}
    package=${package%%>=*}
    version=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$package" 2>/dev/null || true)
    if [[ $version != 'installed '* ]] || ! new_enough "${version#installed }" "$minimum"; then
      echo "$package"
    fi
  done <"$packages_file"
}

new_enough() { [[ -z $2 ]] || dpkg --compare-versions "$1" ge "$2"; }

require_debian() {
  codename=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}")
  case $codename in
    bookworm | trixie) ;;
    *) fail "setup knows Debian 12 and 13 only; see $packages_file for what to install here" ;;
  esac
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root: run ./dev setup as root, or install sudo"
  fi
}

# Debian 12 has Catch2 v3 in its backports suite only: names that suite, on the mirror this machine already uses.
add_backports() {
  grep -rqsE '^[^#]*bookworm-backports' /etc/apt/sources.list /etc/apt/sources.list.d && return 0
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk '$2 == "bookworm" && !found { print $1; found = 1 }')
  [[ $mirror ]] || fail "no source for the suite bookworm in /etc/apt: which mirror has bookworm-backports?"
  say "adding the suite bookworm-backports of $mirror, for Catch2 v3"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: %s\n' \
    "$mirror" /usr/share/keyrings/debian-archive-keyring.gpg |
    as_root tee /etc/apt/sources.list.d/recoup-backports.sources >/dev/null
}

# Unpacks DuckDB's library and header where CMake looks for them.
install_duckdb() {
  local machine version folder
  machine=$(uname -m)
  version=$(awk -v m="$machine" '$1 == "library" && $2 == m { print $3 }' "$duckdb_lock")
  [[ $version ]] || fail "no prebuilt DuckDB for $machine: build it and pass -DRECOUP_DUCKDB_ROOT"
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/recoup/duckdb-$version
  [[ -f $folder/include/duckdb.h && -f $folder/lib/libduckdb.so ]] && return 0
  say "fetching DuckDB $version into $folder"
  command -v npm >/dev/null || install_npm
  fetch_from_npm library "$machine" "$folder/lib/libduckdb.so"
  fetch_from_npm header any "$folder/include/duckdb.h"
}

install_npm() {
  require_debian
  say "installing npm, to fetch DuckDB"
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o Dpkg::Use-Pty=0 npm >&2
}

# fetch_from_npm WHAT MACHINE FILE: writes the file named in the lock, if the package has the locked sum.
fetch_from_npm() {
  local package inside sum work
  read -r _ _ _ package inside sum < <(awk -v w="$1" -v m="$2" '$1 == w && $2 == m' "$duckdb_lock")
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "$package" >/dev/null) || fail "npm could not fetch $package"
  mv "$work"/*.tgz "$work/package.tgz"
  sha512sum --check --quiet <<<"$sum  $work/package.tgz" || fail "$package is not the one we know: wrong sha512"
  mkdir -p "$(dirname "$3")"
  tar xzf "$work/package.tgz" -C "$work" "$inside"
  mv "$work/$inside" "$3.part" && mv "$3.part" "$3"
  rm -rf "$work"
}
