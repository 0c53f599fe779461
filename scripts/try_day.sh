#!/usr/bin/env bash
# Runs a day of an officer's work, from an empty folder and with an empty home, and checks what it prints:
#
#     scripts/try_day.sh COMMAND
#
# COMMAND is the absolute path of an installed sgtrack. Needs a python3 to read JSON.
set -euo pipefail
sgtrack=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/empty"
cd "$scratch/empty"
export HOME="$scratch/home" XDG_DATA_HOME="$scratch/home/data" SGTRACK_TODAY=2026-03-24
unset SGTRACK_HOME SGTRACK_COMMUNITY SGTRACK_DB PYTHONPATH
for community in xianheguan sanli; do
    "$sgtrack" log 殡葬 80人次 100份 -d 3-12 -t 惠民殡葬进小区 -c "$community"
    "$sgtrack" status --json -c "$community" >"$scratch/status.json"
    python3 - "$scratch/status.json" <<'PY'
import json, sys
(community,) = json.load(open(sys.argv[1], encoding="utf-8"))["communities"]
found = {(i["item"], i["unit"]): i["actual"] for i in community["indicators"]}
assert len(community["indicators"]) == 69, len(community["indicators"])
assert (found["7.3.1", "场"], found["7.3.1", "份"], found["7.3", "人次"]) == (1, 100, 80), found
PY
    "$sgtrack" brief --month 2026-03 -c "$community"
    printf 'signed %s' "$community" >签到表.pdf
    printf 'photo %s' "$community" >照片.jpg
    "$sgtrack" log 6.3 45人次 -d 3-8 -t 三八活动 -e 签到表.pdf 照片.jpg -c "$community"
    "$sgtrack" brief --month 2026-03 --issue --yes -c "$community"
    "$sgtrack" report midterm -c "$community"
    "$sgtrack" dossier -o "$community.zip" -c "$community"
    python3 -m zipfile -l "$community.zip" >"$scratch/dossier.txt"
    grep -q 签到表.pdf "$scratch/dossier.txt"
done
"$sgtrack" plan -c sanli >"$scratch/plan.txt"
grep -q 次活动 "$scratch/plan.txt"
"$sgtrack" bundle -o "$scratch/all.zip"
"$sgtrack" merge "$scratch/all.zip"
printf '一、服务居民\n1.开展入户访视50人次；\n' >"$scratch/tender.txt"
"$sgtrack" targets draft "$scratch/tender.txt" >"$scratch/draft.yaml"
grep -q '人次: 50' "$scratch/draft.yaml"
"$sgtrack" export 台账.xlsx -c sanli
"$sgtrack" import 台账.xlsx -c sanli | grep "导入了 0 条记录"
"$sgtrack" backup >"$scratch/backup.txt"
"$sgtrack" log 5.1 3人次 -c sanli
"$sgtrack" restore "$(grep -o '[0-9-]*-manual' "$scratch/backup.txt" | head -1)" --yes
"$sgtrack" list --json -c sanli >"$scratch/list.json"
if grep '"5.1"' "$scratch/list.json"; then echo "the ledger is not the restored one"; exit 1; fi
"$sgtrack" verify
"$sgtrack" check && { echo "check is silent although evidence is missing"; exit 1; }
test "$(find "$scratch/home" -name '*-2026-03.docx' | wc -l)" = 2
"$sgtrack" demo >"$scratch/demo.txt" 2>&1
grep -q 示例数据 "$scratch/demo.txt"
if grep 错误 "$scratch/demo.txt"; then echo "the demonstration fails"; exit 1; fi
