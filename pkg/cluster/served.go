package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/rest"
)

// served is a cache of the API groups and resources that the API server serves.
// Each group version is requested when it is needed, and only once.
type served struct {
	client rest.Interface
	mu     sync.Mutex
	kinds  map[schema.GroupVersion][]metav1.APIResource
}

// get requests a path outside the API groups.
func (s *served) get(ctx context.Context, path string, into any) error {
	body, err := s.client.Get().AbsPath(path).Do(quiet(ctx)).Raw()
	if err != nil {
		return err
	}
	if json.Unmarshal(body, into) != nil {
		return &foreignError{"its answer to " + path + " is not that of an API server"}
	}
	return nil
}

// version returns the version of the API server.
func (s *served) version(ctx context.Context) (version.Info, error) {
	var v version.Info
	err := s.get(ctx, "/version", &v)
	if apierrors.IsNotFound(err) {
		err = &foreignError{"it does not know /version"}
	}
	return v, err
}

// foreign returns an error if the server is none of Kubernetes, or does not answer.
func (s *served) foreign(ctx context.Context) error {
	_, err := s.version(ctx)
	if _, foreign := errors.AsType[*foreignError](err); foreign || lost(err) {
		return err
	}
	return nil
}

// groups returns all API groups except the core group, which has only v1.
func (s *served) groups(ctx context.Context) ([]metav1.APIGroup, error) {
	var list metav1.APIGroupList
	err := s.get(ctx, "/apis", &list)
	if apierrors.IsNotFound(err) {
		return nil, s.foreign(ctx)
	}
	return list.Groups, err
}

// resources returns the resources of a group version, none if it is not served.
// With anew, it does not use the cache.
func (s *served) resources(ctx context.Context, of schema.GroupVersion, anew bool) ([]metav1.APIResource, error) {
	s.mu.Lock()
	known, ok := s.kinds[of]
	s.mu.Unlock()
	if ok && !anew {
		return known, nil
	}
	path := "/apis/" + of.String()
	if of.Group == "" {
		path = "/api/" + of.Version
	}
	var list metav1.APIResourceList
	err := s.get(ctx, path, &list)
	if apierrors.IsNotFound(err) {
		err = s.foreign(ctx)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kinds == nil {
		s.kinds = map[schema.GroupVersion][]metav1.APIResource{}
	}
	s.kinds[of] = list.APIResources
	return list.APIResources, nil
}

// mapping returns the resource of a kind, or a meta.NoKindMatchError if it is
// not served. With anew, it does not use the cache.
func (s *served) mapping(ctx context.Context, kind schema.GroupVersionKind, anew bool) (*meta.RESTMapping, error) {
	all, err := s.resources(ctx, kind.GroupVersion(), anew)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(r metav1.APIResource) bool {
		return r.Kind == kind.Kind && !strings.Contains(r.Name, "/") // a subresource
	})
	if i < 0 {
		return nil, &meta.NoKindMatchError{GroupKind: kind.GroupKind(), SearchedVersions: []string{kind.Version}}
	}
	m := &meta.RESTMapping{Resource: kind.GroupVersion().WithResource(all[i].Name), GroupVersionKind: kind, Scope: meta.RESTScopeRoot}
	if all[i].Namespaced {
		m.Scope = meta.RESTScopeNamespace
	}
	return m, nil
}
