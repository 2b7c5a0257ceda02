// Package oracle holds the rules of tekwright against the code that Tekton's
// controllers run: it makes systems of Tasks, StepActions, a Pipeline and runs
// at random, breaks one thing in each, and asks both whether that would run.
//
// It is a module of its own because Tekton's reconcilers need more than a
// thousand packages, none of which the library may pull in.
//
//	go test -v . -run TestFaults                    # the table: fault, tried, theirs, ours
//	TEKWRIGHT_SYSTEMS=20000 go test . -timeout 1h   # more of them
//	go test -fuzz FuzzSystem
package oracle
