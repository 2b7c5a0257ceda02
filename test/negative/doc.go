// Package negative holds the rules against what Tekton's own tests validate. Package
// record ran those tests and wrote down every object, or the part of one, in
// testdata/calls.json; the test puts the rest around a part, and checks each with
// this module under the configuration of the test. After another version of Tekton
// is required, go generate records again.
//
// What Tekton refuses has to be an error at the same field; where we name
// another, because it is more precise or Tekton's leads nowhere, that stands in
// testdata/answers.txt. What Tekton accepts has to be free of errors, but for
// those that known_test.go explains.
//
// It is a module of its own since Tekton's tests need more than the library
// does.
package negative

//go:generate go run ./record -o testdata/calls.json
