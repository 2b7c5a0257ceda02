// Package negative compares the rules with Tekton's own validation tests.
// Package record ran these tests and recorded every object, or part of an
// object, in testdata/calls.json. The test completes partial objects, and
// checks each object with this module under the configuration of the original
// test. After changing the required version of Tekton, run go generate to
// record them again.
//
// What Tekton rejects must be an error at the same field. If tekwright reports
// a different field, because it is more precise or Tekton's is not useful, the
// field is listed in testdata/answers.txt. What Tekton accepts must have no
// errors, except those that known_test.go explains.
//
// It is a separate module because Tekton's tests need more than the library
// does.
package negative

//go:generate go run ./record -o testdata/calls.json
