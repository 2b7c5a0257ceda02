package manifest_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// flaw is a mistake in a source of its own. The suffix makes its names unique.
type flaw struct {
	name string
	says string // part of the error
	add  func(set *manifest.Set, suffix string)
	// lost is why references to missing objects are not reported next to it, if they
	// are not.
	lost string
}

const gone = "the source could not create its objects, and the missing one may have been one of them"

// piped returns a pipeline with one task, which a function changes.
func piped(suffix string, change func(p *builder.Pipeline, t *builder.Task, n *builder.PipelineTask)) *builder.Pipeline {
	p := builder.NewPipeline("p" + suffix)
	var inside *builder.Task
	n := p.AddInline("t", func(t *builder.Task) {
		inside = t
		t.Step("s").Image("registry.local/i:1").Script("true")
	})
	change(p, inside, n)
	return p
}

func mapOf(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: name},
		Data: map[string]string{"k": value},
	}
}

type unlucky struct {
	objects func() ([]object.Object, error)
	name    string
}

func (f *unlucky) Objects() ([]object.Object, error) { return f.objects() }

func flaws() []flaw {
	start := func(suffix string) *builder.PipelineRun {
		return piped(suffix, func(*builder.Pipeline, *builder.Task, *builder.PipelineTask) {}).Run(builder.String("r" + suffix + "-")).ServiceAccount("a" + suffix)
	}
	return []flaw{
		{name: "part of a handle", says: "handle-sliced", add: func(s *manifest.Set, x string) {
			s.Add(piped(x, func(p *builder.Pipeline, t *builder.Task, _ *builder.PipelineTask) {
				t.Step("u").Image(t.Param("q", p.Param("o"))[3:]).Script("true")
			}))
		}},
		{name: "a param without a value", says: "param-missing", add: func(s *manifest.Set, x string) {
			s.Add(piped(x, func(p *builder.Pipeline, t *builder.Task, _ *builder.PipelineTask) {
				t.Step("u").Image("registry.local/i:1").Env("Q", t.Param("q", p.Param("o"))).Script("true")
				p.Run(builder.String("q" + x))
			}).Run(builder.String("r" + x)))
		}},
		{name: "retries of a task that continues", says: "onerror-invalid", add: func(s *manifest.Set, x string) {
			s.Add(piped(x, func(_ *builder.Pipeline, _ *builder.Task, n *builder.PipelineTask) { n.Retries(1).ContinueOnError() }))
		}},
		{name: "a nil task", says: "task-invalid", add: func(s *manifest.Set, x string) {
			s.Add(piped(x, func(p *builder.Pipeline, _ *builder.Task, _ *builder.PipelineTask) { p.AddInline("n", nil) }))
		}},
		{name: "a step without an image", says: "image-missing", add: func(s *manifest.Set, x string) {
			s.Add(manifest.FromObjects(&v1.Task{
				TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "t" + x},
				Spec: v1.TaskSpec{Steps: []v1.Step{{Name: "s", Script: "true"}}},
			}))
		}},
		{name: "a Secret without keys", says: "key-missing", add: func(s *manifest.Set, x string) { s.Add(infra.NewSecret("s" + x)) }},
		{name: "an Ingress without paths", says: "path-missing", add: func(s *manifest.Set, x string) { s.Add(infra.NewIngress("i"+x, "ci.example.com").Class("nginx")) }},
		{name: "a rule without verbs", says: "rule-invalid", add: func(s *manifest.Set, x string) {
			s.Add(infra.NewRole("r"+x, "", rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}}).Bind("default"))
		}},
		{name: "a trigger without an event", says: "event-missing", add: func(s *manifest.Set, x string) {
			l := triggers.NewListener("l"+x).Secret("hook"+x, "token")
			l.On("t", nil, start(x))
			s.Add(l, infra.WebhookSecret("hook"+x, "token"))
		}},
		{name: "a trigger without a signature", says: "signature-missing", add: func(s *manifest.Set, x string) {
			l := triggers.NewListener("l" + x)
			l.On("t", triggers.GitHubPush(), start(x))
			s.Add(l)
		}},
		{name: "two triggers of one name", says: "trigger-duplicate", add: func(s *manifest.Set, x string) {
			l := triggers.NewListener("l"+x).Secret("hook"+x, "token")
			l.On("t", triggers.GitHubPush(), start(x))
			l.On("t", triggers.GitHubPush(), start(x))
			s.Add(l, infra.WebhookSecret("hook"+x, "token"))
		}},
		{name: "a template that creates nothing", says: "template-invalid", add: func(s *manifest.Set, x string) { s.Add(triggers.NewTemplate("t" + x)) }},
		{name: "permissions of a nil listener", says: "listener-missing", lost: gone, add: func(s *manifest.Set, _ string) { s.Add(infra.ListenerRBAC(nil)) }},
		{name: "two ConfigMaps of one name", says: "object-conflict", add: func(s *manifest.Set, x string) {
			s.Add(manifest.FromObjects(mapOf("c"+x, "1"), mapOf("c"+x, "2")))
		}},
		{name: "an object without a name", says: "object-nameless", add: func(s *manifest.Set, _ string) { s.Add(manifest.FromObjects(mapOf("", "1"))) }},
		{name: "a handle in a ConfigMap", says: "handle-left", add: func(s *manifest.Set, x string) {
			s.Add(manifest.FromObjects(mapOf("h"+x, string(builder.NewPipeline("q").Param("o")))))
		}},
		{name: "a Secret with a value", says: "secret-value", add: func(s *manifest.Set, x string) {
			s.Add(manifest.FromObjects(&corev1.Secret{
				TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: metav1.ObjectMeta{Name: "v" + x},
				StringData: map[string]string{"k": "v"},
			}))
		}},
		{name: "a run of a missing Pipeline", says: "pipeline-unknown", add: func(s *manifest.Set, x string) {
			s.Add(manifest.FromObjects(&v1.PipelineRun{
				TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "m" + x},
				Spec: v1.PipelineRunSpec{PipelineRef: &v1.PipelineRef{Name: "missing" + x}},
			}))
		}},
		{name: "a nil source", says: "of the set is nil", add: func(s *manifest.Set, _ string) { s.Add(nil) }},
		{name: "a source that fails", says: "out of order", lost: gone, add: func(s *manifest.Set, x string) {
			s.Add(&unlucky{name: x, objects: func() ([]object.Object, error) { return nil, errors.New("out of order " + x) }})
		}},
		{name: "a source that panics", says: "function-panicked", lost: gone, add: func(s *manifest.Set, x string) {
			s.Add(&unlucky{name: x, objects: func() ([]object.Object, error) { panic("why " + x) }})
		}},
	}
}

// TestPairs tests that the mistakes of one source do not hide those of another one: of
// any two, Write reports both at once.
func TestPairs(t *testing.T) {
	all := flaws()
	said := func(indices ...int) string {
		set := manifest.New().Namespace("ci").Profile(check.Profile{Complete: true, DefaultServiceAccount: "default"})
		for _, i := range indices {
			all[i].add(set, fmt.Sprint(i))
		}
		err := set.Write(io.Discard)
		require.Error(t, err)
		return "\n" + err.Error() + "\n"
	}
	alone := make([]string, len(all))
	for i, f := range all {
		alone[i] = said(i)
		assert.Contains(t, alone[i], f.says, f.name)
	}
	for i := range all {
		for j := range all {
			if i == j {
				continue
			}
			both := said(i, j)
			for _, k := range [][2]int{{i, j}, {j, i}} {
				for line := range strings.SplitSeq(strings.TrimSpace(alone[k[0]]), "\n") {
					if strings.HasPrefix(line, "\t") || strings.Contains(both, "\n"+line+"\n") {
						continue
					}
					if strings.HasPrefix(line, "source ") { // it has another number here
						assert.Contains(t, both, all[k[0]].says)
						continue
					}
					if all[k[1]].lost != "" && strings.Contains(line, "is not among the checked objects") {
						continue
					}
					t.Errorf("%q hides %q: %s\n%s", all[k[1]].name, all[k[0]].name, line, both)
				}
			}
		}
	}
}
