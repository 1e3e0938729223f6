import CArguments
import CLinux
import VRRPDaemon

// The first one is the program's own name.
let arguments = (0..<program_argument_count()).map { String(cString: program_argument($0)) }.dropFirst()
exit(VRRPDaemon.main(Array(arguments)))
