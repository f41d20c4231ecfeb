#!/bin/sh
# A little of everything a processor does for its living: whole numbers, text,
# compression, floating point, processes, pipes. What it prints is the same on
# every machine that computes correctly, so its SHA-256 is known.

numbers=/tmp/numbers

digests() {
	seq 1 120000 >$numbers
	sha256sum <$numbers
	gzip -9 <$numbers | md5sum
	gzip -9 <$numbers | gunzip | sha1sum
}

arithmetic() {
	state=1
	step=0
	while [ $step -lt 20000 ]; do
		state=$(((state * 1103515245 + 12345 + step) & 0x7fffffff))
		step=$((step + 1))
	done
	echo "loop $state"
	awk 'BEGIN { for (x = 0.5; n < 60000; n++) x = 3.7 * x * (1 - x); printf "%.12f\n", x }'
}

system() {
	sort -r $numbers | head -n 3 | md5sum
	count=0
	until [ $count -eq 100 ]; do
		/bin/busybox true
		count=$((count + 1))
	done
	echo "forks $count"
	head -c 16777216 /dev/zero | sha1sum
}

echo "BOOT-OK $(uname -s -m)"
(digests && arithmetic && system) >/tmp/output
cat /tmp/output
echo "WORK-OK $(sha256sum </tmp/output | cut -d ' ' -f 1)"
