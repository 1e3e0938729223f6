/// What `%h` and its like stand for: ssh_config(5), "TOKENS".
struct Tokens {
    /// The address that is connected to.
    let host: String
    /// What it is called.
    let name: String
    let port: Int
    /// Who logs in there.
    let user: String
    let local: LoginCompletion.Local

    struct Problem: Error {
        var message: String
        var remedy: String
    }

    /// Replaces tokens and `${VARIABLE}`.
    func expand(_ text: String, variables: Bool = true) -> Result<String, Problem> {
        var result = ""
        var rest = text[...]
        while let sign = rest.popFirst() {
            if sign == "%" {
                guard let letter = rest.popFirst(), let value = value(of: letter) else {
                    return .failure(
                        Problem(
                            message: "`\(text)` has a token that haprov does not know",
                            remedy: "Known are %h, %n, %p, %r, %u, %d and %%; or set it in the inventory (`ssh`)."))
                }
                result += value
            } else if variables, sign == "$", rest.first == "{", let end = rest.firstIndex(of: "}") {
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard let value = local.environment[name] else {
                    return .failure(
                        Problem(
                            message: "`\(text)` needs the environment variable \(name), which is not set",
                            remedy: "Set it: `export \(name)=…`."))
                }
                result += value
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(sign)
            }
        }
        return .success(result)
    }

    private func value(of letter: Character) -> String? {
        switch letter {
        case "%": "%"
        case "h": host
        case "n": name
        case "p": "\(port)"
        case "r": user
        case "u": local.user
        case "d": local.home
        default: nil
        }
    }
}
