// Package e2e proves what the library writes on a live Tekton.
//
// The suite runs against any cluster that KUBECONFIG points to, and is skipped,
// loudly, without one:
//
//	cd test/e2e && KUBECONFIG=$HOME/.kube/config go test ./...
//
// Each part is a package: admission, refusal, flow, events, and real. A part
// that needs more than the cluster has (a kubelet that plays verdicts, a git
// server, a registry) says what it needs and is skipped.
package e2e
