// Package crd validates the YAML of this repository with the schemas of
// Tekton's CustomResourceDefinitions, as the API server does. Unknown fields,
// which the API server would silently drop, are errors.
//
// It is a separate module because the schemas need more of Kubernetes than the
// library does.
package crd
