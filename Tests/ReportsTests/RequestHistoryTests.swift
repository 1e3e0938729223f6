import ProbeHistory
import Testing

@Suite struct RequestHistoryTests {
    private typealias Span = RequestHistory.Span

    @Test func spansOfTheSameCountsAreOneWord() {
        let history = RequestHistory(
            Array(repeating: Span(good: 10), count: 3) + [Span(good: 9, failed: 1), Span(failed: 10), Span(failed: 10)])
        #expect(history.text == "10*3 9/1 0/10*2")
        #expect(RequestHistory(text: history.text) == history)
        #expect(RequestHistory(text: "") == RequestHistory())
    }

    @Test(arguments: ["x", "1/2/3", "-1", "1/-1", "1*0", "1*x", "1*2*3", "0*1000001", "1*1000000 1"])
    func whatIsNoHistoryIsRefused(_ text: String) { #expect(RequestHistory(text: text) == nil) }

    @Test func requestsAreCountedInTheirSpans() {
        var history = RequestHistory()
        history.count(good: true, in: 2)
        history.count(good: false, in: 2)
        history.count(good: true, in: 0)
        history.count(good: true, in: -1)
        #expect(history.spans == [Span(good: 1), Span(), Span(good: 1, failed: 1)])
        #expect(history.merged(by: 2) == [Span(good: 1), Span(good: 1, failed: 1)])
        #expect(history.merged(by: 1) == history.spans)
    }
}
