package pacmatch

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// repositoryFor returns the oldest Repository with a URL, in a namespace if one is given.
// Nil means that there is none.
func repositoryFor(all []*v1alpha1.Repository, url, namespace string) *v1alpha1.Repository {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *v1alpha1.Repository) int {
		return a.CreationTimestamp.Compare(b.CreationTimestamp.Time)
	})
	for _, r := range sorted {
		if (namespace == "" || r.Namespace == namespace) && strings.TrimSuffix(r.Spec.URL, "/") == url {
			return r
		}
	}
	return nil
}

// merged returns a Repository with the settings of the global one where it has none.
func merged(r, global *v1alpha1.Repository) *v1alpha1.Repository {
	out := *r
	if global == nil {
		return &out
	}
	if g := global.Spec.Settings; g != nil {
		s := v1alpha1.Settings{}
		if r.Spec.Settings != nil {
			s = *r.Spec.Settings
		}
		if s.GitOpsCommandPrefix == "" {
			s.GitOpsCommandPrefix = g.GitOpsCommandPrefix
		}
		out.Spec.Settings = &s
	}
	if out.Spec.Incomings == nil {
		out.Spec.Incomings = global.Spec.Incomings
	}
	if out.Spec.Params == nil {
		out.Spec.Params = global.Spec.Params
	}
	return &out
}
