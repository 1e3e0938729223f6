/// When a master tells the neighbours again who has its addresses.
struct AnnouncementSchedule: Sendable {
    private var again: Instant?
    private var afterLowerPriority: Instant?
    private var refresh: Instant?

    /// When something is due next.
    var deadline: Instant? {
        var first = again
        if let other = afterLowerPriority, first.map({ other < $0 }) ?? true { first = other }
        if let other = refresh, first.map({ other < $0 }) ?? true { first = other }
        return first
    }

    /// The router has become master and has announced its addresses.
    mutating func becameMaster(_ settings: AnnouncementSettings, at now: Instant) {
        self = AnnouncementSchedule()
        if settings.delay > .zero { again = now.advanced(by: settings.delay) }
        restartRefresh(settings, at: now)
    }

    /// Refreshes are counted from now on, the first of them behind the repetition.
    mutating func restartRefresh(_ settings: AnnouncementSettings, at now: Instant) {
        refresh = settings.refresh > .zero ? now.advanced(by: settings.delay + settings.refresh) : nil
    }

    /// A lower priority was heard and the addresses have been announced; further ones do not put off the repetition.
    mutating func heardLowerPriority(_ settings: AnnouncementSettings, at now: Instant) {
        let delay = settings.delayAfterLowerPriority ?? settings.delay
        if afterLowerPriority == nil, delay > .zero { afterLowerPriority = now.advanced(by: delay) }
    }

    /// How many announcements are due; each kind only once however late it is.
    mutating func due(_ settings: AnnouncementSettings, at now: Instant) -> Int {
        var count = 0
        if let moment = again, moment <= now {
            again = nil
            count = max(count, settings.countAfterDelay)
        }
        if let moment = afterLowerPriority, moment <= now {
            afterLowerPriority = nil
            count = max(count, settings.countAfterLowerPriority ?? settings.count)
        }
        if let moment = refresh, moment <= now {
            refresh = settings.refresh > .zero ? now.advanced(by: settings.refresh) : nil
            count = max(count, settings.refreshCount)
        }
        return count
    }
}
