#!/bin/bash
# Installs what the tests need on Debian, builds once, runs every test project, the sample one too, and ends with one line:
#   N passed, N failed, N skipped
# Exit code 0 when at least one test ran and none failed.
#
#   ./test.sh                            every test project under tests/ and samples/
#   ./test.sh Runtime.Tests Deploy.Tests only these
#   ./test.sh Runtime.Hostile            the hostile corpus whole: without a name, each module runs in one of its two modes
#
# The conformance suites are read from ../shared/suites, or from the folder that WASM_SUITES names.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1

# A test that makes no progress for this long is a failure, and so is a project that needs longer than the second.
HANG_TIMEOUT=5m
PROJECT_TIMEOUT=12m
RESULTS=artifacts/test-results

# What restoring and the tests leave in the temporary folder goes with this run: each command of the SDK leaves two empty folders there, and a test
# process that is killed leaves its own. The build keeps the usual one, where it finds the compiler server.
TEMPORARY=$(mktemp -d --tmpdir hostservice-run-XXXXXX) && chmod 711 "$TEMPORARY" || exit 1 # Deploy.Tests has the service run as another user
trap 'chmod -R u+w "$TEMPORARY" && rm -rf "$TEMPORARY"' EXIT

passed=0
failed=0
skipped=0

# Runs a step quietly; when it fails, shows what it said.
quietly() {
    local log
    log=$(mktemp --tmpdir="$TEMPORARY" step-XXXXXX)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    echo "FAILED: $*"
    tail -n 60 "$log"
    rm -f "$log"
    return 1
}

# The closing line. Nothing may be printed after it.
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

give_up() {
    echo "$*"
    failed=$((failed + 1))
    finish
}

install_debian_packages() {
    local wanted=(clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32) missing=() name
    for name in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    # These may have come from elsewhere than Debian: only the command counts.
    for name in curl git; do command -v "$name" >/dev/null || missing+=("$name"); done
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    [ ${#missing[@]} -gt 0 ] || return 0

    echo "Installing ${missing[*]}"
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || give_up "Not root and no sudo: install ${missing[*]} and try again."
        root=(sudo -n)
    fi
    quietly "${root[@]}" apt-get update -qq || true
    quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
        give_up "The packages above could not be installed."
}

# npm ci, unless what is installed is already what the lock file says.
install_npm_packages() {
    local folder=$1
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return 0
    echo "npm ci in $folder"
    (cd "$folder" && quietly npm ci --no-audit --no-fund --no-progress) || give_up "npm ci failed in $folder."
}

# Prints "passed failed skipped" from a TRX log. Skipped tests are those in the total that were not executed.
count() {
    grep -o '<Counters [^>]*>' "$1" | tail -n 1 | awk '
        function attribute(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0 }
        { print attribute("passed"), attribute("failed") + attribute("error") + attribute("timeout") + attribute("aborted"), attribute("total") - attribute("executed") }'
}

run_project() {
    local project=$1 name trx started status counts ok=0 bad=0 not_run=0
    name=$(basename "$project" .csproj)
    trx=$RESULTS/$name.trx
    started=$SECONDS
    echo "--- $name"
    # A compiler server started in here would outlive the folder that its clients look for it in.
    TMPDIR=$TEMPORARY UseSharedCompilation=false timeout --kill-after=20s "$PROJECT_TIMEOUT" \
        dotnet test "$project" -c Release --no-build --nologo -v quiet \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$RESULTS" \
        --blame-hang-timeout "$HANG_TIMEOUT" --blame-hang-dump-type none </dev/null
    status=$?
    if [ -s "$trx" ] && counts=$(count "$trx") && [ -n "$counts" ]; then
        read -r ok bad not_run <<<"$counts"
    fi
    # A crash, a hang or a missing log is a failure even where no single test is to blame.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((ok + not_run)) -eq 0 ]; }; then
        echo "$name: the run ended with code $status and $ok tests passed"
        bad=1
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    skipped=$((skipped + not_run))
    echo "    $ok passed, $bad failed, $not_run skipped in $((SECONDS - started)) s ($name)"
}

command -v dotnet >/dev/null || give_up "The .NET SDK that global.json names is not installed."
install_debian_packages
install_npm_packages tests/RealPrograms
install_npm_packages samples/assemblyscript

quietly env TMPDIR="$TEMPORARY" dotnet restore HostService.sln || give_up "Restore failed."
quietly dotnet build HostService.sln -c Release --no-restore --nologo -v quiet || give_up "Build failed."

rm -rf "$RESULTS"
mkdir -p "$RESULTS"
for project in tests/*/*.csproj samples/*/*.csproj; do
    grep -q '<ProjectType>Test</ProjectType>' "$project" || continue
    name=$(basename "$project" .csproj)
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    [[ " $* " != *" Runtime.Hostile "* ]] || export HOSTILE_CORPUS=whole
    run_project "$project"
done
finish
