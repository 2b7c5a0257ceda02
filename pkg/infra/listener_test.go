package infra_test

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
)

// TestListenerRBAC checks that permissions are derived only by Objects: triggers are
// added to the listener after ListenerRBAC was called.
func TestListenerRBAC(t *testing.T) {
	l := &listener{}
	derived := infra.ListenerRBAC(l).Secrets("release", "harbor-auth")
	l.account = "github-listener"
	l.runs = []builder.PodStarter{deployment("release", "release", "prod", deployments)}
	written(t, "testdata/listener-rbac.yaml", derived)
}

// TestOwnServiceAccounts tests triggers with service accounts of their own, and
// triggers that create other objects than runs.
func TestOwnServiceAccounts(t *testing.T) {
	l := &creating{
		listener: listener{account: "hub", runs: []builder.PodStarter{deployment("release", "release", "prod", deployments)}},
		creates: map[string][]schema.GroupVersionKind{
			"team-b": kinds("TaskRun"),
			"team-a": kinds("PipelineRun", "NetworkPolicy"),
			"":       kinds("PersistentVolumeClaim", "PipelineRun"),
			"hub":    kinds("PipelineRun"),
		},
	}
	written(t, "testdata/own-serviceaccounts.yaml", infra.ListenerRBAC(l))
}

func TestSelector(t *testing.T) {
	task := builder.RunTask("d-", deploy{"", nil})
	l := &selecting{listener{"hub", []builder.PodStarter{task}}, []string{"team-b", "team-a", "team-b"}}
	written(t, "testdata/selector.yaml", infra.ListenerRBAC(l))
	l.selects = []string{"*"}
	objects, err := infra.ListenerRBAC(l).Objects()
	require.NoError(t, err)
	cluster := objects[1].Object.(*rbacv1.ClusterRole)
	assert.Contains(t, cluster.Rules, rbacv1.PolicyRule{
		APIGroups: []string{"tekton.dev"}, Resources: []string{"pipelineruns", "taskruns"}, Verbs: []string{"create"},
	})
}

// other is a PodStarter of another package.
type other struct{}

func (other) Account() string                   { return "other" }
func (other) Permissions() []builder.Permission { return []builder.Permission{{Namespace: "prod"}} }

func TestUnknownStarter(t *testing.T) {
	objects, err := infra.ListenerRBAC(&listener{"l", []builder.PodStarter{other{}}}).Objects()
	require.NoError(t, err)
	role := objects[4].Object.(*rbacv1.Role)
	assert.Equal(t, []string{"pipelineruns", "taskruns"}, role.Rules[0].Resources)
}

// upstream returns the folder with the sources of Tekton Triggers.
func upstream(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/triggers").Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// rulesOf returns the rules of a listener that starts one PipelineRun.
func rulesOf(t *testing.T) (rules []rbacv1.PolicyRule) {
	t.Helper()
	objects, err := infra.ListenerRBAC(&listener{"l", []builder.PodStarter{deployment("a", "", "prod")}}).Objects()
	require.NoError(t, err)
	for _, o := range objects {
		switch r := o.Object.(type) {
		case *rbacv1.Role:
			rules = append(rules, r.Rules...)
		case *rbacv1.ClusterRole:
			rules = append(rules, r.Rules...)
		}
	}
	return rules
}

// TestWatchedUpstream compares the kinds that a listener may watch with the informers
// that the upstream listener imports.
func TestWatchedUpstream(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(upstream(t), "pkg/adapter/adapter.go"), nil, parser.ImportsOnly)
	require.NoError(t, err)
	var want []string
	for _, i := range file.Imports {
		if path := strings.Trim(i.Path.Value, `"`); strings.Contains(path, "/injection/informers/") {
			want = append(want, filepath.Base(path)+"s")
		}
	}
	require.Len(t, want, 7)
	var got []string
	for _, r := range rulesOf(t) {
		if slices.Contains(r.Verbs, "watch") {
			assert.Equal(t, []string{"triggers.tekton.dev"}, r.APIGroups)
			got = append(got, r.Resources...)
		}
	}
	assert.ElementsMatch(t, want, got)
}

// TestFewerThanUpstream checks that all permissions are granted by the upstream roles
// for listeners, too, and that the dangerous ones are not among them.
func TestFewerThanUpstream(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(upstream(t), "config/200-clusterrole.yaml"))
	require.NoError(t, err)
	var given []rbacv1.PolicyRule
	for _, doc := range yamlsplit.Split(string(text)) {
		var r rbacv1.ClusterRole
		require.NoError(t, yaml.UnmarshalStrict([]byte(doc.Text), &r))
		if strings.HasPrefix(r.Name, "tekton-triggers-eventlistener-") {
			given = append(given, r.Rules...)
		}
	}
	require.NotEmpty(t, given)
	for _, r := range rulesOf(t) {
		for _, resource := range r.Resources {
			assert.NotContains(t, []string{"secrets", "configmaps", "serviceaccounts", "events"}, resource)
			for _, verb := range r.Verbs {
				assert.True(t, slices.ContainsFunc(given, func(g rbacv1.PolicyRule) bool {
					return slices.Contains(g.APIGroups, r.APIGroups[0]) && slices.Contains(g.Resources, resource) && slices.Contains(g.Verbs, verb)
				}), "%s %s", verb, resource)
			}
		}
	}
}
