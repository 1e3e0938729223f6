import CSSH2
import Glibc
import SSHWire

// libssh2's ways of proving who a user is.
extension Session {
    /// The signature algorithm to use with a type of key. RSA signs with SHA-2 (RFC 8332), which every sshd since
    /// OpenSSH 7.2 knows; its SHA-1 signatures are refused since 8.8.
    static let keyAlgorithms = [
        "ssh-ed25519": "ssh-ed25519", "ssh-rsa": "rsa-sha2-512", "ecdsa-sha2-nistp256": "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384": "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521": "ecdsa-sha2-nistp521",
    ]

    /// Offers a public key and, where the server would take it, signs; libssh2's code. See also `context.signError`.
    func authenticate(
        user: String, publicKey: [UInt8], watch: Watch,
        sign: @escaping (_ data: [UInt8], _ algorithm: String) throws(SSHError) -> [UInt8]
    ) throws(SSHError) -> Int {
        let type = HostKey(blob: publicKey).type
        var blob = publicKey
        if let algorithm = Self.keyAlgorithms[type] {
            // libssh2 takes the algorithm's name from the blob, and before 1.11 it stays with that: the blob has to begin
            // with the one to sign by. A certificate's is signed itself, and 1.11 replaces it where it has to.
            var named = WireWriter()
            named.string(algorithm)
            blob = named.bytes + publicKey.dropFirst(4 + type.utf8.count)
        }
        context.sign = { data throws(SSHError) in try sign(data, Self.algorithm(of: data) ?? type) }
        defer { context.sign = nil }
        let abstract = libssh2_session_abstract(handle)
        return try complete(watch) {
            Int(libssh2_userauth_publickey(handle, user, blob, blob.count, Self.signCallback, abstract))
        }
    }

    /// What the server is told that a signature is made by (RFC 4252 section 7): of a certificate, the key's own.
    private static func algorithm(of data: [UInt8]) -> String? {
        var reader = WireReader(data)
        // The session's identifier, then the message: its number, user, service, method, a flag.
        guard reader.string() != nil, reader.take(1) != nil, reader.string() != nil, reader.string() != nil,
            reader.string() != nil, reader.take(1) != nil, let name = reader.text()
        else { return nil }
        return name.hasSuffix(Certificate.suffix) ? String(name.dropLast(Certificate.suffix.count)) : name
    }

    /// Has the questions of keyboard-interactive authentication answered; libssh2's code.
    func answerQuestions(
        user: String, watch: Watch, _ answer: @escaping (Challenge) -> [String]
    ) throws(SSHError) -> Int {
        context.answer = answer
        defer { context.answer = nil }
        return try complete(watch) {
            Int(
                libssh2_userauth_keyboard_interactive_ex(
                    handle, user, UInt32(user.utf8.count), Self.promptCallback))
        }
    }

    typealias Abstract = UnsafeMutablePointer<UnsafeMutableRawPointer?>

    private static func context(_ abstract: Abstract?) -> Context? {
        guard let pointer = abstract?.pointee else { return nil }
        return Unmanaged<Context>.fromOpaque(pointer).takeUnretainedValue()
    }

    private static let signCallback:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, UnsafeMutablePointer<Int>?,
            UnsafePointer<UInt8>?, Int, Abstract?
        ) -> Int32 = { _, signature, signatureSize, data, size, abstract in
            guard let context = Session.context(abstract), let sign = context.sign else { return -1 }
            do throws(SSHError) {
                let bytes = try sign(Array(UnsafeBufferPointer(start: data, count: size)))
                // libssh2 frees it by the allocator that the session was made with, which is malloc's.
                guard let copy = malloc(bytes.count)?.assumingMemoryBound(to: UInt8.self) else { return -1 }
                copy.update(from: bytes, count: bytes.count)
                signature?.pointee = copy
                signatureSize?.pointee = bytes.count
                context.hasSigned = true
                return 0
            } catch {
                context.signError = error
                return -1
            }
        }

    private static let promptCallback:
        @convention(c) (
            UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, Int32, Int32,
            UnsafePointer<LIBSSH2_USERAUTH_KBDINT_PROMPT>?, UnsafeMutablePointer<LIBSSH2_USERAUTH_KBDINT_RESPONSE>?,
            Abstract?
        ) -> Void = { name, nameSize, instruction, instructionSize, count, prompts, responses, abstract in
            guard let context = Session.context(abstract), let answer = context.answer else { return }
            func text(_ start: UnsafeRawPointer?, _ size: Int) -> String {
                String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : size), as: UTF8.self)
            }
            var challenge = Challenge(
                name: text(name, Int(nameSize)), instruction: text(instruction, Int(instructionSize)))
            if let prompts {
                challenge.questions = (0..<Int(count)).map { index in
                    let prompt = prompts[index]
                    return .init(text: text(prompt.text, Int(prompt.length)), isShown: prompt.echo != 0)
                }
            }
            let answers = answer(challenge)
            guard let responses else { return }
            for index in 0..<Int(count) {
                let answer = index < answers.count ? answers[index] : ""
                responses[index].text = strdup(answer)
                responses[index].length = UInt32(answer.utf8.count)
            }
        }

    /// Keeps the server's words when it hangs up.
    static let disconnectCallback:
        @convention(c) (
            OpaquePointer?, Int32, UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, Int32, Abstract?
        ) -> Void = { _, _, message, size, _, _, abstract in
            guard let context = Session.context(abstract), let message else { return }
            let bytes = UnsafeRawBufferPointer(start: message, count: Int(size))
            context.disconnectReason = String(decoding: bytes, as: UTF8.self)
        }
}
