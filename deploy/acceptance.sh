#!/usr/bin/env bash
# Proves the first run on a bare Debian 12: makes a minimal system with debootstrap, puts this checkout in it and runs
# ./gi there as root (under /root, which the postgres user may not enter) and as a plain user, both in a path with a space.
# Needs root, debootstrap and about 3 GB. Mirror, proxy and certificates are this machine's own.
#
#   deploy/acceptance.sh [--test] [--keep FOLDER] [--source FOLDER]
#     --test     run the whole suite too, as both users (the first time as root installs Chromium)
#     --keep     make the system in FOLDER and leave it there; a second run uses it again
#     --source   take another checkout than this one
set -euo pipefail

SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
TARGET='' KEEP='' TEST=''
CA=/usr/local/share/gi-acceptance-ca.pem
ROOTS=$(getent passwd root | cut -d: -f6) ADAS=''        # the homes of the two users in there
while (( $# )); do
  case $1 in
    --test) TEST=yes ;;
    --keep) KEEP=yes TARGET=$2; shift ;;
    --source) SOURCE=$(cd "$2" && pwd -P); shift ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
  shift
done
[[ $EUID == 0 ]] || { echo "debootstrap and chroot need root." >&2; exit 2; }
[[ -n $TARGET ]] || TARGET=$(mktemp -d /tmp/gi-acceptance.XXXXXX)
mkdir -p "$TARGET" && chmod 755 "$TARGET"             # it becomes the / that a plain user walks through
[[ -n $KEEP ]] || trap 'rm -rf --one-file-system "$TARGET"' EXIT

say() { printf '\n\033[1m### %s\033[0m\n' "$*"; }
timed() {                                            # timed LABEL COMMAND...: a line of the report
  local label=$1 start=$SECONDS status=0; shift
  say "$label"
  "$@" || status=$?
  REPORT+=("$(printf '%-58s %4d s   exit %d' "$label" $((SECONDS - start)) "$status")")
  (( status == 0 )) || FAILED=yes
}
REPORT=() FAILED=''

bare_system() {
  local mirror
  [[ ! -e $TARGET/etc/debian_version ]] || return 0
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
  [[ -n $mirror ]] || { echo "this machine's apt sources name no bookworm mirror." >&2; return 1; }
  debootstrap --variant=minbase bookworm "$TARGET" "$mirror" >"$TARGET.log" 2>&1 || { tail "$TARGET.log"; return 1; }
  rm -f "$TARGET.log"
  chroot "$TARGET" useradd --create-home ada
}
hand_over() {                                        # what ties this machine to its network, and nothing else
  local file
  for file in /etc/resolv.conf /etc/hosts /etc/pip.conf "$ROOTS/.config/pip/pip.conf" "$ROOTS/.npmrc" \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.sources \
    /etc/apt/sources.list.d/*.list /etc/apt/apt.conf.d/*; do
    [[ -f $file ]] || continue
    case $file in *docker-clean* | *packagekit* | *appstream*) continue ;; esac
    install -D -m 644 "$file" "$TARGET$file"
  done
  # Under a name of its own: installing ca-certificates in there rewrites the usual bundle.
  install -D -m 644 "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$TARGET$CA"
  rm -rf "$TARGET$ADAS/.config"
  if [[ -d $TARGET$ROOTS/.config ]]; then cp -r "$TARGET$ROOTS/.config" "$TARGET$ADAS/"; fi
  if [[ -f $TARGET$ROOTS/.npmrc ]]; then cp "$TARGET$ROOTS/.npmrc" "$TARGET$ADAS/"; fi
}
copy_to() {                                          # copy_to FOLDER OWNER: the files git knows or would add
  rm -rf "${TARGET:?}$1"
  mkdir -p "$TARGET$1"
  (cd "$SOURCE" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$TARGET$1")
  chroot "$TARGET" chown -R "$2:" "$1"
}
inside() {                                           # inside USER FOLDER COMMAND...
  local user=$1 folder=$2 home=$ROOTS pass=() name
  shift 2
  [[ $user == root ]] || home=$ADAS
  while read -r name; do pass+=("$name=${!name}"); done < <(compgen -e | grep -E \
    '^(PIP_|npm_config_|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)' || true)
  pass+=("PIP_CERT=$CA" "NODE_EXTRA_CA_CERTS=$CA" "npm_config_cafile=$CA")
  # Own mounts and processes: whatever ./gi might leave behind ends with this command, and is reported first.
  # shellcheck disable=SC2016
  unshare --mount --mount-proc --pid --fork --kill-child bash -c '
    set -e
    mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"
    status=0
    chroot --userspec="$2:$2" "$1" env -i "${@:5}" HOME="$3" USER="$2" LANG=POSIX TERM=dumb \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      bash -c "cd \"\$0\" && $COMMAND" "$4" || status=$?
    if ps -eo pid,comm | grep -E "postgres|python|granian"; then echo "^ still running"; status=1; fi
    exit $status' - "$TARGET" "$user" "$home" "$folder" "${pass[@]}"
}
run() { COMMAND=$3 inside "$1" "$2"; }
export COMMAND=''

timed "bare Debian 12 (debootstrap)" bare_system
ADAS=$(chroot "$TARGET" getent passwd ada | cut -d: -f6)
hand_over
# shellcheck disable=SC2016
chroot "$TARGET" bash -c '! command -v node npm psql && echo "no Node, no PostgreSQL there; $(dpkg -l | grep -c ^ii) packages"' || true
R="$ROOTS/gi registry" U="$ADAS/my gi registry"
copy_to "$R" root
copy_to "$U" ada
side_by_side() {
  local other status=0
  run root "$R" './gi demo --check' & other=$!
  run ada "$U" './gi demo --check' || status=$?
  wait "$other" || status=$?
  return "$status"
}
if ! chroot "$TARGET" test -e /usr/lib/postgresql; then
  say "plain user before the packages are there: names the line to run"
  ! run ada "$U" './gi demo --check' || FAILED=yes
fi
timed "root: first ./gi demo --check" run root "$R" './gi demo --check'
timed "root: second" run root "$R" './gi demo --check'
timed "plain user: first ./gi demo --check" run ada "$U" './gi demo --check'
timed "plain user: second" run ada "$U" './gi demo --check'
timed "both at the same time" side_by_side
timed "root: --detach, then stop" run root "$R" './gi demo --detach && ./gi stop'
if [[ -n $TEST ]]; then
  timed "root: ./gi test" run root "$R" './gi test -q'
  timed "plain user: ./gi test" run ada "$U" './gi test -q'
fi
timed "root: ./gi reset --yes" run root "$R" './gi reset --yes'
timed "plain user: ./gi reset --yes" run ada "$U" './gi reset --yes'

say "report"
printf '%s\n' "${REPORT[@]}"
[[ -z $FAILED ]] || { echo "FAILED"; exit 1; }
