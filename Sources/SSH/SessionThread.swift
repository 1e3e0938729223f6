import Glibc

/// The executor of one connection: a thread of its own, so that calls that wait for a host block nobody else.
///
/// The thread lives until ``finish()``, which the connection calls when nobody can reach it any more.
final class SessionThread: SerialExecutor, @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // Guarded by the mutex.
    private var jobs: [UnownedJob] = []
    private var finished = false
    // Touched by the thread itself alone.
    private var idle: (work: () -> Void, interval: Double)?

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Somebody may set the clock of the day.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Starts the thread; false where the system gives none.
    func start() -> Bool { DetachedThread.start { [self] in main() } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        jobs.append(job)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Lets the thread end once nothing is left to run.
    func finish() {
        pthread_mutex_lock(mutex)
        finished = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Sets what to do again and again while no job comes; to be called on the thread.
    func whenIdle(every seconds: Double, _ work: (() -> Void)?) { idle = work.map { ($0, seconds) } }

    private func main() {
        while true {
            switch next() {
            case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .idle: idle?.work()
            case .end:
                idle = nil
                return
            }
        }
    }

    private enum Next {
        case job(UnownedJob)
        case idle
        case end
    }

    private func next() -> Next {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var end = timespec()
        if let idle {
            clock_gettime(CLOCK_MONOTONIC, &end)
            end.tv_sec += Int(idle.interval)
            end.tv_nsec += Int((idle.interval - idle.interval.rounded(.down)) * 1e9)
            if end.tv_nsec >= 1_000_000_000 {
                end.tv_sec += 1
                end.tv_nsec -= 1_000_000_000
            }
        }
        while jobs.isEmpty, !finished {
            if idle == nil {
                pthread_cond_wait(condition, mutex)
            } else if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT, jobs.isEmpty {
                return finished ? .end : .idle
            }
        }
        return jobs.isEmpty ? .end : .job(jobs.removeFirst())
    }
}
