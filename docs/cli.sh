#!/bin/sh
# Brings docs/cli.md up to date: starts the demo, runs every command of the page against it, and puts what it printed
# below it, in place of what was there.
set -eu
docs=$(cd "$(dirname "$0")" && pwd)
launcher=$docs/../slipway
port=${1:-19080}
url=http://127.0.0.1:$port
work=$(mktemp -d)
demo=

stop() {
  if [ -n "$demo" ]; then
    kill "$demo" 2>/dev/null && wait "$demo" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

"$launcher" demo --port "$port" >"$work/demo" 2>&1 &
demo=$!
echo "Waiting for the demo …" >&2
until grep -q 'Ctrl-C stops' "$work/demo"; do
  kill -0 "$demo" 2>/dev/null || { cat "$work/demo" >&2; exit 1; }
  sleep 1
done

# somebody's account, and a clone of somebody's repository
export XDG_CONFIG_HOME="$work/home/.config"
mkdir -p "$work/home/shop"
sed -n 's/^Token *//p' "$work/demo" >"$work/home/token"
cd "$work/home/shop"
git init -q -b main
git remote add origin https://git.example.com/ann/shop.git
touch pom.xml

slipway() { "$launcher" "$@"; }

# What was printed, without what is of this machine and this minute, and without secrets.
shown() {
  sed -E -e "s#$work/home#~#g" -e "s#$work#…#g" -e "s#127\.0\.0\.1:$port#127.0.0.1:8080#g" \
    -e "s#127\.0\.0\.1:$((port + 1))#127.0.0.1:8081#g" -e "s#127\.0\.0\.1:$((port + 2))#127.0.0.1:8082#g" \
    -e "s#127\.0\.0\.1:$((port + 3))#127.0.0.1:8083#g" -e 's/(secret +[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{20,}/\1…/' \
    -e "s#file://…/slipway-demo[0-9]*|file:///[^ \"]*/slipway-demo[0-9]*#file:///…#g"
}

inside=
while IFS= read -r line; do
  case $line in
    '```') inside= ;;
  esac
  case $line in
    '$ slipway '*)
      printf '%s\n' "$line"
      command=$(printf '%s' "${line#??}" | sed "s#127.0.0.1:8080#127.0.0.1:$port#g")
      code=0
      # standard input is the page itself
      (eval "$command") >"$work/printed" 2>&1 </dev/null || code=$?
      shown <"$work/printed"
      if [ "$code" != 0 ]; then
        printf '(exit code %s)\n' "$code"
      fi
      ;;
    *)
      # all but what was printed the last time
      [ -n "$inside" ] || printf '%s\n' "$line"
      ;;
  esac
  case $line in
    '```console') inside=yes ;;
  esac
done <"$docs/cli.md" >"$work/page"
cp "$work/page" "$docs/cli.md"
echo "Brought $docs/cli.md up to date" >&2
