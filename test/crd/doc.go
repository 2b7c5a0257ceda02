// Package crd holds the YAML of this repository against the schemas of
// Tekton's CustomResourceDefinitions, as the API server does: unknown fields,
// which it would drop without a word, are errors here.
//
// It is a module of its own, since the schemas need more of Kubernetes than
// the library does.
package crd
