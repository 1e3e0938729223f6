import Foundation
import Testing

@testable import haprov

@Suite struct JSONValueTests {
    @Test func linesHoldOneObjectWithSortedKeys() {
        let value: JSONValue = [
            "type": "summary", "ok": true, "changes": 3, "seconds": 1.5, "run": .null, "hosts": ["a", "b\n\"c\""],
        ]
        #expect(
            value.line
                == #"{"changes":3,"hosts":["a","b\n\"c\""],"ok":true,"run":null,"seconds":1.5,"type":"summary"}"#)
    }

    private struct Sample: Encodable {
        var count = 1
        var flag = true
        var off = false
        var zero = 0
        var half = 0.5
        var name = "/usr/local"
        var nothing: String?
        var inner = [["a": 1]]
    }

    @Test func encodableValuesKeepTheirKinds() {
        #expect(
            JSONValue(encoding: Sample()).line
                == #"{"count":1,"flag":true,"half":0.5,"inner":[{"a":1}],"name":"/usr/local","off":false,"zero":0}"#)
    }

    @Test func onlyObjectsHaveFields() {
        let object: JSONValue = ["a": 1]
        #expect(JSONValue.object(object.fields).line == #"{"a":1}"#)
        #expect(JSONValue.list([object]).fields.isEmpty)
    }
}
