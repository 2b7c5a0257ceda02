// Package negative holds the rules against what Tekton's own tests expect to
// be refused: it runs those tests, writes down every object that they
// validate, and checks each with this module.
//
// It is a module of its own since Tekton's tests need more than the library
// does.
package negative
