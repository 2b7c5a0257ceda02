// Package cluster drives Tekton on a live cluster: it applies a set of
// manifests, starts runs, follows them to their end, and cancels them.
//
// It is the one package of this module that talks to an API server, and the one
// that links client-go: a program that only writes manifests does not import it.
// The library reads no kubeconfig and no environment by itself; the caller gives
// a rest.Config.
package cluster
