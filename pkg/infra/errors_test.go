package infra_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// mistake is one mistake. The file testdata/errors.txt has all findings for it.
// Places are replaced by the marker in a comment at the end of the line at fault:
// // want.
type mistake struct {
	name  string
	codes string // of the findings, in source order
	from  manifest.Source
}

var web = infra.Service("web", 80)

func fieldHandle() string { return string(builder.NewPipeline("p").Param("repo")) }

func mistakes() []mistake {
	release := deployment("release", "release", "prod", deployments)    // want run
	anonymous := deployment("release", "", "prod", deployments)         // want run
	own := deployment("release", "default", "", deployments)            // want run
	unresolved := deployment("release", "release", "$(params.x)", pods) // want run
	return []mistake{
		{"no path", "path-missing", infra.NewIngress("a", "ci.example.com")},                                                                          // want
		{"a relative path", "path-invalid", infra.NewIngress("a", "").Path("hooks", web)},                                                             // want
		{"a path with a double slash", "path-invalid", infra.NewIngress("a", "").Path("/a//b", web)},                                                  // want
		{"a path that climbs", "path-invalid", infra.NewIngress("a", "").Exact("/a/..", web)},                                                         // want
		{"a path twice", "path-duplicate", infra.NewIngress("a", "").Path("/", web).Path("/", web)},                                                   // want
		{"a handle as path", "handle-misplaced", infra.NewIngress("a", "").Path(fieldHandle(), web)},                                                  // want
		{"a host with a scheme", "host-invalid", infra.NewIngress("a", "https://ci.example.com").Path("/", web)},                                      // want
		{"a host with capitals", "host-invalid", infra.NewIngress("a", "CI.example.com").Path("/", web)},                                              // want
		{"an address as host", "host-invalid", infra.NewIngress("a", "10.0.0.1").Path("/", web)},                                                      // want
		{"a star in the middle", "host-invalid", infra.NewIngress("a", "a.*.com").Path("/", web)},                                                     // want
		{"TLS without host", "host-missing", infra.NewIngress("a", "").TLS("tls").Path("/", web)},                                                     // want
		{"TLS without secret", "name-invalid", infra.NewIngress("a", "a.com").TLS("").Path("/", web)},                                                 // want
		{"no backend", "backend-missing", infra.NewIngress("a", "").Path("/", nil)},                                                                   // want
		{"a nil listener", "backend-missing", infra.NewIngress("a", "").Path("/", (*movable)(nil))},                                                   // want
		{"a bad service", "name-invalid port-invalid", infra.NewIngress("a", "").Path("/", infra.Service("8a", 0))},                                   // want
		{"class and annotation", "class-duplicate", infra.NewIngress("a", "").Class("x").Path("/", web).Annotate("kubernetes.io/ingress.class", "x")}, // want
		{"a backend elsewhere", "backend-elsewhere", infra.NewIngress("a", "").Namespace("web").Path("/", infra.Dashboard())},                         // want
		{"backends apart", "backend-elsewhere", infra.NewIngress("a", "").Path("/hooks", web).Path("/", infra.Dashboard())},                           // want
		{"backends apart, the other way", "backend-elsewhere", infra.NewIngress("a", "").Path("/", infra.Dashboard()).Path("/hooks", web)},            // want
		{"a bad namespace", "name-invalid", infra.NewIngress("a", "").Namespace("a.b").Path("/", web)},                                                // want
		{"a bad annotation", "name-invalid", infra.NewIngress("a", "").Path("/", web).Annotate("a b", "")},                                            // want

		{"a bad name of a service account", "name-invalid", infra.NewServiceAccount("Release")},         // want
		{"a secret twice", "secret-duplicate", infra.NewServiceAccount("a").Secrets("x", "x")},          // want
		{"a pull secret without name", "name-invalid", infra.NewServiceAccount("a").PullSecrets("")},    // want
		{"a handle as secret", "handle-misplaced", infra.NewServiceAccount("a").Secrets(fieldHandle())}, // want

		{"a role without rules", "rule-missing", infra.NewRole("a", "")},                                                                                                    // want
		{"a bad role name", "name-invalid", infra.NewRole("a/b", "", pods).Bind("x")},                                                                                       // want
		{"a bad role namespace", "name-invalid", infra.NewRole("a", "A", pods)},                                                                                             // want
		{"no verb", "rule-invalid", infra.NewRole("a", "", allow("", "pods"))},                                                                                              // want
		{"no group", "rule-invalid", infra.NewRole("a", "", rbacv1.PolicyRule{Resources: []string{"pods"}, Verbs: []string{"get"}})},                                        // want
		{"no resource", "rule-invalid", infra.NewRole("a", "", rbacv1.PolicyRule{APIGroups: []string{""}, Verbs: []string{"get"}})},                                         // want
		{"a URL in a namespace", "rule-invalid", infra.NewRole("a", "", rbacv1.PolicyRule{NonResourceURLs: []string{"/x"}, Verbs: []string{"get"}})},                        // want
		{"a URL and kinds", "rule-invalid", infra.NewClusterRole("a", rbacv1.PolicyRule{NonResourceURLs: []string{"/x"}, APIGroups: []string{""}, Verbs: []string{"get"}})}, // want
		{"a service account twice", "account-duplicate", infra.NewRole("a", "", pods).Bind("x").Bind("x")},                                                                  // want
		{"a bad service account", "name-invalid", infra.NewClusterRole("a", pods).Bind("x/y/z")},                                                                            // want
		{"a bad namespace of a service account", "name-invalid", infra.NewRole("a", "", pods).Bind("/z")},                                                                   // want

		{"no key", "key-missing", infra.NewSecret("a")},                                                   // want
		{"a key twice", "key-duplicate", infra.NewSecret("a", "k", "k")},                                  // want
		{"a bad key", "name-invalid", infra.NewSecret("a", "a/b")},                                        // want
		{"an unknown key", "key-unknown", infra.BasicAuth("a").FromEnv("usrname", "X")},                   // want
		{"a source twice", "source-duplicate", infra.NewSecret("a").FromEnv("k", "X").FromFile("k", "x")}, // want
		{"a bad variable", "name-invalid", infra.NewSecret("a").FromEnv("k", "$X")},                       // want
		{"no variable", "name-invalid", infra.NewSecret("a").FromEnv("k", "")},                            // want
		{"no file", "file-missing", infra.NewSecret("a").FromFile("k", "")},                               // want
		{"a host without scheme", "host-invalid", infra.BasicAuth("a", "git.example.com")},                // want
		{"a user in a URL", "host-invalid", infra.BasicAuth("a", "https://me:s=cret@git.example.com")},    // want
		{"a scheme for ssh", "host-invalid", infra.SSHAuth("a", "ssh://git.example.com")},                 // want
		{"a user for ssh", "host-invalid", infra.SSHAuth("a", "git@git.example.com")},                     // want
		{"a bad port for ssh", "host-invalid", infra.SSHAuth("a", "git.example.com:ssh")},                 // want
		{"an equals sign in a URL", "host-invalid", infra.BasicAuth("a", "https://git.example.com/a=b")},  // want
		{"a host twice", "host-duplicate", infra.SSHAuth("a", "a.com", "a.com")},                          // want
		{"a handle as host", "handle-misplaced", infra.SSHAuth("a", fieldHandle())},                       // want

		{"a bad size", "quantity-invalid", infra.NewPVC("a", "big")},                                                                                                   // want
		{"no size", "quantity-invalid", infra.NewPVC("a", "0")},                                                                                                        // want
		{"a bad mode", "access-mode-invalid", infra.NewPVC("a", "1Gi").AccessModes("RWO")},                                                                             // want
		{"ReadWriteOncePod with another mode", "access-mode-invalid", infra.NewPVC("a", "1Gi").AccessModes("ReadWriteOnce", "ReadWriteOncePod")},                       // want
		{"a mode twice", "mode-duplicate", infra.NewPVC("a", "1Gi").AccessModes("ReadWriteMany", "ReadWriteMany")},                                                     // want
		{"a bad class", "name-invalid", infra.NewPVC("a", "1Gi").StorageClass("A")},                                                                                    // want
		{"a name of an event", "event-misplaced", infra.NewPVC("a-"+event("sha"), "1Gi")},                                                                              // want
		{"a name of a pipeline", "run-value", infra.NewPVC(builder.String(fieldHandle()), "1Gi")},                                                                      // want
		{"a name of a run", "name-invalid", infra.NewPVC("a-"+builder.RunName, "1Gi")},                                                                                 // want
		{"half a handle", "handle-sliced", infra.NewPVC(builder.String(fieldHandle()[:8]), "1Gi")},                                                                     // want
		{"a field that the event does not have", "field-missing", infra.NewPVC(builder.String(handle.Token{Form: handle.Bad, Expr: "no-such-field"}.String()), "1Gi")}, // want

		{"a bad data key", "name-invalid", infra.NewConfigMap("a", map[string]string{"a b": ""})},                     // want
		{"a handle in data", "handle-misplaced", infra.NewConfigMap("a", map[string]string{"a": fieldHandle()})},      // want
		{"too much data", "data-size", infra.NewConfigMap("a", map[string]string{"a": strings.Repeat("x", 1<<20+1)})}, // want
		{"a dotted namespace", "name-invalid", infra.NewNamespace("a.b")},                                             // want
		{"a bad label", "name-invalid", infra.NewNamespace("a").Label("a", "b c")},                                    // want

		{"no service account", "serviceaccount-missing", infra.RunRBAC(anonymous)},                                                                             // want rbac
		{"the default service account", "serviceaccount-missing", infra.RunRBAC(own)},                                                                          // want rbac
		{"a bad service account of a run", "name-invalid", infra.RunRBAC(deployment("a", "A", ""))},                                                            // want rbac
		{"a nil run", "run-invalid run-invalid", infra.RunRBAC((*builder.PipelineRun)(nil), nil)},                                                              // want rbac
		{"a namespace of a run", "namespace-unresolved", infra.RunRBAC(unresolved)},                                                                            // want rbac
		{"a role that allows less", "permissions-missing", infra.RunRBAC(unresolved).Roles(infra.NewRole("a", "b", allow("", "pods", "get")).Bind("release"))}, // want rbac
		{"a bad namespace of a permission", "name-invalid", infra.RunRBAC(deployment("a", "a", "Prod", pods))},                                                 // want rbac
		{"a permission with a bad rule", "rule-invalid", infra.RunRBAC(deployment("a", "a", "prod", allow("", "pods")))},                                       // want rbac
		{"secrets of an unknown service account", "serviceaccount-unknown", infra.RunRBAC(release).Secrets("relase", "x")},                                     // want rbac
		{"secrets without any service account", "serviceaccount-unknown", infra.RunRBAC().PullSecrets("release", "x")},                                         // want rbac
		{"an unknown starter", "serviceaccount-missing", infra.RunRBAC(nobody{})},                                                                              // want rbac
		{"a bad role of the caller", "rule-missing", infra.RunRBAC().Roles(infra.NewRole("a", ""))},                                                            // want rbac

		{"no listener", "listener-missing", infra.ListenerRBAC(nil)},                                                                                                                          // want rbac
		{"a listener without a service account", "serviceaccount-missing", infra.ListenerRBAC(&listener{})},                                                                                   // want rbac
		{"a listener with a bad service account", "name-invalid", infra.ListenerRBAC(&listener{account: "A"})},                                                                                // want rbac
		{"one service account for both", "serviceaccount-shared", infra.ListenerRBAC(&listener{"release", []builder.PodStarter{release}})},                                                    // want rbac
		{"a trigger with the default service account", "serviceaccount-missing", infra.ListenerRBAC(&creating{listener{account: "a"}, map[string][]schema.GroupVersionKind{"default": nil}})}, // want rbac
		{"a kind that depends on the event", "kind-unknown", infra.ListenerRBAC(&creating{listener{account: "a"}, map[string][]schema.GroupVersionKind{"": kinds("$(tt.params.kind)")}})},     // want rbac
		{"a bad selection", "name-invalid", infra.ListenerRBAC(&selecting{listener{account: "a"}, []string{"A"}})},                                                                            // want rbac
	}
}

// nobody is a PodStarter of another package, without a service account.
type nobody struct{}

func (nobody) Account() string { return "" }
func (nobody) Permissions() []builder.Permission {
	return []builder.Permission{{Namespace: "prod", Rules: []rbacv1.PolicyRule{pods}}}
}

func TestMistakes(t *testing.T) {
	var text strings.Builder
	for _, m := range mistakes() {
		objects, err := m.from.Objects()
		if len(objects) > 0 { // it is not nil
			err = manifest.New(m.from).Namespace("ci").Build()
		}
		said := "nothing"
		if err != nil {
			said = marked(t, err.Error())
		}
		fmt.Fprintf(&text, "# %s\n%s\n\n", m.name, said)

		t.Run(m.name, func(t *testing.T) {
			var codes []string
			for _, f := range findings(t, err) {
				codes = append(codes, f.Code)
				assert.NotEmpty(t, f.Help, "%s has no help", f.Code)
				assert.NotEmpty(t, f.Object.Kind)
				assert.NotContains(t, f.Message+f.Help+f.Path.String(), "\U000F0E0E")
				assert.NotContains(t, f.Error()+f.Subject, "s=cret")
				for _, sentence := range []string{f.Message, f.Help} {
					assert.NotRegexp(t, `\.$|\?|\n`, sentence)
					assert.NotRegexp(t, `(?i)\b(illegal|forbidden|please|sorry)\b`, sentence)
				}
			}
			assert.Equal(t, m.codes, strings.Join(codes, " "))
		})
	}
	golden.Check(t, "testdata/errors.txt", []byte(text.String()))
}

// findings returns the findings in an error, in order.
func findings(t *testing.T, err error) []diag.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	var many interface{ Unwrap() []error }
	require.ErrorAs(t, err, &many)
	var out []diag.Finding
	for _, e := range many.Unwrap() {
		var f diag.Finding
		require.ErrorAs(t, e, &f)
		out = append(out, f)
	}
	return out
}

var placed = regexp.MustCompile(`\bpkg/infra/(\w+_test\.go):(\d+)`)

// marked replaces places in tests by the markers on their lines.
func marked(t *testing.T, text string) string {
	t.Helper()
	return placed.ReplaceAllStringFunc(text, func(place string) string {
		m := placed.FindStringSubmatch(place)
		source, err := os.ReadFile(m[1])
		require.NoError(t, err)
		n, err := strconv.Atoi(m[2])
		require.NoError(t, err)
		line := strings.Split(string(source), "\n")[n-1]
		_, marker, ok := strings.Cut(line, "// want")
		if !ok {
			t.Errorf("%s is reported, and carries no // want: %s", place, strings.TrimSpace(line))
			return place
		}
		return "want" + marker
	})
}
