// Command bench measures programs that write the same manifests: N Tasks (two
// params, one workspace, one result, two steps) and one Pipeline of N tasks.
//
//	go run .                # tekwright against upstream structs
//	go run . -cdk8s DIR     # and cdk8s, installed by
//	npm install --prefix DIR cdk8s@2.70.106 constructs@10.8.1
//
// It builds the programs, runs them in turn so that all see the same machine,
// and prints the median CPU time of their processes (user and system), their
// wall time, and what they wrote.
package main
