package facts

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// PacRepository is a Repository of Pipelines-as-Code.
type PacRepository struct {
	*v1alpha1.Repository
	Entry *Entry
}

// IsPacRepository reports whether the object is a Repository of Pipelines-as-Code.
func (e *Entry) IsPacRepository() bool {
	return e.Ref.Kind == "Repository" && strings.HasPrefix(e.Ref.APIVersion, pacAnnotations)
}

// PacRepositories returns the Repository objects of Pipelines-as-Code in the set. Those that
// cannot be decoded are empty.
func (s *Set) PacRepositories() []PacRepository {
	s.asked(Objects)
	if s.pacRepositoriesFound {
		return s.pacRepositories
	}
	s.pacRepositoriesFound = true
	for _, e := range s.entries {
		if !e.IsPacRepository() {
			continue
		}
		r := &v1alpha1.Repository{}
		if b, err := json.Marshal(e.Object.Object); err != nil || json.Unmarshal(b, r) != nil {
			r = &v1alpha1.Repository{}
		}
		s.pacRepositories = append(s.pacRepositories, PacRepository{r, e})
	}
	return s.pacRepositories
}

// RepositoryParams returns the names of the params of the Repository objects of
// Pipelines-as-Code in the set; false if there are no such objects.
func (s *Set) RepositoryParams() (names []string, ok bool) {
	all := s.PacRepositories()
	for _, r := range all {
		for _, p := range r.Spec.Params {
			names = append(names, p.Name)
		}
		for _, in := range r.Spec.Incomings {
			names = append(names, in.Params...)
		}
	}
	return names, len(all) > 0
}

// providerHosts are the git providers of well-known hosts.
var providerHosts = map[string]string{
	"github.com": "github", "gitlab.com": "gitlab", "bitbucket.org": "bitbucket-cloud", "codeberg.org": "gitea", "gitea.com": "gitea",
}

// Provider returns the git provider of the Repository, "" if it is not known.
func (r PacRepository) Provider() string {
	if g := r.Spec.GitProvider; g != nil && g.Type != "" {
		if g.Type == "forgejo" {
			return "gitea"
		}
		return g.Type
	}
	_, rest, _ := strings.Cut(r.Spec.URL, "://")
	host, _, _ := strings.Cut(rest, "/")
	return providerHosts[host]
}

// PacProviders returns those of some git providers that the Repository objects of the set
// have; all of them if that is not known.
func (s *Set) PacProviders(all []string) []string {
	var known []string
	for _, r := range s.PacRepositories() {
		provider := r.Provider()
		if !slices.Contains(all, provider) {
			return all
		}
		known = append(known, provider)
	}
	if known == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(p string) bool { return !slices.Contains(known, p) })
}

// memoRepositories keeps [Set.PacRepositories].
type memoRepositories struct {
	pacRepositories      []PacRepository
	pacRepositoriesFound bool
}
