/// What is to happen, soonest first; what was scheduled for the same moment happens in the order in which it was scheduled.
struct EventQueue<Element> {
    private struct Entry {
        var time: Int64
        var order: Int
        var element: Element

        func precedes(_ other: Entry) -> Bool { (time, order) < (other.time, other.order) }
    }

    private var heap: [Entry] = []
    private var scheduled = 0

    /// When the first one is due.
    var nextTime: Int64? { heap.first?.time }

    mutating func schedule(_ element: Element, at time: Int64) {
        heap.append(Entry(time: time, order: scheduled, element: element))
        scheduled += 1
        var child = heap.count - 1
        while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> Element? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return first.element
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[least])
            {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
