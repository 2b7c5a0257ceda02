// Package real runs what the library writes on a node: the systems of the
// examples from a push to a Deployment, and each task of the catalogue with
// hostile inputs, with tools that fail, without its optional workspaces, and
// cancelled in the middle of its work. It also runs what nothing rejects and
// nobody expects: traps.
//
// It takes a cluster of the tier "node", whose pods reach the tests as
// git.cluster.internal, and a machine with git.
//
//	go test -c -o real.test . && cluster exec ./real.test -test.v
package real
