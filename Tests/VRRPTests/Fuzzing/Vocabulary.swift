/// What the fuzzing of keepalived.conf(5) begins with.
enum Vocabulary {
    /// Words that mean something there, and some that ought to mean nothing.
    static let words: [[UInt8]] = """
        global_defs router_id script_user enable_script_security vrrp_version vrrp_garp_master_delay vrrp_mcast_group4
        vrrp_priority vrrp_rt_priority vrrp_no_swap vrrp_script script interval timeout rise fall weight reverse user
        init_fail vrrp_track_process process quorum quorum_max fork_delay terminate_delay delay full_command param_match
        vrrp_instance state MASTER BACKUP interface eth0 ens33 virtual_router_id priority advert_int version nopreempt
        preempt_delay native_ipv6 authentication auth_type PASS AH auth_pass secret virtual_ipaddress
        virtual_ipaddress_excluded 172.16.122.100/24 10.0.0.1 fe80::1/64 2001:db8::100 brd + - dev label eth0:1 scope
        link unicast_src_ip mcast_src_ip unicast_peer min_ttl max_ttl check_unicast_src track_script track_process track_interface dont_track_primary
        garp_master_delay garp_master_repeat garp_master_refresh garp_master_refresh_repeat garp_lower_prio_repeat
        garp_lower_prio_delay v3_checksum_as_v2 checksum_compatibility notify notify_master notify_backup notify_fault
        notify_stop track_file vrrp_track_file file init_file overwrite virtual_routes virtual_rules via table metric onlink from to
        blackhole preference fwmark vrrp_startup_delay notify_fifo notify_fifo_script vrrp_sync_group group include main { } 0 1 2 3 0.01 0.5 40.95 51 100 101 254 255 256 -1 -253 65536
        99999999999999999999 1e9 . .. :: / "two words" 'single' " ' \\ # ! ; $VAR ${VAR} @host ^ ~SEQ é \u{0} x
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) }

    /// Files that can be run.
    static let configurations: [[UInt8]] = [
        """
        global_defs {
            router_id haproxy1
            script_user root
            enable_script_security
        }
        vrrp_script chk_haproxy {
            script "/usr/bin/killall -0 haproxy"   # is it alive?
            interval 2
            weight -20 ! not FAULT
            fall 2
        }
        vrrp_instance VI_1 {
            state BACKUP
            interface ens33
            virtual_router_id 51
            priority 101
            advert_int 1
            nopreempt
            authentication {
                auth_type PASS
                auth_pass secret
            }
            virtual_ipaddress {
                172.16.122.100/24 dev ens33 label ens33:1
            }
            track_script {
                chk_haproxy
            }
        }
        """,
        """
        vrrp_track_process haproxy { process haproxy
         weight 0 }
        track_file f { file /run/f
         init_file 0 overwrite }
        vrrp_sync_group G { group { A
         B }
         notify_master "/usr/bin/logger up" root }
        vrrp_instance A { interface eth0
         version 3
         advert_int 0.1
         virtual_router_id 1
         priority 254
         unicast_src_ip 10.0.0.1
         unicast_peer { 10.0.0.2
          10.0.0.3 }
         virtual_ipaddress { 10.0.0.100/24 }
         virtual_ipaddress_excluded { 2001:db8::5/64 dev eth1 }
         track_process { haproxy weight 10 reverse } }
        vrrp_instance B { interface eth1
         state MASTER
         version 3
         native_ipv6
         virtual_router_id 1
         virtual_ipaddress { fe80::100/64 }
         track_interface { eth0 weight -3 }
         virtual_routes { default via 10.0.0.254 dev eth1 table 100
          blackhole 192.0.2.0/24 }
         virtual_rules { from 10.0.0.0/8 table 100 preference 5 }
         track_file { f weight 1 }
         preempt_delay 30
         garp_master_delay 1 }
        """,
    ].map { Array($0.utf8) }
}
