#!/bin/busybox sh
# The first process of a guest started by `mynah boot debian/ARCH`: sets up the
# system, then runs /script if there is one, else a shell, and powers off.

/bin/busybox --install -s /bin
export PATH=/bin:/sbin HOME=/root

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts

# From here on only emergencies interrupt the console.
echo 1 >/proc/sys/kernel/printk

release=$(uname -r)
while read -r module; do
	insmod "/lib/modules/$release/$module.ko"
done </etc/modules
hostname mynah
ip link set lo up

finish() {
	umount -a -r 2>/dev/null
	sync
	# Changing a setting of the console waits until its output is out.
	stty echo 2>/dev/null
	poweroff -f
}

cd /root || finish
if [ -e /script ]; then
	sh /script
	echo "MYNAH-SCRIPT-EXIT $?"
	finish
fi

echo "Linux $release on $(uname -m). Network: udhcpc -i eth0. Leave with exit, which powers off."
setsid cttyhack sh
finish
