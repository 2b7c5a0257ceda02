// Package negative holds the rules against what Tekton's own tests validate: it
// runs those tests, writes down every object, or the part of one around which
// it puts the rest, and checks each with this module under the configuration of
// the test.
//
// What Tekton refuses has to be an error at the same field; where we name
// another, because it is more precise or Tekton's leads nowhere, that stands in
// testdata/answers.txt. What Tekton accepts has to be free of errors, but for
// those that known_test.go explains.
//
// It is a module of its own since Tekton's tests need more than the library
// does.
package negative
