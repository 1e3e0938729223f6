import Glibc
import VRRPDaemon

exit(VRRPDaemon.main(Array(CommandLine.arguments.dropFirst())))
