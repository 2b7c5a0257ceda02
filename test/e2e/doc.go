// Package e2e tests the output of the library on a live Tekton.
//
// The tests run on any cluster that KUBECONFIG points to, and are skipped with
// a message without one:
//
//	cd test/e2e && KUBECONFIG=$HOME/.kube/config go test -p 1 ./...
//
// Package report runs them and writes a table and a JUnit file:
//
//	go run ./report -junit report.xml -- -p 1 ./...
//
// Each part is a package: admission, refusal, flow, events, apply, runs,
// command and real. A part that needs something the cluster lacks (a fake
// kubelet, a Git server, a registry) is skipped with a message. Substitutes
// that a test uses are recorded as its attributes, and shown in the table.
//
// Use -p 1, because some parts change Tekton's feature flags.
//
// The tests send events to the address of an EventListener. If it cannot be
// reached, set E2E_SINK to a command that is called with a namespace and a
// name, and prints another URL.
package e2e
