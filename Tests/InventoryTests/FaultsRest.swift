extension Fault {
    static let rest: [Fault] = [
        Fault(
            "an unknown engine",
            "cluster: web",
            "cluster: web\nengine: ucarp",
            """
            i.yml:2:9: error: `engine` is `ucarp`; expected `keepalived` or `vrrpd`
                Write one of them.
            """),
        Fault(
            "a misspelt engine",
            "cluster: web",
            "cluster: web\nengine: vrrp",
            """
            i.yml:2:9: error: `engine` is `vrrp`; expected `keepalived` or `vrrpd`
                Did you mean `vrrpd`?
            """),
        Fault(
            "an unknown health check",
            "cluster: web",
            "cluster: web\nhealth_check: restart",
            """
            i.yml:2:15: error: `health_check` is `restart`; expected `process` or `restart-first`
                Did you mean `restart-first`?
            """),
        Fault(
            "an unknown source of packages",
            "cluster: web",
            "cluster: web\npackages: internet",
            """
            i.yml:2:11: error: `packages` has to be `host`, `vault` or a folder of RPMs; found `internet`
                Write `packages: host` (the hosts' own repositories), `packages: { rpms: DIR }` (a folder of RPMs here) or `packages: vault` (the vault of the hosts' release).
            """),
        Fault(
            "packages from an unnamed folder",
            "cluster: web",
            "cluster: web\npackages: { rpms: }",
            """
            i.yml:2:13: error: `packages.rpms` is empty
                Write `packages: host` (the hosts' own repositories), `packages: { rpms: DIR }` (a folder of RPMs here) or `packages: vault` (the vault of the hosts' release).
            """),
        Fault(
            "a build host that is not there",
            "cluster: web",
            "cluster: web\nbuild_host: tow",
            """
            i.yml:2:13: error: `build_host` is `tow`, which is not among the hosts
                Did you mean `two`?
            """),
        Fault(
            "a build host that is no balancer",
            "cluster: web",
            "cluster: web\nbuild_host: app1",
            """
            i.yml:2:13: error: `build_host` is `app1`, which is no balancer
                Name a balancer: `one` or `two`, or leave the key out.
            """),
        Fault(
            "a limit without a unit",
            "cluster: web",
            "cluster: web\nlimits: { vip_moved: 5 }",
            """
            i.yml:2:22: error: `limits.vip_moved` is `5`; expected a duration with its unit, from 1ms to 1h
                Write `vip_moved: 5s` or `vip_moved: 500ms`.
            """),
        Fault(
            "a limit of zero",
            "cluster: web",
            "cluster: web\nlimits: { client_gap: 0s }",
            """
            i.yml:2:23: error: `limits.client_gap` is `0s`; expected a duration with its unit, from 1ms to 1h
                Write `client_gap: 5s` or `client_gap: 500ms`.
            """),
        Fault(
            "a port of SSH",
            "cluster: web",
            "cluster: web\nssh: { port: 0 }",
            """
            i.yml:2:14: error: `ssh.port` has to be a whole number from 1 to 65535; found `0`
                sshd listens on 22 by default.
            """),
        Fault(
            "a user that is none",
            "cluster: web",
            "cluster: web\nssh: { user: \"-oProxyCommand=x\" }",
            """
            i.yml:2:14: error: `ssh.user` is `-oProxyCommand=x`, which is no user's name
                Write the name of the user to log in as; root, or one that may use sudo without a password.
            """),
        Fault(
            "identities in a mapping",
            "cluster: web",
            "cluster: web\nssh: { identity: { a: b } }",
            """
            i.yml:2:8: error: `ssh.identity` has to be a private key file or a list of them; found a mapping
                Write `identity: ~/.ssh/id_ed25519`.
            """),
        Fault(
            "an empty identity",
            "cluster: web",
            "cluster: web\nssh: { identity: [\"\"] }",
            """
            i.yml:2:19: error: `ssh.identity` is ``, which is no path
                Write the path of a file; `~` stands for your home folder.
            """),
        Fault(
            "a passphrase instead of its variable",
            "cluster: web",
            "cluster: web\nssh: { passphrase_env: \"my secret\" }",
            """
            i.yml:2:24: error: `ssh.passphrase_env` is not the name of an environment variable
                Write the name of the variable that holds the passphrase, never the passphrase itself.
            """),
        Fault(
            "SSH settings of a host",
            "one: { address: 172.16.122.101, role: balancer, priority: 101 }",
            "one: { address: 172.16.122.101, role: balancer, priority: 101, ssh: { prt: 22 } }",
            """
            i.yml:12:73: error: unknown key `prt` in `hosts.one.ssh`
                Did you mean `port`?
            """),
        Fault(
            "several faults at once",
            "cluster: web",
            "cluster: web\nengine: none\nlimits: { vip_moved: never }\nbuild_host: x\nssh: { port: x, user: \"\" }",
            """
            i.yml:2:9: error: `engine` is `none`; expected `keepalived` or `vrrpd`
                Write one of them.
            """,
            """
            i.yml:3:22: error: `limits.vip_moved` is `never`; expected a duration with its unit, from 1ms to 1h
                Write `vip_moved: 5s` or `vip_moved: 500ms`.
            """,
            """
            i.yml:4:13: error: `build_host` is `x`, which is not among the hosts
                Name a balancer: `one` or `two`, or leave the key out.
            """,
            """
            i.yml:5:14: error: `ssh.port` has to be a whole number from 1 to 65535; found `x`
                sshd listens on 22 by default.
            """,
            """
            i.yml:5:23: error: `ssh.user` is ``, which is no user's name
                Write the name of the user to log in as; root, or one that may use sudo without a password.
            """),
    ]
}
