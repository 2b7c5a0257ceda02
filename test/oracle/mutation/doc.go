// Package mutation breaks the examples of tekwright in one place at a time, and
// counts how many of the mutants the rules report.
//
// The examples are read as the YAML that is committed. Every value of every
// object is broken in every way of [operators]: left out, renamed, given another
// type, swapped with a neighbour. A mutant is killed if there is an error, a
// warning or advice that the example itself does not have. What nobody can find offline,
// because the mutant is as good as the example or only a person or a registry
// knows better, is listed in [excuses] with the reason, and counted apart. So
// there are two rates: that of all mutants, which has a floor, and that of those
// which are not excused, which is 100 % unless a rule is lost or an example holds
// something new. Advice counts, notes about what may be in the cluster do not.
//
// Scripts are broken by leaving them out only, and the order of lists only in
// steps.
//
//	go test -v ./mutation                     # the tables, and each survivor
//	go test -v ./mutation -every 1            # all mutants, not one of 8
//	go test -v ./mutation -run '/release'     # of one example
package mutation
