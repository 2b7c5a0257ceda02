package kinds

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestNew(t *testing.T) {
	assert.Nil(t, New("tekton.dev/v1", "task"), "kinds are case-sensitive")
	assert.Nil(t, New("tekton.dev/v1beta2", "Task"))
	for key, f := range structs {
		obj := New(key[0], key[1])
		assert.NotNil(t, obj)
		assert.NotSame(t, f(), obj)
		assert.Equal(t, reflect.TypeOf(obj).Elem(), Shape(key[0], key[1]))
		assert.Equal(t, key[1], reflect.TypeOf(obj).Elem().Name())
	}
	for key := range shapes {
		assert.Nil(t, New(key[0], key[1]))
		assert.NotNil(t, Shape(key[0], key[1]))
	}
	assert.Nil(t, Shape("example.com/v1", "Task"))
}

func TestNamespaced(t *testing.T) {
	assert.True(t, Namespaced(schema.GroupKind{Group: "tekton.dev", Kind: "Task"}))
	assert.True(t, Namespaced(schema.GroupKind{Group: "example.com", Kind: "Namespace"}))
	assert.False(t, Namespaced(schema.GroupKind{Kind: "Namespace"}))
	assert.False(t, Namespaced(schema.GroupKind{Group: "triggers.tekton.dev", Kind: "ClusterTriggerBinding"}))
}

func TestGuessKind(t *testing.T) {
	for in, want := range map[string]*Guess{
		"tekton.dev/v1 Task":                             nil,
		"tekton.dev/v1alpha1 VerificationPolicy":         nil,
		"v1 Pod":                                         nil,
		"v1 Endpoints":                                   nil,
		"example.com/v1 Task":                            nil,
		"serving.knative.dev/v1 Service":                 nil,
		"tekton.dev/v1beta1 ClusterTask":                 nil,
		"tekton.dev/v1alpha1 Condition":                  nil,
		"tekton.dev/v1alpha1 Task":                       nil,
		"tekton.dev/v1 Zebra":                            nil,
		"networking.k8s.io/v1beta1 Ingress":              nil,
		"apps/v1beta2 Deployment":                        nil,
		"operator.tekton.dev/v1alpha1 TektonConfig":      nil,
		"cert-manager.io/v1 Issuer":                      nil,
		"tekton.dev/v1beta2 Pipeline":                    {"tekton.dev/v1", "Pipeline", true},
		"tekton.dev/v1 StepAction":                       {"tekton.dev/v1beta1", "StepAction", true},
		"tekton.dev Task":                                {"tekton.dev/v1", "Task", true},
		"triggers.tekton.dev/v1 Trigger":                 {"triggers.tekton.dev/v1beta1", "Trigger", true},
		"tekton.dev/v1 pipeline":                         {"tekton.dev/v1", "Pipeline", false},
		"tekton.dev/v1 PipelinRun":                       {"tekton.dev/v1", "PipelineRun", false},
		"tekton.dev/v1 stepaction":                       {"tekton.dev/v1beta1", "StepAction", false},
		"tekton.dev/v1 EventListener":                    {"triggers.tekton.dev/v1beta1", "EventListener", false},
		"tekton.dv/v1 Task":                              {"tekton.dev/v1", "Task", false},
		"tekton/v1 Task":                                 {"tekton.dev/v1", "Task", false},
		"v1 Deployment":                                  {"apps/v1", "Deployment", false},
		"v1 Secrets":                                     {"v1", "Secret", false},
		"v1 Role":                                        {"rbac.authorization.k8s.io/v1", "Role", false},
		"rbac/v1 RoleBinding":                            {"rbac.authorization.k8s.io/v1", "RoleBinding", false},
		"rbac.authorization.k8s.io/v2 Role":              {"rbac.authorization.k8s.io/v1", "Role", false},
		"networking.k8s.io/v1 ingress":                   {"networking.k8s.io/v1", "Ingress", false},
		"v1 Zebra":                                       {},
		"triggers.tekton.dev/v1alpha1 ClusterIntercepto": {"triggers.tekton.dev/v1alpha1", "ClusterInterceptor", false},
	} {
		version, kind, _ := strings.Cut(in, " ")
		assert.Equal(t, want, GuessKind(version, kind), in)
	}
}

// TestShapes tests that each stand-in has the fields of the struct in upstream's
// source code.
func TestShapes(t *testing.T) {
	sources := map[string]map[string][]string{
		"pipeline": upstream(t, "pipeline", "pipeline/v1alpha1"), "resolution": upstream(t, "pipeline", "resolution/v1beta1"),
		"triggers": upstream(t, "triggers", "triggers/v1alpha1"),
	}
	field := func(t reflect.Type, names ...string) reflect.Type {
		for _, name := range names {
			f, _ := t.FieldByName(name)
			for t = f.Type; t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice; {
				t = t.Elem()
			}
		}
		return t
	}
	of := func(version, kind string) reflect.Type { return shapes[[2]string{version, kind}] }
	policy, listener := of(tektonAlpha, "VerificationPolicy"), of(triggersAlpha, "EventListener")
	use := reflect.TypeFor[interceptorUse]()
	for _, c := range []struct {
		source, name string
		shape        reflect.Type
	}{
		{"pipeline", "StepActionSpec", field(of(tektonAlpha, "StepAction"), "Spec")},
		{"pipeline", "VerificationPolicySpec", field(policy, "Spec")},
		{"pipeline", "ResourcePattern", field(policy, "Spec", "Resources")},
		{"pipeline", "Authority", field(policy, "Spec", "Authorities")},
		{"pipeline", "KeyRef", field(policy, "Spec", "Authorities", "Key")},
		{"resolution", "ResolutionRequestSpec", reflect.TypeFor[requestSpec]()},
		{"triggers", "EventListenerSpec", field(listener, "Spec")},
		{"triggers", "Resources", field(listener, "Spec", "Resources")},
		{"triggers", "KubernetesResource", field(listener, "Spec", "Resources", "KubernetesResource")},
		{"triggers", "EventListenerTrigger", reflect.TypeFor[listenerTrigger]()},
		{"triggers", "NamespaceSelector", field(listener, "Spec", "NamespaceSelector")},
		{"triggers", "TriggerSpec", reflect.TypeFor[triggerSpec]()},
		{"triggers", "TriggerSpecTemplate", field(reflect.TypeFor[triggerSpec](), "Template")},
		{"triggers", "TriggerSpecBinding", field(reflect.TypeFor[triggerSpec](), "Bindings")},
		{"triggers", "TriggerInterceptor", use},
		{"triggers", "InterceptorRef", field(use, "Ref")},
		{"triggers", "InterceptorParams", field(use, "Params")},
		{"triggers", "WebhookInterceptor", field(use, "Webhook")},
		{"triggers", "GitHubInterceptor", field(use, "GitHub")},
		{"triggers", "GitLabInterceptor", field(use, "GitLab")},
		{"triggers", "BitbucketInterceptor", field(use, "Bitbucket")},
		{"triggers", "CELInterceptor", field(use, "CEL")},
		{"triggers", "CELOverlay", field(use, "CEL", "Overlays")},
		{"triggers", "TriggerTemplateSpec", field(of(triggersAlpha, "TriggerTemplate"), "Spec")},
		{"triggers", "TriggerBindingSpec", field(of(triggersAlpha, "TriggerBinding"), "Spec")},
		{"triggers", "ClusterInterceptorSpec", reflect.TypeFor[interceptorSpec]()},
		{"triggers", "ClientConfig", field(reflect.TypeFor[interceptorSpec](), "ClientConfig")},
		{"triggers", "ServiceReference", field(reflect.TypeFor[interceptorSpec](), "ClientConfig", "Service")},
	} {
		want := sources[c.source][c.name]
		require.NotEmpty(t, want, c.name)
		var got []string
		for field := range c.shape.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			got = append(got, name)
		}
		slices.Sort(got)
		assert.Equal(t, want, got, c.name)
	}
}

// upstream returns the JSON names of the fields of each struct of a package, sorted.
func upstream(t *testing.T, module, folder string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/"+module).Output()
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "pkg/apis", folder, "*.go"))
	require.NoError(t, err)
	all := map[string][]string{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					if f.Tag == nil {
						continue
					}
					name, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
					all[spec.Name.Name] = append(all[spec.Name.Name], name)
				}
				slices.Sort(all[spec.Name.Name])
			}
			return false
		})
	}
	return all
}
