# Network of the first interface, loopback excluded, that has an IPv4 address.
import fcntl
import ipaddress
import socket
import struct

GET_ADDRESS, GET_NETMASK, GET_FLAGS = 0x8915, 0x891B, 0x8913
IS_LOOPBACK = 0x8


def ask(channel, request, name):
    return fcntl.ioctl(channel, request, struct.pack("256s", name.encode()[:15]))


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
    for _, name in sorted(socket.if_nameindex()):
        try:
            flags = struct.unpack("H", ask(channel, GET_FLAGS, name)[16:18])[0]
            if flags & IS_LOOPBACK:
                continue
            address = socket.inet_ntoa(ask(channel, GET_ADDRESS, name)[20:24])
            netmask = socket.inet_ntoa(ask(channel, GET_NETMASK, name)[20:24])
        except OSError:
            continue
        print(ipaddress.ip_network(address + "/" + netmask, strict=False))
        break
