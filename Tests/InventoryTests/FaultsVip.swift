extension Fault {
    static let vip: [Fault] = [
        Fault(
            "VRID 0",
            "virtual_router_id: 51",
            "virtual_router_id: 0",
            """
            i.yml:5:22: error: `vip.virtual_router_id` has to be a whole number from 1 to 255; found `0`
                Choose a number that no other VRRP router on this network uses.
            """),
        Fault(
            "VRID 256",
            "virtual_router_id: 51",
            "virtual_router_id: 256",
            """
            i.yml:5:22: error: `vip.virtual_router_id` has to be a whole number from 1 to 255; found `256`
                Choose a number that no other VRRP router on this network uses.
            """),
        Fault(
            "a VIP without a prefix length",
            "address: 172.16.122.100/24",
            "address: 172.16.122.100",
            """
            i.yml:3:12: error: `vip.address` is `172.16.122.100`, without a prefix length
                Write `address: 172.16.122.100/24`, with the prefix length that `ip -4 addr` shows on the balancers' NIC.
            """),
        Fault(
            "a VIP that is no address",
            "address: 172.16.122.100/24",
            "address: 172.16.122.300/24",
            """
            i.yml:3:12: error: `vip.address` is `172.16.122.300/24`; expected an IPv4 address with a prefix length
                Write the address with the prefix length of its subnet: `address: 172.16.122.100/24`.
            """),
        Fault(
            "a prefix length that is none",
            "address: 172.16.122.100/24",
            "address: 172.16.122.100/33",
            """
            i.yml:3:12: error: the prefix length in `vip.address` is `33`; expected 1 to 32
                Write the address with the prefix length of its subnet: `address: 172.16.122.100/24`.
            """),
        Fault(
            "a VIP outside the subnet",
            "address: 172.16.122.100/24",
            "address: 172.16.123.100/24",
            """
            i.yml:3:12: error: the VIP 172.16.123.100/24 is outside the subnet of the balancers (one has 172.16.122.101)
                Choose an address, and a prefix length, whose subnet holds every balancer.
            """),
        Fault(
            "a VIP whose subnet is too small",
            "address: 172.16.122.100/24",
            "address: 172.16.122.100/32",
            """
            i.yml:3:12: error: the VIP 172.16.122.100/32 is outside the subnet of the balancers (one has 172.16.122.101)
                Choose an address, and a prefix length, whose subnet holds every balancer.
            """),
        Fault(
            "a host's address",
            "address: 172.16.122.100/24",
            "address: 172.16.122.104/24",
            """
            i.yml:3:12: error: the VIP 172.16.122.104 is the address of app1
                Choose a free address of the subnet: the VIP moves, a host's own address has to stay.
            """),
        Fault(
            "the network address",
            "address: 172.16.122.100/24",
            "address: 172.16.122.0/24",
            """
            i.yml:3:12: error: the VIP 172.16.122.0 is the network address of 172.16.122.0/24
                Choose a free host address of the subnet.
            """),
        Fault(
            "the broadcast address",
            "address: 172.16.122.100/24",
            "address: 172.16.122.255/24",
            """
            i.yml:3:12: error: the VIP 172.16.122.255 is the broadcast address of 172.16.122.0/24
                Choose a free host address of the subnet.
            """),
        Fault(
            "a multicast address",
            "address: 172.16.122.100/24",
            "address: 224.0.0.18/24",
            """
            i.yml:3:12: error: `vip.address` is 224.0.0.18, which no host can have
                Choose a free address of the subnet.
            """),
        Fault(
            "an interface name that is too long",
            "interface: ens33",
            "interface: enp0s31f6-uplink0",
            """
            i.yml:4:14: error: `vip.interface` is `enp0s31f6-uplink0`; Linux names NICs with at most 15 letters, digits, `.`, `_` and `-`
                Copy the name from `ip addr`; an alias such as eth0:1 is not needed.
            """),
        Fault(
            "an alias interface",
            "interface: ens33",
            "interface: \"eth0:1\"",
            """
            i.yml:4:14: error: `vip.interface` is `eth0:1`; Linux names NICs with at most 15 letters, digits, `.`, `_` and `-`
                Copy the name from `ip addr`; an alias such as eth0:1 is not needed.
            """),
        Fault(
            "an unknown VRRP version",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  version: 4",
            """
            i.yml:6:12: error: `vip.version` is `4`; expected `2` or `3`
                Write one of them.
            """),
        Fault(
            "an interval under a second with version 2",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  advert_int: 100ms",
            """
            i.yml:6:15: error: `vip.advert_int` is `100ms`; VRRP version 2 counts whole seconds, from 1s on
                Write `advert_int: 1s`, or `version: 3`, which goes down to 10ms.
            """),
        Fault(
            "a fractional interval with version 2",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  advert_int: 1.5",
            """
            i.yml:6:15: error: `vip.advert_int` is `1.5`; VRRP version 2 counts whole seconds, from 1s on
                Write `advert_int: 1s`, or `version: 3`, which goes down to 10ms.
            """),
        Fault(
            "an interval of zero",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  advert_int: 0",
            """
            i.yml:6:15: error: `vip.advert_int` is `0`; VRRP version 2 counts whole seconds, from 1s on
                Write `advert_int: 1s`, or `version: 3`, which goes down to 10ms.
            """),
        Fault(
            "an interval too long for version 2",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  advert_int: 256s",
            """
            i.yml:6:15: error: `vip.advert_int` is `256s`; VRRP version 2 goes up to 255s
                Write `advert_int: 1s`.
            """),
        Fault(
            "an interval too short for version 3",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  version: 3\n  advert_int: 5ms",
            """
            i.yml:7:15: error: `vip.advert_int` is `5ms`; VRRP version 3 takes 10ms to 40.95s in steps of 10ms
                Write `advert_int: 100ms` or `advert_int: 1s`.
            """),
        Fault(
            "an interval too long for version 3",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  version: 3\n  advert_int: 40.96s",
            """
            i.yml:7:15: error: `vip.advert_int` is `40.96s`; VRRP version 3 takes 10ms to 40.95s in steps of 10ms
                Write `advert_int: 100ms` or `advert_int: 1s`.
            """),
        Fault(
            "an interval between the steps of version 3",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  version: 3\n  advert_int: 15ms",
            """
            i.yml:7:15: error: `vip.advert_int` is `15ms`; VRRP version 3 takes 10ms to 40.95s in steps of 10ms
                Write `advert_int: 100ms` or `advert_int: 1s`.
            """),
        Fault(
            "an interval that is none",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  advert_int: soon",
            """
            i.yml:6:15: error: `vip.advert_int` is `soon`; expected a duration such as `1s` or `100ms`
                Write `advert_int: 1s`; a plain number counts seconds.
            """),
        Fault(
            "a password with version 3",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  version: 3\n  password: { env: VRRP }",
            """
            i.yml:7:3: error: VRRP version 3 has no password (RFC 5798 dropped authentication)
                Remove `password`, or write `version: 2`.
            """),
        Fault(
            "an empty password",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: \"\"",
            """
            i.yml:6:13: error: `vip.password` is empty
                Write `password: { env: NAME }`, `password: { file: PATH }` or the text itself.
            """),
        Fault(
            "a password of nothing",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password:",
            """
            i.yml:6:3: error: `vip.password` is empty
                Write `password: { env: NAME }`, `password: { file: PATH }` or the text itself.
            """),
        Fault(
            "a password from an unnamed variable",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: { env: }",
            """
            i.yml:6:15: error: `vip.password.env` names no environment variable
                Name it after `env:`.
            """),
        Fault(
            "a password from a variable with a dollar",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: { env: $VRRP }",
            """
            i.yml:6:20: error: `vip.password.env` is not the name of an environment variable
                Write the name alone, without `$`: letters, digits and `_`.
            """),
        Fault(
            "a password from an unnamed file",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: { file: \"\" }",
            """
            i.yml:6:21: error: `vip.password.file` names no file
                Name it after `file:`.
            """),
        Fault(
            "a password from two sources",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: { env: VRRP, file: x }",
            """
            i.yml:6:3: error: `vip.password` has to name one source, `env` or `file`, with its name
                Write `password: { env: NAME }`, `password: { file: PATH }` or the text itself.
            """),
        Fault(
            "a password from an unknown source",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: { vault: secret }",
            """
            i.yml:6:3: error: `vip.password` has to name one source, `env` or `file`, with its name
                Write `password: { env: NAME }`, `password: { file: PATH }` or the text itself.
            """),
        Fault(
            "a password in a list",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: [secret]",
            """
            i.yml:6:3: error: `vip.password` has to be a text or its source; found a list
                Write `password: { env: NAME }`, `password: { file: PATH }` or the text itself.
            """),
        Fault(
            "a password with a space",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: \"se cret\"",
            """
            i.yml:6:13: error: `vip.password` has spaces or control characters, which keepalived.conf cannot hold
                Choose up to 8 letters and digits.
            """),
        Fault(
            "a password with a comment sign",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: \"se#cret\"",
            """
            i.yml:6:13: error: `vip.password` has one of the characters #!{}"'\\$~`, which mean something else in keepalived.conf
                Choose up to 8 letters and digits.
            """),
        Fault(
            "a password outside ASCII",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: \"sécret\"",
            """
            i.yml:6:13: error: `vip.password` has characters outside ASCII
                Choose up to 8 letters and digits.
            """),
        Fault(
            "a password over several lines",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  password: \"se\\ncret\"",
            """
            i.yml:6:13: error: `vip.password` has spaces or control characters, which keepalived.conf cannot hold
                Choose up to 8 letters and digits.
            """),
    ]
}
