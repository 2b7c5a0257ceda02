package oracle

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/resolution/v1beta1"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/framework/cache"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/hub"
	"github.com/tektoncd/pipeline/pkg/resolution/resolver/bundle"
	clusterresolver "github.com/tektoncd/pipeline/pkg/resolution/resolver/cluster"
	"github.com/tektoncd/pipeline/pkg/resolution/resolver/framework"
	"github.com/tektoncd/pipeline/pkg/resolution/resolver/git"
	"github.com/tektoncd/pipeline/pkg/resolution/resolver/http"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// resolverConfig is the configuration that Tekton installs for each resolver.
var resolverConfig = map[string]map[string]string{
	"git":     {"default-url": "https://github.com/tektoncd/catalog.git", "default-revision": "main", "scm-type": "github"},
	"hub":     {"default-tekton-hub-catalog": "Tekton", "default-artifact-hub-task-catalog": "tasks", "default-artifact-hub-pipeline-catalog": "pipelines", "default-kind": "task", "default-type": "artifact"},
	"bundles": {"default-service-account": "default", "default-kind": "task"},
	"cluster": {"default-kind": "task", "default-namespace": ""},
	"http":    {},
}

// resolverValues are values of params, right ones and wrong ones. An empty text is
// another thing than a param that is not set.
var resolverValues = map[string]map[string][]string{
	"git": {
		"pathInRepo": {"task.yaml", "/task.yaml", "a/../b.yaml", "a..b.yaml", "../b.yaml"}, "revision": {"main", "-x", "v1-x"},
		"url":  {"https://example.com/a.git", "git@example.com:a/b.git", "/local", "file:///a", "HTTPS://example.com/a", "ssh://example.com/a", "ftps://example.com/a", "a b", ""},
		"repo": {"repo", ""}, "org": {"org"}, "cache": {"auto", "Auto", "always", "never", "true", ""},
	},
	"hub": {
		"name": {"git-clone"}, "version": {"0.9"}, "kind": {"task", "Task", "tasks", "TASK", ""}, "type": {"artifact", "tekton", "Artifact", ""},
		"catalog": {"ours"}, "url": {"https://hub.example.com", "hub.example.com", "ftp://hub.example.com", "https://", "HTTP://hub.example.com"}, "cache": {"auto", "yes"},
	},
	"bundles": {"bundle": {"registry.example.com/bundle:1"}, "name": {"build", ""}, "kind": {"task", "Task", ""}, "serviceAccount": {"default"}, "secret": {"pull"}, "cache": {"NEVER", "never"}},
	"cluster": {"name": {"build", ""}, "namespace": {"ci", " "}, "kind": {"task", "Task", "clustertask", "tasks", ""}, "cache": {"auto", "x"}},
	"http": {
		"url":           {"https://example.com/a.yaml", "HTTP://example.com/a.yaml", "example.com/a.yaml", "ftp://example.com/a", ""},
		"http-username": {"me", ""}, "http-password-secret": {"secret", ""}, "http-password-secret-key": {"key"}, "cache": {"auto", "Always"},
	},
}

// resolverVerdict is what Tekton's resolver says of the params.
func resolverVerdict(resolver string, params v1.Params) error {
	ctx := framework.InjectResolverConfigToContext(context.Background(), resolverConfig[resolver])
	for _, p := range params {
		if p.Name == cache.CacheParam {
			if err := cache.Validate(p.Value.StringVal); err != nil {
				return err
			}
		}
	}
	switch resolver {
	case "git":
		return git.ValidateParams(ctx, params)
	case "hub":
		return (&hub.Resolver{ArtifactHubURL: "https://artifacthub.io"}).Validate(ctx, &v1beta1.ResolutionRequestSpec{Params: params})
	case "bundles":
		_, err := bundle.OptionsFromParams(ctx, params)
		return err
	case "cluster":
		return clusterresolver.ValidateParams(ctx, params)
	}
	return http.ValidateParams(ctx, params)
}

// none is less than any severity.
const none = diag.Note + 1

// TestResolvers holds the rules about the params of resolvers against Tekton's
// resolvers with the configuration that Tekton installs. What depends on the
// configuration is a warning or a note.
func TestResolvers(t *testing.T) {
	for resolver, values := range resolverValues {
		t.Run(resolver, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(len(resolver))))
			valid, invalid := 0, 0
			for range 2000 {
				var params v1.Params
				for _, name := range slices.Sorted(maps.Keys(values)) {
					if list := values[name]; r.IntN(4) > 0 {
						v := list[0]
						if r.IntN(3) == 0 {
							v = list[r.IntN(len(list))]
						}
						params = append(params, v1.Param{Name: name, Value: *v1.NewStructuredValues(v)})
					}
				}
				theirs := resolverVerdict(resolver, params)
				run := &v1.TaskRun{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "TaskRun"}, ObjectMeta: metav1.ObjectMeta{Name: "r"},
					Spec: v1.TaskRunSpec{TaskRef: &v1.TaskRef{ResolverRef: v1.ResolverRef{Resolver: v1.ResolverName(resolver), Params: params}}}}
				found, err := check.Run(context.Background(), []object.Object{{Object: run}}, check.Profile{})
				require.NoError(t, err)
				worst := none
				for _, f := range found {
					if f.Code == check.ResolverInvalid {
						worst = min(worst, f.Severity)
					}
				}
				switch {
				case theirs == nil:
					valid++
					assert.NotEqual(t, diag.Error, worst, "%v: a false error: %v", params, found)
				default:
					invalid++
					assert.NotEqual(t, none, worst, "%v: missed: %v", params, theirs)
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("%d valid, %d invalid", valid, invalid)
			assert.NotZero(t, valid)
			assert.NotZero(t, invalid)
		})
	}
}
