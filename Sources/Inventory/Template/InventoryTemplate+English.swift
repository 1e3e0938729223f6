extension InventoryTemplate {
    static let english = #"""
        # A highly available HAProxy service for haprov.
        #
        # Three hosts run HAProxy and share one virtual IP (VIP) by VRRP; three run the application.
        # Adapt the addresses, the NIC and the VRRP password, then:
        #
        #   haprov check        look for mistakes in this file
        #   haprov plan         show what would be done to the hosts
        #   haprov apply        do it, and ask whether to prove that the service fails over
        #   haprov rollback     take it all back

        # The name of the service: letters, digits, `.`, `_` and `-`.
        cluster: web

        # The program that speaks VRRP; both read the same keepalived.conf, and this word can be changed later:
        #   keepalived   compiled from its tarball
        #   vrrpd        haprov's own haprov-vrrpd: nothing to compile, and HAProxy's death is noticed at once
        engine: keepalived

        # How to log in. A host may have its own `ssh:` with any of these keys.
        ssh:
          user: root                           # or a user who becomes root by sudo
          # port: 22
          # Without `identity`, keys come from ssh-agent and then from ~/.ssh/id_ed25519, id_ecdsa, id_rsa.
          # identity: ~/.ssh/id_ed25519        # one file, or a list: [~/.ssh/id_ed25519, ~/.ssh/id_rsa]
          # passphrase_env: HAPROV_PASSPHRASE  # the variable with the key's passphrase; otherwise you are asked
          # password: { env: HAPROV_SSH_PASSWORD }
          # become: { by: sudo, password: { env: HAPROV_SUDO_PASSWORD } }   # or by: su; otherwise `sudo -n`, or you are asked
          # jump: ops@bastion.example          # a bastion on the way to the hosts, or a list of them
          # config: ~/.ssh/config              # what OpenSSH is told there holds for what is left open here
          # timeouts: { connect: 10s, login: 60s, begin: 60s, reconnect: 2m }
          known_hosts: ~/.ssh/known_hosts      # host keys are always checked

        # The address that moves.
        vip:
          address: 172.16.122.100/24           # free, and in the balancers' subnet
          interface: ens33                     # the balancers' NIC, as `ip addr` names it
          virtual_router_id: 51                # 1 to 255; no other VRRP router on this network may use it
          version: 2                           # VRRP 2, or 3 for intervals under a second (without a password)
          advert_int: 1s                       # whole seconds with version 2; 10ms to 40.95s with version 3
          preempt: true                        # the VIP returns to the highest priority once that host is well again
          # unicast: true                      # peers by address, where the network drops multicast

          # VRRP 2 sends the password in clear and carries 8 characters of it: it guards against mistakes,
          # not against attackers. Before `haprov apply`:  export HAPROV_VRRP_PASSWORD=...
          password: { env: HAPROV_VRRP_PASSWORD }   # or { file: PATH }, or the text itself

        # Several VIPs, or IPv6: `vips` in the place of `vip`, and no `priority` below `hosts`.
        # vrrp: { interface: ens33 }           # what holds for all
        # vips:
        #   web: { addresses: [172.16.122.100/24], virtual_router_id: 51, prefer: [haproxy1, haproxy2, haproxy3] }
        #   api: { addresses: [172.16.122.110/24], virtual_router_id: 52, prefer: [haproxy2, haproxy3, haproxy1] }

        # process:        give the VIP up when HAProxy is dead (checked every 2 seconds)
        # restart-first:  start HAProxy once more, and give the VIP up only where that fails
        # answer:         as process, and HAProxy has to answer: one that hangs is given up too
        health_check: process

        # Where compilers and libraries come from:
        #   host             the repositories that the hosts are set up with
        #   { rpms: DIR }    a folder of RPMs on this machine, for hosts without a network
        #   { debs: DIR }    a folder of .deb files on this machine
        #   vault            vault.centos.org, for the hosts' own release of CentOS
        packages: host

        # A package transaction that would upgrade what is installed is refused, unless:
        # allow_upgrades: true

        # HAProxy and keepalived are compiled on one host and handed to the others. By default that is
        # the balancer with the lowest priority.
        # build_host: haproxy3

        # The source tarballs lie beside this file in assets/; `haprov assets list` names what is missing.
        haproxy:
          # from: package                    # the distribution's own; then without version and prefix
          version: 1.8.25
          prefix: /usr/local/haproxy
          # config: haproxy/                 # your own haproxy.cfg and what lies beside it, instead of what follows
          frontends:
            web:
              bind: "*:80"                     # where clients connect: every address, or the VIP
              # mode: http                     # or tcp
              backend: app
          backends:
            app:
              servers: application             # every host with that role, or some: [app1, app2]
              port: 10900
              # check: { path: /health }       # a page of every server; else that its port takes connections
              balance: roundrobin              # leastconn, source, uri, ...

        keepalived:                            # not needed with `engine: vrrpd`
          version: 1.4.5
          prefix: /usr/local/keepalived

        # Balancers are changed by haprov; the highest priority holds the VIP. Application hosts never are.
        hosts:
          haproxy1: { address: 172.16.122.101, role: balancer, priority: 101 }
          haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
          haproxy3: { address: 172.16.122.103, role: balancer, priority: 99 }
          # A NIC or a login of a host's own:
          # haproxy4: { address: 172.16.122.107, role: balancer, priority: 98, interface: eth0, ssh: { port: 2222 } }
          app1: { address: 172.16.122.104, role: application }
          app2: { address: 172.16.122.105, role: application }
          app3: { address: 172.16.122.106, role: application }

        # What a failover may cost before `haprov verify` calls it failed.
        limits:
          vip_moved: 5s                        # from HAProxy's death until another host holds the VIP
          client_gap: 5s                       # the longest time without an answer that a client may see

        # Drills: HAProxy on the balancer that holds the VIP is killed while a client asks, and put back.
        drill:
          after_apply: ask                     # whether `haprov apply` makes one in the end; or always, never
          # url: https://shop.example/health   # what is asked of the VIP; otherwise its first frontend
          # expect: 200                        # what a good answer is; otherwise any of 2xx and 3xx
          # rate: 50                           # requests a second
          # verify: true                       # whether the certificate has to be good
          # ca: ca.pem                         # and who may have signed it

        """#
}
