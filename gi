#!/usr/bin/env bash
# The one door: prepares what is missing on this machine, then runs the demo, the tests or a manage.py command.
# Everything made here lives under var/ (and a socket folder in /tmp); nothing is changed elsewhere except Debian
# packages, which are named before they are installed. docs/first-run.md explains each step.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd -P)
cd "$ROOT"
# A POSIX locale would give an SQL_ASCII cluster, in which Chinese search finds nothing.
export LANG=C.UTF-8 LC_ALL=C.UTF-8 PYTHONUTF8=1
unset PYTHONDONTWRITEBYTECODE                        # compiling everything anew would double each start
[[ -n ${DATABASE_URL:-} ]] || unset "${!PG@}"        # the user's PGPORT, PGSERVICE... are for another server
VAR=$ROOT/var
PYTHON=$VAR/venv/bin/python
SERVER=''

step() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() { printf '\n\033[31mgi:\033[0m %s\n' "$1" >&2; shift; for line; do printf '    %s\n' "$line" >&2; done; exit 1; }
stamped() { [[ -f $VAR/run/$1 && $(<"$VAR/run/$1") == "$2" ]]; }
stamp() { printf %s "$2" >"$VAR/run/$1"; }
digest() { sha256sum "$@" 2>/dev/null | sha256sum | cut -c1-40; }
logged() {                                           # logged NAME COMMAND...: output to var/log, its tail on failure
  local log=$VAR/log/$1.log; shift
  "$@" >"$log" 2>&1 9>&- </dev/null || { tail -n 25 "$log" >&2; die "this failed: $*" "Whole output: $log"; }
}

. deploy/machine.sh

set_up() {                                           # set_up run|dev
  local lock=requirements.lock
  [[ $1 != dev ]] || lock=requirements-dev.lock
  mkdir -p "$VAR"/{run/users,log} 2>/dev/null || true
  [[ -w $VAR && -w $VAR/run && -w $VAR/log ]] ||
    die "$VAR belongs to $(stat -c %U "$VAR" 2>/dev/null || echo another user): run as that user or in a checkout of your own."
  exec 9>"$VAR/run/lock"; flock 9                    # two gi in one checkout set it up one after the other
  debian_packages "$1"
  environment venv "$lock"
  browser_assets "$1"
  trap finish EXIT; trap 'exit 130' INT; trap 'exit 143' TERM HUP
  hold_cluster $$
  [[ -z $OWN_CLUSTER ]] || start_cluster
  # The key only has to last as long as the demo's sessions; (umask: nobody else may read it).
  [[ -s $VAR/secret_key ]] || (umask 077; head -c 48 /dev/urandom | base64 -w0 >"$VAR/secret_key")
  export GI_SECRET_KEY_FILE=$VAR/secret_key
  keys
  exec 9>&-
}
finish() {
  [[ -z $SERVER ]] || stop_server "$SERVER"
  release_cluster $$
}
manage() { "$PYTHON" manage.py "$@"; }

# ---- Demo -----------------------------------------------------------------------------------------------------
files_digest() {                                     # files_digest REGEX: of the contents of the files so named
  find . \( -path ./var -o -path ./.git -o -name node_modules -o -name __pycache__ \) -prune -o -type f -print0 |
    grep -zE "$1" | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-40
}
load_data() {                                        # load_data URL: everything that the pages show
  local key
  # Checks are kept by month, so a new month needs its partition; samples carry the server's address.
  key="$(files_digest '^./(fixtures|gi_registry/demo)/|/(migrations|management)/') $(date +%Y-%m) $1"
  [[ -n $OWN_CLUSTER ]] && stamped data-demo.stamp "$key" && [[ -f $VAR/demo.json ]] && return
  step "数据 Migrations, the register of Shanxi, the demo"
  logged migrate manage migrate --noinput
  logged load-register manage load_register
  logged load-demo manage load_demo --base-url "$1"
  logged partitions manage partitions
  logged openlog manage openlog_publish
  stamp data-demo.stamp "$key"
}
static_files() {
  local key
  key=$(files_digest '^./(requirements|package-lock|gi_registry/settings)|/static/')
  [[ -d $VAR/static ]] && stamped static.stamp "$key" && return
  step "静态文件 Static files"
  logged collectstatic manage collectstatic --noinput --clear
  stamp static.stamp "$key"
}
answers() (                                          # answers PORT: does /readyz say 200 there?
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
  read -r -t 10 _ code _ <&3 && [[ $code == 200 ]]
) 2>/dev/null
port_is_free() {                                     # port_is_free N: and keeps it claimed by descriptor 8
  # The server holds the lock as long as it lives: with SO_REUSEPORT two servers could share a port unnoticed.
  local lock=/tmp/gi-port-$1.lock
  : >>"$lock"
  exec 8<"$lock" && flock -n 8 && ! (exec 3<>"/dev/tcp/127.0.0.1/$1")
} 2>/dev/null
claim_port() {                                       # sets PORT: the first free one from $1 on
  PORT=$1
  until port_is_free "$PORT"; do
    note "端口 $PORT 被占用 Port $PORT is busy."
    (( ++PORT < 65536 )) || die "no free port from $1 on."
  done
}
is_ours() { [[ $(readlink "/proc/$1/cwd" 2>/dev/null) == "$ROOT" ]] && kill -0 "$1" 2>/dev/null; }
server_runs() {                                      # the server of this checkout: sets SERVER_PID and PORT
  read -r SERVER_PID PORT 2>/dev/null <"$VAR/run/server" && is_ours "$SERVER_PID"
}
start_server() {
  local log=$VAR/log/server.log limit=$((SECONDS + 120))
  step "服务 Server on http://127.0.0.1:$PORT"
  setsid "$PYTHON" -m granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --blocking-threads 4 \
    gi_registry.wsgi:application >"$log" 2>&1 </dev/null &
  SERVER=$!
  exec 8>&-
  echo "$SERVER $PORT" >"$VAR/run/server"
  hold_cluster "$SERVER"
  until answers "$PORT"; do
    if (( SECONDS > limit )) || ! kill -0 "$SERVER" 2>/dev/null; then
      tail -n 25 "$log" >&2
      die "the server did not become ready. Whole log: $log"
    fi
    sleep 0.2
  done
  : >"$VAR/run/workers"
  beside worker procrastinate worker                 # long work: unit codes by the million, labels
  beside openlog openlog_publish --loop
}
beside() {                                           # beside NAME ARGUMENTS...: a manage.py command that runs with the server
  setsid "$PYTHON" manage.py "${@:2}" >"$VAR/log/$1.log" 2>&1 </dev/null &
  echo "$!" >>"$VAR/run/workers"
  hold_cluster "$!"
}
stop_process() {                                     # stop_process PID
  local tries=0
  kill -TERM "$1" 2>/dev/null || true
  while kill -0 "$1" 2>/dev/null && (( ++tries < 100 )); do sleep 0.1; done
  kill -KILL -- "-$1" 2>/dev/null || true
  rm -f "$VAR/run/users/$1"
}
stop_server() {                                      # stop_server PID: the server, and what runs beside it
  local worker
  for worker in $(cat "$VAR/run/workers" 2>/dev/null); do
    ! is_ours "$worker" || stop_process "$worker"
  done
  stop_process "$1"
  rm -f "$VAR/run/server" "$VAR/run/workers"
}
demo() {
  local port=8000 detach='' check='' status=0
  while (( $# )); do
    case $1 in
      --port) port=${2:-}; shift ;;
      --port=*) port=${1#*=} ;;
      --detach) detach=yes ;;
      --check) check=yes ;;
      *) die "unknown option: $1" "usage: ./gi demo [--port N] [--detach] [--check]" ;;
    esac
    shift
  done
  [[ $port =~ ^[1-9][0-9]{0,4}$ && $port -lt 65536 ]] || die "--port takes a number from 1 to 65535."
  set_up run
  if server_runs && answers "$PORT"; then
    note "已在运行 Already running: http://127.0.0.1:$PORT (./gi stop ends it)"
  else
    claim_port "$port"
    export GI_PUBLIC_URL=http://127.0.0.1:$PORT        # printed in the QR codes
    load_data "http://127.0.0.1:$PORT"
    static_files
    start_server
  fi
  if [[ -n $check ]]; then
    manage demo_check --base-url "http://127.0.0.1:$PORT" || status=$?
    exit "$status"
  fi
  manage demo_card
  if [[ -n $detach ]]; then SERVER=''; return; fi
  [[ -z $SERVER ]] || { note "Ctrl-C 停止 stops it."; wait "$SERVER"; }
}

# ---- Other commands -------------------------------------------------------------------------------------------
doctor() {
  local missing
  missing=$(missing_packages dev)
  [[ -z $missing ]] || note "缺少 Missing Debian packages: $missing" \
    "-> apt-get update && apt-get install --no-install-recommends $missing"
  [[ -z $(missing_packages run) ]] || exit 1
  [[ -x $PYTHON ]] || die "没有 There is no Python environment yet." "-> ./gi demo"
  set_up run
  manage doctor "$@"
  [[ -z $missing ]]
}
stop() {
  if server_runs; then
    stop_server "$SERVER_PID"
    note "已停止 The server is stopped."
  fi
  [[ -n $OWN_CLUSTER && -d $VAR/run/users && -x $PG_BIN/pg_ctl ]] || return 0
  locate_cluster
  release_cluster $$
  ! cluster_runs || note "另一个 ./gi 仍在用数据库 Another ./gi still uses the database; it will stop it."
}
reset() {
  local answer=''
  [[ -n $OWN_CLUSTER ]] || die "DATABASE_URL is set: its data are yours to drop, not this script's."
  if [[ ${1:-} != --yes ]]; then
    read -r -p "删除演示数据? This deletes the demo database and var/demo.json. Type yes: " answer || true
    [[ $answer == yes ]] || die "nothing was deleted."
  fi
  stop
  [[ -n $DATA ]] || return 0
  ! cluster_runs || die "another ./gi still uses the database. End it first."
  rm -rf "$DATA" "$DATA.log" "$SOCKETS" "$VAR/demo.json" "$VAR/prints" "$VAR/openlog" "$VAR"/run/data-*.stamp
  note "已删除 The demo data are gone; ./gi demo makes them anew."
}
usage() {
  cat <<'TEXT'
用法 usage: ./gi COMMAND

  demo [--port N] [--detach] [--check]   准备、载入并运行演示        set up, load and serve the demo
  test [pytest arguments]                全部测试                    the whole test suite
  bench [name]                           性能测量                    measurements, also in var/bench/
  doctor                                 检查缺什么、怎么补          what is missing, and the line that mends it
  verify FILE [--key KEY] [--log FOLDER] 核对证据包，不连数据库      check an evidence bundle offline
  stop                                   停止本目录启动的服务        stop what was started here
  reset [--yes]                          删除演示数据                throw the demo data away
  manage ...                             manage.py 命令              manage.py inside the environment

DATABASE_URL=postgis://... uses that server instead of the private one. More: docs/first-run.md
TEXT
}

command=${1:---help}; shift || true
case $command in
  demo) export GI_DEMO=1; demo "$@" ;;
  test)
    set_up dev
    # The whole suite on every core, slow files first (tests/README.md); a part of it as it was asked for.
    (( $# )) || set -- -n "$(nproc)" --dist loadfile --no-loadscope-reorder
    "$PYTHON" -m pytest "$@" ;;
  bench)
    set_up bench
    # The servers that the map is measured against live in an environment of their own.
    [[ $# -gt 0 && " $* " != *" map "* ]] || environment peers requirements-peers.lock
    mkdir -p "$VAR/bench"
    manage bench "$@" ;;
  manage) export GI_DEMO="${GI_DEMO-1}"; set_up run; manage "$@" ;;
  doctor) export GI_DEMO="${GI_DEMO-1}"; doctor "$@" ;;
  verify) mkdir -p "$VAR"/{run,log}; environment venv requirements.lock; "$PYTHON" -m gi_registry.openlog.verifier "$@" ;;
  stop) stop ;;
  reset) reset "$@" ;;
  -h | --help | help) usage ;;
  *) usage >&2; die "unknown command: $command" ;;
esac
