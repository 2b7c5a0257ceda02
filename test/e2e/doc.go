// Package e2e proves what the library writes on a live Tekton.
//
// The suite runs against any cluster that KUBECONFIG points to, and is skipped,
// loudly, without one:
//
//	cd test/e2e && KUBECONFIG=$HOME/.kube/config go test -p 1 ./...
//
// Package report makes a table and a JUnit file of that, for people and for a CI:
//
//	go run ./report -junit report.xml -- -p 1 ./...
//
// Each part is a package: admission, refusal, flow, events, apply, runs, command,
// and real. A part that needs more than the cluster has (a kubelet that plays
// verdicts, a git server, a registry) says what it needs and is skipped. What
// stands in for what is an attribute of the test, and in the table.
//
// -p 1 keeps the parts apart, as some of them change Tekton's feature flags.
//
// The URL of an EventListener is its address; where that is no place, E2E_SINK
// names a command that is run with a namespace and a name, and prints another.
package e2e
