#!/bin/sh
# What busybox's udhcpc runs when its lease changes: $1 is what happened, and
# the lease itself comes in variables.

case "$1" in
deconfig)
	ip address flush dev "$interface"
	ip link set "$interface" up
	;;
bound | renew)
	ip address replace "$ip/${mask:-24}" dev "$interface"
	for gateway in $router; do
		ip route replace default via "$gateway" dev "$interface"
		break
	done
	for server in $dns; do
		echo "nameserver $server"
	done >/etc/resolv.conf
	echo "$interface has $ip"
	;;
esac
