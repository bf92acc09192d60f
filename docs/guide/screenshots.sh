#!/bin/bash
# Makes the pictures of the guide in docs/guide/images. Needs root, chromium, npm and setpriv: it makes namespaces, in which the planted processes and
# the server belong to another user and have a machine of their own, so that nothing of this one is on the pictures.
set -euo pipefail
cd "$(dirname "$0")/../.."
images=$PWD/docs/guide/images
mkdir -p "$images"
if [ "${1:-}" != --inside ]; then
    dotnet build tests/Isthmus.Web.Tests -v q --nologo
    exec unshare --pid --fork --mount-proc --uts --ipc "$0" --inside
fi
hostname example
other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
tool=("${other[@]}" "$PWD/artifacts/bin/Isthmus.Cli/debug/Isthmus.Cli")
# What root has in his own directory is nothing for others.
export PATH=/usr/bin:/bin DOTNET_CLI_HOME=/tmp

# The map: a pipeline, and two that wait for each other's locks.
directory=$("${other[@]}" mktemp -d)
setsid "${other[@]}" python3 - "$directory" <<'PYTHON' &
import fcntl, os, subprocess, sys, time
os.chdir(sys.argv[1])
source = subprocess.Popen(["tail", "-f", "/dev/null"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
subprocess.Popen(["sort"], stdin=source.stdout, stdout=subprocess.DEVNULL)
source.stdout.close()
ready, go = os.pipe(), os.pipe()
def body(own, other):
    mine = open(own, "w"); fcntl.flock(mine, fcntl.LOCK_EX)
    os.write(ready[1], b"x"); os.read(go[0], 1)
    for end in (*ready, *go): os.close(end)
    theirs = open(other, "w"); fcntl.flock(theirs, fcntl.LOCK_EX)
for names in (("one", "two"), ("two", "one")):
    if os.fork() == 0: body(*names)
for _ in range(2): os.read(ready[0], 1)
os.write(go[1], b"xx")
for end in (*ready, *go): os.close(end)
open("planted", "w").close()
while True: time.sleep(1000)
PYTHON
planted=$!
until [ -e "$directory/planted" ] && [ "$("${tool[@]}" why --json | grep -c '"end": "deadlock"')" -gt 0 ]; do :; done
"${tool[@]}" map --format svg >"$images/map.svg" 2>/dev/null
"${tool[@]}" watch --once --interval 500ms
disown "$planted"
kill -KILL -- "-$planted"
rm -r "$directory"

export ISTHMUS_PICTURES=$images ISTHMUS_PICTURES_USER=65534
artifacts/bin/Isthmus.Web.Tests/debug/Isthmus.Web.Tests -noColor -class Isthmus.Web.Tests.PictureTests
python3 "$images/smaller.py" "$images/page.png" "$images/stuck.png"
