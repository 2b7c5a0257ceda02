// Bench measures programs that write the same manifests: N Tasks (with two
// params, one workspace, one result and two steps) and a Pipeline of N tasks.
//
//	go run .                # tekwright and upstream structs
//	go run . -cdk8s DIR     # and cdk8s, installed by
//	npm install --prefix DIR cdk8s@2.70.106 constructs@10.8.1
//
// It builds the programs, runs them alternately so that they run under the same
// conditions, and prints the median of their CPU time (user and system), their
// wall time, and the size of their output.
package main
