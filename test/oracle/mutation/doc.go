// Package mutation breaks the examples of tekwright in one place at a time, and
// counts how many of the mutants the rules report.
//
// The examples are read as the YAML that is committed. Every value of every
// object is broken in every way of [operators]: left out, renamed, given another
// type, swapped with a neighbour. A mutant is killed if there is an error, a
// warning or advice that the example itself does not have. Advice is that of the
// persona pedantic; what only the persona auditor is told is counted apart.
//
// What survives both is in [excuses], with the reason: the mutant is as valid as
// the example, or only a cluster, a registry or a person knows better. So there are
// three rates: that of all mutants, which has a floor, the same for an auditor, and
// that of those which are not excused. The last is 100 % unless a rule is lost or an
// example has something new. Notes about what may be in the cluster do not count.
//
// Scripts are broken by leaving them out only, and the order of lists only in
// steps.
//
//	go test -v ./mutation                     # the tables, and each survivor
//	go test -v ./mutation -every 1            # all mutants, not one of 8
//	go test -v ./mutation -run '/release'     # of one example
package mutation
