import HAProxyReading
import Testing

@Suite("What a configuration of HAProxy's says")
struct HAProxyReaderTests {
    private func read(_ text: String) -> HAProxyConfiguration {
        HAProxyReader.read([HAProxyReader.Source(file: "haproxy.cfg", text: text)])
    }

    private func binds(_ text: String) -> [String] {
        read(text).binds.map { bind in
            let ports =
                bind.ports.count == 1 ? "\(bind.ports.lowerBound)" : "\(bind.ports.lowerBound)-\(bind.ports.upperBound)"
            return "\(bind.name) \(bind.address) \(ports) \(bind.mode)" + (bind.isEncrypted ? " tls" : "")
                + (bind.expectsProxyHeader ? " proxy" : "")
        }
    }

    @Test func whereClientsConnectTo() {
        #expect(
            binds(
                """
                defaults
                    mode http
                frontend web
                    bind *:80
                    bind :8080,0.0.0.0:8081
                    bind 10.0.0.1:443 ssl crt certs/site.pem
                    bind [::]:80 v6only
                    bind :::81 v4v6
                    bind ipv4@10.0.0.2:82 accept-proxy
                    bind /run/web.sock mode 600
                    bind abns@web
                listen db
                    mode tcp
                    bind :10000-10002
                backend none
                    server a 10.0.0.9:80
                """)
                == [
                    "web * 80 http", "web * 8080 http", "web * 8081 http", "web 10.0.0.1 443 http tls",
                    "web :: 80 http",
                    "web * 81 http", "web :: 81 http", "web 10.0.0.2 82 http proxy", "db * 10000-10002 tcp",
                ])
    }

    /// `mode` counts for the whole section, wherever it stands; a bind before 1.8 stood in the section's own line.
    @Test func modes() {
        #expect(
            binds("frontend a *:5000\n mode http\nfrontend b\n bind :1\ndefaults\n mode http\nfrontend c\n bind :2\n")
                == ["a * 5000 http", "b * 1 tcp", "c * 2 http"])
        #expect(
            binds(
                "defaults one\n mode http\ndefaults two from one\ndefaults three\nfrontend a from two\n bind :1\nfrontend b\n bind :2\n"
            ) == ["a * 1 http", "b * 2 tcp"])
    }

    @Test func servers() {
        let found = read(
            """
            backend app
                default-server check inter 2s
                server one 10.0.0.1:80
                server two 10.0.0.2:8080 no-check
                server three app.example:443 ssl verify none check port 9000
                server four [2001:db8::1]:80
                server five 10.0.0.5
                server local unix@/run/app.sock
                server-template pods 3 _http._tcp.app:80 resolvers dns
            backend other
                server six ipv4@10.0.0.6:+1
            """
        ).servers
        let texts = found.map {
            "\($0.backend)/\($0.name) \($0.address) \($0.port.map(String.init) ?? "-") \($0.isChecked)"
        }
        #expect(
            texts == [
                "app/one 10.0.0.1 80 true", "app/two 10.0.0.2 8080 false", "app/three app.example 443 true",
                "app/four 2001:db8::1 80 true", "app/five 10.0.0.5 - true", "app/pods _http._tcp.app 80 true",
                "other/six 10.0.0.6 - false",
            ])
        #expect(found.filter(\.isEncrypted).map(\.name) == ["three"])
    }

    @Test func globalSettings() {
        let found = read(
            """
            global
                maxconn 20000
                stats socket /run/haproxy.sock mode 660 level admin
                stats socket ipv4@127.0.0.1:9999 level admin
                stats socket unix@/run/haproxy/admin.sock level admin expose-fd listeners
                server-state-file /var/lib/haproxy/state
            defaults
                load-server-state-from-file global
            backend app
            """)
        #expect(found.maximumConnections == 20000)
        #expect(found.sockets.map(\.path) == ["/run/haproxy.sock", "127.0.0.1:9999", "/run/haproxy/admin.sock"])
        #expect(found.sockets.map(\.passesListeners) == [false, false, true])
        #expect(found.stateFile == "/var/lib/haproxy/state")
        #expect(found.loadsState)
    }

    @Test func filesThatItNames() {
        let found = read(
            """
            global
                crt-base /etc/ssl/private
                ca-base certs/ca
                lua-load lua/hello.lua
            frontend web
                bind :443 ssl crt site.pem crt-list lists/all.txt ca-file clients.pem
                acl bad src -f lists/bad.txt
                use_backend %[req.hdr(host),lower,map_dom(maps/hosts.map,app)]
                http-request set-header X-Kind %[path,map(maps/kinds.map)]
                http-request return status 200 content-type text/plain file errors/hello.txt if { path /hello }
                errorfile 503 errors/503.http
            backend app
                server a 10.0.0.1:443 ssl ca-file @system-ca crt client.pem
            """)
        #expect(
            Set(found.files.map { "\($0.word) \($0.path)" }) == [
                "lua-load lua/hello.lua", "crt /etc/ssl/private/site.pem", "crt-list lists/all.txt",
                "ca-file certs/ca/clients.pem", "-f lists/bad.txt", "map maps/hosts.map", "map maps/kinds.map",
                "file errors/hello.txt", "errorfile errors/503.http", "crt /etc/ssl/private/client.pem",
            ])
    }

    /// HAProxy's manual, "Quoting and escaping".
    @Test func words() {
        #expect(
            binds("frontend 'a b'\n bind \":80\" # bind :81\n bind :8\\2\n").map { String($0.dropFirst(4)) }.first
                == "* 80 tcp")
        let escaped = read("frontend web\n errorfile 503 err\\ ors/5\\#3.http # errors\n errorfile 502 \"a b\"'c d'\n")
            .files
        #expect(escaped.map(\.path) == ["err ors/5#3.http", "a bc d"])
        #expect(read("frontend web\r\n bind :80\r\n").binds.map(\.ports) == [80...80])
    }

    /// What it did not understand is said, with where it stands.
    @Test func doubts() {
        let found = read(
            """
            maxconn 5
            global
                setenv WEB 8080
            frontend web
                bind ":${WEB}"
                bind ":$OTHER"
                bind :http
            .if feature(OPENSSL)
                bind "*:443
            .endif
            """)
        #expect(found.binds.map(\.ports) == [8080...8080, 443...443])
        #expect(found.notes.map(\.place.line) == [1, 6, 7, 8, 9])
        #expect(found.notes[1].text.contains("haproxy.ports"))
    }

    @Test func severalHosts() {
        var one = read("global\n stats socket /run/a level admin expose-fd listeners\nfrontend web\n bind :80\n")
        one.merge(read("frontend web\n bind :81\n"))
        #expect(one.binds.map(\.ports.lowerBound) == [80, 81])
        #expect(one.sockets.isEmpty)
    }
}
