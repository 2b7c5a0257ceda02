package pac

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/kubeinteraction"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/diag"
)

// variant is what one value of a rule makes: a checkout and its Repository.
type variant struct {
	t     *testing.T
	root  string
	repo  *v1alpha1.Repository
	paths []string
}

// event returns the values of the param v of the runs that an event starts, as name=value,
// or "crash".
func (v *variant) event(in Input) string {
	v.t.Helper()
	out := v.output(in)
	if out == nil {
		return "crash"
	}
	return Stable(strings.Join(names(out), " "))
}

func (v *variant) output(in Input) *Output {
	v.t.Helper()
	in.Root, in.DefaultBranch, in.SHA = v.root, "main", "abc123"
	in.Secrets = []*corev1.Secret{{ObjectMeta: metav1.ObjectMeta{Name: "tok", Namespace: "ci"}, Data: map[string][]byte{"k": []byte("sEcr3t")}}}
	in.Files = changedfiles.ChangedFiles{All: v.paths, Modified: v.paths}
	in.Repos = []*v1alpha1.Repository{repository()}
	if v.repo != nil {
		in.Repos[0] = v.repo
	}
	out, crash, _ := runs(in)
	if crash != nil {
		return nil
	}
	if out == nil {
		out = &Output{}
	}
	return out
}

// starts reports whether some of the events start something.
func (v *variant) starts(events ...Input) bool {
	return slices.ContainsFunc(events, func(in Input) bool { return v.event(in) != "" })
}

// ruled is a rule with values that vary a mistake. The finding has to agree with what
// Pipelines-as-Code does with the same files.
type ruled struct {
	code  string
	least diag.Severity // of the findings that count
	// make returns the files for a value. A key "repo" is the rest of the spec of the
	// Repository.
	make func(value string) map[string]string
	repo func(value string) *v1alpha1.Repository
	// harm reports whether Pipelines-as-Code does what the finding says.
	harm func(v *variant, value string) bool
	// values are what varies. A harm that may remain silent begins with a tilde.
	values []string
}

func files(texts ...string) map[string]string {
	out := map[string]string{}
	for i, text := range texts {
		out[fmt.Sprintf(".tekton/%c.yaml", 'a'+i)] = text
	}
	return out
}

// line is an annotation with a value in single quotes.
func line(key, value string) string { return key + ": '" + strings.ReplaceAll(value, "'", "''") + "'" }

// withCEL is a run with an expression.
func withCEL(name, value, expr string) string {
	return pr(name, value, line("on-cel-expression", expr))
}

// cut returns the two parts of a value.
func cut(value string) (first, second string) {
	first, second, _ = strings.Cut(value, "|")
	return first, second
}

// TestVariations varies the mistake of each rule. A finding is reported if and only if
// Pipelines-as-Code does what it says.
func TestVariations(t *testing.T) {
	seen := map[string]bool{"pac-repository-invalid": true} // see TestFilterFails, too
	for _, r := range variations() {
		seen[r.code] = true
		assert.GreaterOrEqual(t, len(r.values), 10, r.code)
		for _, value := range r.values {
			t.Run(r.code+"/"+value, func(t *testing.T) {
				value, mayBeSilent := strings.CutPrefix(value, "~")
				made := r.make(value)
				v := &variant{t: t, root: folder(t, made), paths: []string{"docs/a.md", "src/main.go", "go.mod", "a/b/c.txt", "x"}}
				if r.repo != nil {
					v.repo = r.repo(value)
				}
				found := checked(t, v.root)
				most := severityOf(found, r.code)
				reported, harm := most != 0 && most <= r.least, r.harm(v, value)
				if mayBeSilent {
					assert.True(t, harm, "the value does no harm")
					assert.False(t, reported && !harm)
					return
				}
				assert.Equal(t, harm, reported, "harm and finding")
			})
		}
	}
	for _, r := range rules.All() {
		if r.Topic == "pac" {
			assert.True(t, seen[r.Code], "%s has no variations", r.Code)
		}
	}
}

// TestCleanup holds what is said about max-keep-runs against what is deleted.
func TestCleanup(t *testing.T) {
	for value, kept := range map[int]bool{-5: false, -1: false, 0: false, 1: true, 2: true, 100: true} {
		p := done("a")
		p.Labels = map[string]string{"pipelinesascode.tekton.dev/repository": "app", "pipelinesascode.tekton.dev/original-prname": "a", "pipelinesascode.tekton.dev/state": "completed"}
		in := &Input{}
		in.Runs = append(in.Runs, p)
		run, _, err := cluster(in, zap.NewNop().Sugar())
		require.NoError(t, err)
		kint, err := kubeinteraction.NewKubernetesInteraction(run)
		require.NoError(t, err)
		require.NoError(t, kint.CleanupPipelines(context.Background(), zap.NewNop().Sugar(), repository(), p, value))
		list, err := run.Clients.Tekton.TektonV1().PipelineRuns("ci").List(context.Background(), metav1.ListOptions{})
		require.NoError(t, err)
		assert.Equal(t, kept, len(list.Items) == 1, value)
		text := pr("a", "x", append(slices.Clone(onPR), fmt.Sprintf(`max-keep-runs: "%d"`, value))...)
		assert.Equal(t, kept, severityOf(checked(t, folder(t, files(text))), "pac-limit-invalid") == 0, value)
	}
}
