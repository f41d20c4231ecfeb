#!/usr/bin/busybox sh
# The first process of a guest with nothing but Node.js: runs what the kernel's
# command line says after `--`, and powers off.
export PATH=/usr/bin
busybox mount -t proc proc /proc
busybox mount -t devtmpfs dev /dev
node "$@"
busybox poweroff -f
