extension Fault {
    static let services: [Fault] = [
        Fault(
            "a backend that is not there",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*:80\", backend: ap }",
            """
            i.yml:8:46: error: the frontend web names the backend `ap`, which is not there
                Did you mean `app`?
            """),
        Fault(
            "a backend near none",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*:80\", backend: database }",
            """
            i.yml:8:46: error: the frontend web names the backend `database`, which is not there
                Add it under `haproxy.backends`.
            """),
        Fault(
            "a server that is not there",
            "app: { servers: application, port: 10900 }",
            "app: { servers: [app1, ap2], port: 10900 }",
            """
            i.yml:9:38: error: the backend app names `ap2`, which is not among the hosts
                Did you mean `app2`?
            """),
        Fault(
            "a server that is a balancer",
            "app: { servers: application, port: 10900 }",
            "app: { servers: [app1, one], port: 10900 }",
            """
            i.yml:9:38: error: the backend app names one, which is a balancer
                Name hosts with `role: application`: `app1` or `app2`.
            """),
        Fault(
            "a server named twice",
            "app: { servers: application, port: 10900 }",
            "app: { servers: [app1, app2, app1], port: 10900 }",
            """
            i.yml:9:44: error: the backend app names app1 twice
                Keep one of the two.
            """),
        Fault(
            "no servers",
            "app: { servers: application, port: 10900 }",
            "app: { servers: [], port: 10900 }",
            """
            i.yml:9:22: error: `haproxy.backends.app.servers` is empty
                Write `servers: application` for every application host, or a list of names: `servers: [app1, app2]`.
            """),
        Fault(
            "servers without a key",
            "app: { servers: application, port: 10900 }",
            "app: { port: 10900 }",
            """
            i.yml:9:15: error: `haproxy.backends.app` lacks `servers`
                Write `servers: application` for every application host, or a list of names: `servers: [app1, app2]`.
            """),
        Fault(
            "a port of a backend",
            "app: { servers: application, port: 10900 }",
            "app: { servers: application, port: 70000 }",
            """
            i.yml:9:50: error: `haproxy.backends.app.port` has to be a whole number from 1 to 65535; found `70000`
                Write the port on which the application listens.
            """),
        Fault(
            "no port",
            "app: { servers: application, port: 10900 }",
            "app: { servers: application }",
            """
            i.yml:9:15: error: `haproxy.backends.app` lacks `port`
                Say on which port the application listens: `port: 10900`.
            """),
        Fault(
            "a port of a frontend",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*:0\", backend: app }",
            """
            i.yml:8:29: error: `haproxy.frontends.web.bind` is `*:0`; expected ADDRESS:PORT with a port from 1 to 65535
                Write `bind: "*:80"` for every address, or the VIP and a port.
            """),
        Fault(
            "a bind without a port",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*\", backend: app }",
            """
            i.yml:8:29: error: `haproxy.frontends.web.bind` is `*`; expected ADDRESS:PORT with a port from 1 to 65535
                Write `bind: "*:80"` for every address, or the VIP and a port.
            """),
        Fault(
            "a bind to a host",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"172.16.122.101:80\", backend: app }",
            """
            i.yml:8:29: error: the frontend web binds 172.16.122.101, which is neither `*` nor the VIP 172.16.122.100
                Write `bind: "*:80"` or `bind: "172.16.122.100:80"`: every balancer has the same configuration.
            """),
        Fault(
            "two frontends on one port",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"0.0.0.0:80\", backend: app }, more: { bind: \":80\", backend: app }",
            """
            i.yml:8:73: error: the frontends web and more both bind *:80
                Give each its own port.
            """),
        Fault(
            "a mode that is none",
            "web: { bind: \"*:80\", backend: app }",
            "web: { bind: \"*:80\", mode: https, backend: app }",
            """
            i.yml:8:43: error: `haproxy.frontends.web.mode` is `https`; expected `http` or `tcp`
                Did you mean `http`?
            """),
        Fault(
            "modes that differ",
            "web: { bind: \"*:80\", backend: app } }\n  backends: { app: { servers: application, port: 10900 }",
            "web: { bind: \"*:80\", mode: tcp, backend: app } }\n  backends: { app: { servers: application, port: 10900, mode: http }",
            """
            i.yml:8:43: error: the frontend web speaks tcp, and its backend app http
                Give both the same `mode`.
            """),
        Fault(
            "an algorithm that HAProxy lacks",
            "app: { servers: application, port: 10900 }",
            "app: { servers: application, port: 10900, balance: round-robin }",
            """
            i.yml:9:66: error: `haproxy.backends.app.balance` is `round-robin`, which HAProxy does not know
                Did you mean `roundrobin`?
            """),
        Fault(
            "an algorithm with a line break",
            "app: { servers: application, port: 10900 }",
            "app: { servers: application, port: 10900, balance: \"first\\n  server x\" }",
            """
            i.yml:9:66: error: `haproxy.backends.app.balance` is `first\\u{a}  server x`, which HAProxy does not know
                Did you mean `first`?
            """),
        Fault(
            "an algorithm that this version lacks",
            "app: { servers: application, port: 10900 }",
            "app: { servers: application, port: 10900, balance: random }",
            """
            i.yml:9:66: error: `balance random` starts with HAProxy 1.9; this is 1.8.25
                Choose roundrobin or leastconn.
            """),
        Fault(
            "no frontends",
            "frontends: { web: { bind: \"*:80\", backend: app } }",
            "frontends: {}",
            """
            i.yml:8:3: error: `haproxy.frontends` is empty
                Add at least one.
            """),
        Fault(
            "a frontend name that is unsafe",
            "web: { bind: \"*:80\", backend: app }",
            "\"w b\": { bind: \"*:80\", backend: app }",
            """
            i.yml:8:16: error: the frontend `w b` cannot be named so; a name has 1 to 63 letters, digits, `.`, `_` and `-`, the first a letter or a digit
                Choose another name.
            """),
        Fault(
            "a version that is none",
            "version: 1.8.25",
            "version: latest",
            """
            i.yml:7:12: error: `haproxy.version` is `latest`; expected digits with dots, such as 1.8.25
                Write the version as it stands in the tarball's name.
            """),
        Fault(
            "a version with a path",
            "version: 1.8.25",
            "version: 1.8/../25",
            """
            i.yml:7:12: error: `haproxy.version` is `1.8/../25`; expected digits with dots, such as 1.8.25
                Write the version as it stands in the tarball's name.
            """),
        Fault(
            "a version that is too old",
            "version: 1.8.25",
            "version: 1.7.11",
            """
            i.yml:7:12: error: `haproxy.version` is 1.7.11, and 1.8 is the oldest that haprov can run: haprov runs HAProxy as master and workers, which it can do from 1.8 on
                Choose 1.8 or later.
            """),
        Fault(
            "keepalived that is too old",
            "version: 1.4.5",
            "version: 1.2.13",
            """
            i.yml:10:24: error: `keepalived.version` is 1.2.13, and 1.3 is the oldest that haprov can run: the health check needs script_user and enable_script_security, which start there
                Choose 1.3 or later.
            """),
        Fault(
            "a relative prefix",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: keepalived }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `keepalived`, which is not an absolute path
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "a prefix that is a system folder",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: /usr/local }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `/usr/local`, which is a folder of the system
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "the root folder as a prefix",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: / }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `/`, which is the root folder
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "a folder of /usr/local as a prefix",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: /usr/local/sbin }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `/usr/local/sbin`, which is a folder of the system
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "a prefix with dots",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: /opt/../etc }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `/opt/../etc`, which is not in its shortest form, without `//`, `.`, `..` and a closing `/`
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "a prefix in /tmp",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: /tmp/keepalived }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `/tmp/keepalived`, which lies in /tmp, which does not keep installed programs
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "a prefix with a blank",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: \"/opt/keep alived\" }",
            """
            i.yml:10:39: error: `keepalived.prefix` is `/opt/keep alived`, which has characters other than letters, digits and `._+-/`, or more than 128 of them
                Choose a folder of its own, such as /usr/local/keepalived: rollback removes it whole.
            """),
        Fault(
            "equal prefixes",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: /usr/local/haproxy }",
            """
            i.yml:10:39: error: HAProxy and keepalived have the same prefix, /usr/local/haproxy
                Give each a folder of its own.
            """),
        Fault(
            "a prefix in the other",
            "version: 1.4.5 }",
            "version: 1.4.5, prefix: /usr/local/haproxy/keepalived }",
            """
            i.yml:10:39: error: one prefix lies in the other: /usr/local/haproxy and /usr/local/haproxy/keepalived
                Give each a folder of its own: rollback removes it whole.
            """),
    ]
}
