"""An HTTPS server on an address of this machine's. Writes its port; answers with what the client asked for."""
import socket
import ssl
import sys
import threading

address, certificate, least = sys.argv[1:4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
context.set_alpn_protocols(["h2", "http/1.1"])
if least == "1.1":
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
names = {}


def remember(session, name, _):
    names[session] = name


context.sni_callback = remember


def serve(plain):
    try:
        with context.wrap_socket(plain, server_side=True) as session:
            name = names.pop(session, None)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = session.recv(4096)
                if not piece:
                    return
                head += piece
            lines = head.decode().split("\r\n")
            host = next(line[6:] for line in lines if line.lower().startswith("host: "))
            words = [session.session_reused, session.selected_alpn_protocol(), name, host, lines[0].split()[1]]
            body = " ".join(str(word) for word in words)
            session.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            session.recv(1)
    except OSError:
        pass


family = socket.AF_INET6 if ":" in address else socket.AF_INET
listener = socket.socket(family, socket.SOCK_STREAM)
listener.bind((address, 0))
listener.listen(512)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
