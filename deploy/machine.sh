# shellcheck shell=bash
# What ./gi needs from the machine: Debian packages, Python and Node environments, browser code, and a private
# PostgreSQL cluster. Sourced by ./gi only, which sets ROOT and VAR and defines step, note, die, logged, manage, stamps.

HASH=$(printf %s "$ROOT" | sha256sum | cut -c1-12)   # two checkouts never share a socket or a fallback folder
PG_VERSION=15
PG_BIN=/usr/lib/postgresql/$PG_VERSION/bin
PG_USER=$(id -un)
AS_PG=(env)                                          # initdb and postgres refuse to run as root
if [[ $EUID == 0 ]]; then
  PG_USER=postgres
  AS_PG=(setpriv --reuid=postgres --regid=postgres --init-groups env -i PATH="$PATH" LANG=C.UTF-8 HOME=/)
fi
DATA='' SOCKETS=''
OWN_CLUSTER=yes; [[ -z ${DATABASE_URL:-} ]] || OWN_CLUSTER=

# ---- Debian packages ------------------------------------------------------------------------------------------
wanted_packages() {
  echo python3-venv libgdal32 libgeos-c1v5 libproj25 fonts-wqy-microhei openssl  # the font: Chinese on labels; openssl: time stamps
  [[ -z $OWN_CLUSTER ]] || echo "postgresql-$PG_VERSION postgresql-$PG_VERSION-postgis-3 postgresql-$PG_VERSION-postgis-3-scripts"
  [[ $1 != dev ]] || echo chromium fonts-noto-cjk fontconfig libatomic1 gdal-bin python3-qgis softhsm2 poppler-utils  # libatomic1: Playwright's driver
  [[ $1 != bench ]] || echo wrk
}
missing_packages() {
  local name
  # Elsewhere packages have other names; what is missing then shows in ./gi doctor.
  grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release || return 0
  for name in $(wanted_packages "$1"); do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || printf '%s ' "$name"
  done
}
debian_packages() {
  local missing as_root=() cluster_conf=/etc/postgresql-common/createcluster.d/gi.conf
  missing=$(missing_packages "$1")
  [[ -n $missing ]] || return 0
  step "系统软件包 Debian packages: $missing"
  if [[ $EUID != 0 ]]; then
    # Ask for a password only where a person can type it.
    { command -v sudo && { sudo -n true || [[ -t 0 ]]; }; } >/dev/null 2>&1 ||
      die "these Debian packages are missing and this user may not install them. As root, run:" \
        "apt-get update && apt-get install --no-install-recommends $missing"
    as_root=(sudo)
  fi
  # Without this Debian would also make and start a cluster of its own on port 5432.
  "${as_root[@]}" mkdir -p "${cluster_conf%/*}"
  echo 'create_main_cluster = false' | "${as_root[@]}" tee "$cluster_conf" >/dev/null
  logged apt-update "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=120 update
  # shellcheck disable=SC2086  # a list of names
  logged apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 \
    -o Dpkg::Options::=--force-confold install -y --no-install-recommends $missing
  "${as_root[@]}" rm -f "$cluster_conf"
  "${as_root[@]}" rmdir --ignore-fail-on-non-empty "${cluster_conf%/*}"
}

# ---- Python, browser assets -----------------------------------------------------------------------------------
system_python() {
  local candidate
  for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
    "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
      { echo "$candidate"; return; }
  done
  die "no Python 3.11 or newer with venv was found. On Debian 12: apt-get install python3-venv"
}
environment() {                                      # environment FOLDER LOCK: a venv that holds exactly hashed wheels
  local folder=$VAR/$1 lock=$2 base key
  if "$folder/bin/python" -c '' 2>/dev/null; then
    # The larger set serves for the smaller one too.
    for key in "$lock" "${lock/requirements.lock/requirements-dev.lock}"; do
      ! stamped "$1.stamp" "$(digest "$key")" || return 0
    done
  fi
  step "Python 环境 Python packages from $lock"
  base=$(system_python)
  "$folder/bin/python" -c 'import pip' 2>/dev/null || logged "$1-venv" "$base" -m venv --clear "$folder"
  logged "$1-pip" "$folder/bin/python" -m pip install --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: -r "$lock"
  stamp "$1.stamp" "$(digest "$lock")"
}
browser_assets() {                                   # browser_assets run|dev: dev also has the tests' packages
  local key npm=$VAR/npm out=$VAR/assets/maplibre zxing=$VAR/assets/zxing terra=$VAR/assets/terra-draw dist
  local contexts=$VAR/assets/contexts omit=--omit=dev
  key=$(digest package-lock.json requirements-node.lock)
  if [[ -f $out/maplibre-gl.mjs && -f $zxing/zxing_reader.wasm && -f $terra/terra-draw.umd.js.map && -f $contexts/credentials-v2.jsonld ]]; then
    # The larger set serves for the smaller one too.
    ! stamped assets.stamp "$key dev" && ! stamped assets.stamp "$key $1" || return 0
  fi
  [[ $1 != dev ]] || omit=--include=dev
  environment node requirements-node.lock
  step "浏览器代码 Browser code from package-lock.json"
  mkdir -p "$npm" "$out" "$zxing/reader" "$terra" "$contexts"
  cp package.json package-lock.json .npmrc "$npm/"
  logged npm env PATH="$VAR/node/bin:$PATH" "$VAR/node/bin/npm" ci --prefix "$npm" "$omit" --ignore-scripts
  dist=$npm/node_modules/maplibre-gl/dist
  rm -f "${out:?}"/*
  find "$dist" -name '*.mjs' ! -name '*-dev*' -exec cp {} "$out/" \;
  cp "$dist/maplibre-gl.css" "$npm/node_modules/maplibre-gl/LICENSE.txt" "$out/"
  dist=$npm/node_modules/zxing-wasm/dist
  cp "$dist/es/share.js" "$dist/reader/zxing_reader.wasm" "$dist/../LICENSE" "$zxing/"
  cp "$dist/es/reader/index.js" "$zxing/reader/"
  cp "$npm"/node_modules/terra-draw{,-maplibre-gl-adapter}/dist/*.umd.js{,.map} "$terra/"   # the map is named in it
  cp "$npm/node_modules/@digitalbazaar/credentials-context/contexts/v2.jsonld" "$contexts/credentials-v2.jsonld"
  stamp assets.stamp "$key $1"
}

# ---- Keys -----------------------------------------------------------------------------------------------------
keys() {                                             # those that are missing, where nobody named one
  local name given
  chmod go-w "$VAR"                                  # keys are read only where nobody else writes
  export GI_CODE_KEYS=${GI_CODE_KEYS:-$VAR/code_keys}
  [[ -e $GI_CODE_KEYS ]] || logged code-keys manage code_keys new "$(date +%Y)"
  export GI_OPENLOG_ORIGIN=${GI_OPENLOG_ORIGIN:-gi-demo.example/log}   # the name of a log outlasts ports
  for name in openlog credentials; do
    given=GI_${name^^}_KEY
    [[ -n ${!given:-} || -e $VAR/$name.pem ]] || logged "$name-key" manage "${name}_key" new
  done
}

# ---- The private cluster --------------------------------------------------------------------------------------
locate_cluster() {                                   # DATA and SOCKETS: where postgres may reach and a path may be short
  local parent
  DATA=$VAR/pg
  if [[ $EUID == 0 ]]; then
    id postgres >/dev/null 2>&1 || die "there is no system user 'postgres'. Run: useradd --system postgres"
    if ! "${AS_PG[@]}" test -x "$VAR"; then
      DATA=/var/lib/gi-$HASH
      [[ -d $DATA ]] || note "The user postgres may not enter $ROOT, so the database goes to $DATA."
    fi
  fi
  for parent in /tmp /var/tmp; do                    # a socket path holds 107 bytes at most; ours is about 40
    SOCKETS=$parent/gi-$(id -u "$PG_USER")-$HASH
    "${AS_PG[@]}" mkdir -m 700 "$SOCKETS" 2>/dev/null || true
    # Somebody else may have made that name first: use it only if it is ours, closed and no link.
    [[ ! -L $SOCKETS && $(stat -c '%U %a %F' "$SOCKETS" 2>/dev/null) == "$PG_USER 700 directory" ]] && return
  done
  die "no safe folder for the database's socket: $SOCKETS is not ours or is open to others. Remove it and run again."
}
cluster_runs() { "${AS_PG[@]}" "$PG_BIN/pg_ctl" -D "$DATA" status >/dev/null 2>&1; }
start_cluster() {
  local pid_file log
  [[ -x $PG_BIN/initdb ]] || die "there is no PostgreSQL $PG_VERSION in $PG_BIN." "Install it with PostGIS, or set DATABASE_URL."
  locate_cluster
  log=$DATA.log
  [[ ! -e $DATA || $(stat -c %U "$DATA") == "$PG_USER" ]] ||
    die "$DATA was made by $(stat -c %U "$DATA"), and this would run it as $PG_USER. Run as the same user as before."
  if [[ ! -f $DATA/ready ]]; then
    step "数据库 A private PostgreSQL $PG_VERSION + PostGIS cluster (socket only, no port)"
    rm -rf "$DATA" "$VAR/openlog" "$VAR"/run/data-*.stamp   # what was published is of the database that is gone
    mkdir -p "$DATA" && touch "$log"
    [[ $EUID != 0 ]] || chown postgres "$DATA" "$log"
    # trust is safe here: the socket's folder is closed to everyone but its owner and root.
    logged initdb "${AS_PG[@]}" "$PG_BIN/initdb" -D "$DATA" -U gi --auth=trust --encoding=UTF8 --locale=C.UTF-8
  fi
  pid_file=$DATA/postmaster.pid
  # Copied along with a running checkout: the process it names serves the other folder.
  if [[ -f $pid_file && $(sed -n 2p "$pid_file") != "$DATA" ]]; then rm -f "$pid_file"; fi
  if ! cluster_runs; then
    # Demo and test data can be made again, so speed is bought with fsync; production uses its own server.
    "${AS_PG[@]}" "$PG_BIN/pg_ctl" -D "$DATA" -l "$log" -w -t 60 -s start -o "-c listen_addresses= \
      -c unix_socket_directories=$SOCKETS -c unix_socket_permissions=0700 -c fsync=off -c full_page_writes=off \
      -c synchronous_commit=off -c shared_buffers=256MB -c max_connections=400" </dev/null >/dev/null 2>&1 9>&- ||
      { tail -n 20 "$log" >&2; die "the database did not start. Whole log: $log"; }
  fi
  export DATABASE_URL="postgis://gi@/gi?host=$SOCKETS"
  if [[ ! -f $DATA/ready ]]; then
    "$PG_BIN/createdb" -h "$SOCKETS" -U gi gi
    touch "$DATA/ready"
  fi
}

# A cluster is stopped by the last gi that used it; each user is a file named by its process number.
hold_cluster() { [[ -z $OWN_CLUSTER ]] || : >"$VAR/run/users/$1"; }
release_cluster() {
  local user
  [[ -n $OWN_CLUSTER && -n $DATA ]] || return 0
  rm -f "$VAR/run/users/$1"
  for user in "$VAR"/run/users/*; do
    [[ -e $user ]] || continue
    if kill -0 "${user##*/}" 2>/dev/null; then return 0; fi
    rm -f "$user"
  done
  if cluster_runs; then "${AS_PG[@]}" "$PG_BIN/pg_ctl" -D "$DATA" -m fast -w -s stop >/dev/null 2>&1 || true; fi
}
