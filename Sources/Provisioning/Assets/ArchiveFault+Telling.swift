import Archives
import Compression
import Foundation

extension ArchiveFault {
    /// Does what reads an archive from the disk; whatever goes wrong is a fault of the archive.
    static func telling<T>(_ work: () throws -> T) throws(ArchiveFault) -> T {
        do {
            return try work()
        } catch let fault as ArchiveFault {
            throw fault
        } catch let fault as CompressionFault {
            throw ArchiveFault(fault.reason)
        } catch {
            throw ArchiveFault("\(error.localizedDescription)")
        }
    }
}
