extension Fields {
    /// A command and its arguments, parted by blanks: they are run as they are, without a shell.
    package func command(_ name: String) -> String {
        let command = text(name)
        if command.contains(where: { "'\"\\$`*?[;&|<>()".contains($0) }) {
            fault(
                name, "`\(name)` is a command and its arguments, without quotes or other shell signs",
                "Put what needs a shell into a script, and name that.")
        }
        return command
    }
}
