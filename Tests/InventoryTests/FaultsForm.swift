extension Fault {
    static let form: [Fault] = [
        Fault(
            "broken YAML",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*:80\", backend: app",
            """
            i.yml:9:3: error: this is not YAML: while parsing a flow mapping begun on line 8, did not find expected ',' or '}'
                Correct the YAML there: indentation is by spaces, and a value with special characters is quoted.
            """),
        Fault(
            "a tab",
            "  interface: ens33",
            "\tinterface: ens33",
            """
            i.yml:4:1: error: this is not YAML: while scanning a plain scalar begun on line 3, found a tab character that violates indentation
                Correct the YAML there: indentation is by spaces, and a value with special characters is quoted.
            """),
        Fault(
            "a control character",
            "cluster: web",
            "cluster: we\u{7}b",
            """
            i.yml:1:12: error: this is not YAML: control characters are not allowed
                Remove the character; the file has to be UTF-8 text.
            """),
        Fault(
            "an undefined alias",
            "cluster: web",
            "cluster: *name",
            """
            i.yml:1:10: error: this is not YAML: found undefined alias
                Correct the YAML there: indentation is by spaces, and a value with special characters is quoted.
            """),
        Fault(
            "a second document",
            "cluster: web",
            "cluster: web\n---\ncluster: other",
            """
            i.yml:2:1: error: a second document begins here; expected one
                Remove the line `---`, or put what follows into a file of its own.
            """),
        Fault(
            "a list instead of a mapping",
            "keepalived: { version: 1.4.5 }",
            "keepalived: [1.4.5]",
            """
            i.yml:10:1: error: `keepalived` has to be a mapping; found a list
                Write these keys below it: version, prefix.
            """),
        Fault(
            "an unknown key with a near one",
            "virtual_router_id: 51",
            "virtual_route_id: 51",
            """
            i.yml:5:3: error: unknown key `virtual_route_id` in `vip`
                Did you mean `virtual_router_id`?
            """),
        Fault(
            "an unknown key, part of a known one",
            "virtual_router_id: 51",
            "router_id: 51",
            """
            i.yml:5:3: error: unknown key `router_id` in `vip`
                Did you mean `virtual_router_id`?
            """),
        Fault(
            "an unknown key with a dash",
            "virtual_router_id: 51",
            "virtual-router-id: 51",
            """
            i.yml:5:3: error: unknown key `virtual-router-id` in `vip`
                Did you mean `virtual_router_id`?
            """),
        Fault(
            "an unknown key at the top level",
            "cluster: web",
            "cluster: web\nhost: {}",
            """
            i.yml:2:1: error: unknown key `host` at the top level
                Did you mean `build_host`?
            """),
        Fault(
            "a key of another section",
            "cluster: web",
            "cluster: web\nadvert_int: 1s",
            """
            i.yml:2:1: error: unknown key `advert_int` at the top level
                `advert_int` belongs in `vip`.
            """),
        Fault(
            "an unknown key near none",
            "cluster: web",
            "cluster: web\nzzz: 1",
            """
            i.yml:2:1: error: unknown key `zzz` at the top level
                Known keys here: cluster, engine, ssh, vip, health_check, packages, allow_upgrades, build_host, haproxy, keepalived, hosts, limits.
            """),
        Fault(
            "an unknown key of a host",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, prioriti: 101 }",
            """
            i.yml:12:51: error: unknown key `prioriti` in `hosts.one`
                Did you mean `priority`?
            """),
        Fault(
            "a duplicate key",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  virtual_router_id: 52",
            """
            i.yml:6:3: error: the key `virtual_router_id` was given before, on line 5
                Keep one of the two.
            """),
        Fault(
            "two duplicate keys in different sections",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 , role: balancer }\n  \"two\": { address: 172.16.122.107, role: application }",
            """
            i.yml:12:67: error: the key `role` was given before, on line 12
                Keep one of the two.
            """,
            """
            i.yml:14:3: error: the key `two` was given before, on line 13
                Keep one of the two.
            """),
        Fault(
            "a key with nothing after it",
            "interface: ens33",
            "interface:",
            """
            i.yml:4:3: error: `vip.interface` is empty
                Name the NIC that carries the VIP, as `ip addr` shows it: `interface: ens33`.
            """),
        Fault(
            "a missing key",
            "  interface: ens33\n",
            "",
            """
            i.yml:2:1: error: `vip` lacks `interface`
                Name the NIC that carries the VIP, as `ip addr` shows it: `interface: ens33`.
            """),
        Fault(
            "a missing section",
            "keepalived: { version: 1.4.5 }\n",
            "",
            """
            i.yml:1:1: error: the inventory lacks `keepalived`
                Say which keepalived to build, `keepalived: { version: 1.4.5 }`, or write `engine: vrrpd`, which needs none.
            """),
        Fault(
            "a wrong type",
            "virtual_router_id: 51",
            "virtual_router_id: [51]",
            """
            i.yml:5:3: error: `vip.virtual_router_id` has to be a whole number from 1 to 255; found a list
                Choose a number that no other VRRP router on this network uses.
            """),
        Fault(
            "a number that is none",
            "virtual_router_id: 51",
            "virtual_router_id: fifty",
            """
            i.yml:5:22: error: `vip.virtual_router_id` has to be a whole number from 1 to 255; found `fifty`
                Choose a number that no other VRRP router on this network uses.
            """),
        Fault(
            "an octal number",
            "virtual_router_id: 51",
            "virtual_router_id: 051",
            """
            i.yml:5:22: error: `vip.virtual_router_id` has to be a whole number from 1 to 255; found `051`
                Choose a number that no other VRRP router on this network uses.
            """),
        Fault(
            "a flag that is none",
            "virtual_router_id: 51",
            "virtual_router_id: 51\n  preempt: maybe",
            """
            i.yml:6:12: error: `vip.preempt` has to be true or false; found `maybe`
                Write `preempt: true` or `preempt: false`.
            """),
        Fault(
            "a scalar merged",
            "keepalived: { version: 1.4.5 }",
            "keepalived: { <<: 3, version: 1.4.5 }",
            """
            i.yml:10:19: error: `<<` merges a mapping; found `3`
                Write `<<: *anchor`.
            """),
        Fault(
            "a name that is unsafe",
            "cluster: web",
            "cluster: \"web; reboot\"",
            """
            i.yml:1:10: error: `cluster` is `web; reboot`; a name has 1 to 63 letters, digits, `.`, `_` and `-`, the first a letter or a digit
                Choose another name.
            """),
        Fault(
            "a name that is too long",
            "cluster: web",
            "cluster: wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
            """
            i.yml:1:10: error: `cluster` is `wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww`; a name has 1 to 63 letters, digits, `.`, `_` and `-`, the first a letter or a digit
                Choose another name.
            """),
    ]
}
