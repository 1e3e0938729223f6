extension Fault {
    static let hosts: [Fault] = [
        Fault(
            "a duplicate address",
            "two: { address: 172.16.122.102, role: balancer, priority: 100 }",
            "two: { address: 172.16.122.101, role: balancer, priority: 100 }",
            """
            i.yml:13:19: error: two has the address of one, 172.16.122.101
                Give each host its own address.
            """),
        Fault(
            "a duplicate address of an application",
            "app2: { address: 172.16.122.105, role: application }",
            "app2: { address: 172.16.122.101, role: application }",
            """
            i.yml:15:20: error: app2 has the address of one, 172.16.122.101
                Give each host its own address.
            """),
        Fault(
            "a duplicate priority",
            "two: { address: 172.16.122.102, role: balancer, priority: 100 }",
            "two: { address: 172.16.122.102, role: balancer, priority: 101 }",
            """
            i.yml:13:61: error: two has the priority of one, 101
                Give each balancer its own; of equals, the one with the higher address would win.
            """),
        Fault(
            "a duplicate name",
            "two: { address: 172.16.122.102, role: balancer, priority: 100 }",
            "one: { address: 172.16.122.102, role: balancer, priority: 100 }",
            """
            i.yml:13:3: error: the key `one` was given before, on line 12
                Keep one of the two.
            """),
        Fault(
            "a name that differs in case only",
            "two: { address: 172.16.122.102, role: balancer, priority: 100 }",
            "One: { address: 172.16.122.102, role: balancer, priority: 100 }",
            """
            i.yml:13:3: error: the hosts one and One differ in upper and lower case only
                Give them names that cannot be taken for one another.
            """),
        Fault(
            "a host name that is unsafe",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "\"-one\": { address: 172.16.122.101, role: balancer, priority: 101 }",
            """
            i.yml:12:3: error: the host `-one` cannot be named so; a name has 1 to 63 letters, digits, `.`, `_` and `-`, the first a letter or a digit
                Choose another name.
            """),
        Fault(
            "priority 0",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, priority: 0 }",
            """
            i.yml:12:61: error: `hosts.one.priority` has to be a whole number from 1 to 255; found `0`
                Give each balancer its own number; the highest holds the VIP.
            """),
        Fault(
            "priority 256",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, priority: 256 }",
            """
            i.yml:12:61: error: `hosts.one.priority` has to be a whole number from 1 to 255; found `256`
                Give each balancer its own number; the highest holds the VIP.
            """),
        Fault(
            "priority 255 without the VIP",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, priority: 255 }",
            """
            i.yml:12:61: error: priority 255 is for a host whose own address is the VIP, and one has 172.16.122.101
                Choose 1 to 254.
            """),
        Fault(
            "no priority",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer }",
            """
            i.yml:12:3: error: `hosts.one` lacks `priority`
                Add `priority: 100`. Give each balancer its own number; the highest holds the VIP.
            """),
        Fault(
            "a priority for an application",
            "app1: { address: 172.16.122.104, role: application }",
            "app1: { address: 172.16.122.104, role: application, priority: 5 }",
            """
            i.yml:14:65: error: `hosts.app1.priority` is given for an application host
                Remove it, or write `role: balancer`.
            """),
        Fault(
            "an unknown role",
            "app1: { address: 172.16.122.104, role: application }",
            "app1: { address: 172.16.122.104, role: app }",
            """
            i.yml:14:42: error: `hosts.app1.role` is `app`; expected `balancer` or `application`
                Did you mean `application`?
            """),
        Fault(
            "no role",
            "app1: { address: 172.16.122.104, role: application }",
            "app1: { address: 172.16.122.104 }",
            """
            i.yml:14:3: error: `hosts.app1` lacks `role`
                Write `role: balancer` (runs HAProxy and VRRP) or `role: application` (serves the application).
            """),
        Fault(
            "an address that is none",
            "app1: { address: 172.16.122.104, role: application }",
            "app1: { address: app1.example, role: application }",
            """
            i.yml:14:20: error: `hosts.app1.address` is `app1.example`; expected an IPv4 address
                Write the host's IPv4 address alone: `address: 172.16.122.101`.
            """),
        Fault(
            "a loopback address",
            "app1: { address: 172.16.122.104, role: application }",
            "app1: { address: 127.0.0.1, role: application }",
            """
            i.yml:14:20: error: `hosts.app1.address` is `127.0.0.1`, which no host can have
                Write the host's IPv4 address alone: `address: 172.16.122.101`.
            """),
        Fault(
            "a balancer with the broadcast address",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.255, role: balancer, priority: 101 }",
            """
            i.yml:12:19: error: one has the broadcast address of 172.16.122.0/24
                Correct the address, or the prefix length of `vip.address`.
            """),
        Fault(
            "a single balancer",
            "two: { address: 172.16.122.102, role: balancer, priority: 100 }\n  ",
            "",
            """
            i.yml:11:1: error: a VIP can move only between two balancers or more; found only one
                Add hosts with `role: balancer`.
            """),
        Fault(
            "no balancer",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }\n  two: { address: 172.16.122.102, role: balancer, priority: 100 }\n  ",
            "",
            """
            i.yml:11:1: error: a VIP can move only between two balancers or more; found none
                Add hosts with `role: balancer`.
            """),
        Fault(
            "no application",
            "app1: { address: 172.16.122.104, role: application }\n  app2: { address: 172.16.122.105, role: application }",
            "",
            """
            i.yml:9:31: error: the backend app asks for every application host, and there is none
                Add hosts with `role: application`.
            """),
        Fault(
            "an interface of a host",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, priority: 101, interface: \"a b\" }",
            """
            i.yml:12:77: error: `hosts.one.interface` is `a b`; Linux names NICs with at most 15 letters, digits, `.`, `_` and `-`
                Copy the name from `ip addr`; an alias such as eth0:1 is not needed.
            """),
        Fault(
            "a host with nothing",
            "app1: { address: 172.16.122.104, role: application }",
            "app1:",
            """
            i.yml:14:3: error: `hosts.app1` is empty
                Write `app1: { address: 172.16.122.101, role: balancer, priority: 100 }`.
            """),
        Fault(
            "some balancer outside the subnet",
            "two: { address: 172.16.122.102, role: balancer, priority: 100 }",
            "two: { address: 172.16.132.102, role: balancer, priority: 100 }",
            """
            i.yml:13:19: error: two has 172.16.132.102, outside the subnet of the VIP 172.16.122.100/24
                Correct the address, or the prefix length of `vip.address`: the VIP moves within one subnet.
            """),
    ]
}
