package oracle

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	fakeclientset "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/fake"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kjson "sigs.k8s.io/json"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

var writtenFiles = flag.String("cases", "testdata/cases/*.yaml", "files with cases")

// writtenCase is a set that was written by hand. Comments below its title say what
// Tekton does with it, and what the rules say of it:
//
//	# runs                     Tekton runs it as it is meant
//	# fails: WORDS             Tekton refuses it or lets a run fail, with these words
//	# wrong: REASON            Tekton runs it, but not as it is meant
//	# finds: CODE ...          these errors and warnings, and no other error
//	# lacks: CODE ...          not these errors and warnings
//	# misses: REASON           the rules have no error although it fails
//	# pod: TASKRUN: TEXT       the pod of the TaskRun has the text
type writtenCase struct {
	file, title, text string
	runs, fails       bool
	words             string // of fails
	wrong, misses     string
	finds, lacks      []string
	pods              [][2]string
}

// TestWritten judges the cases by Tekton's code and by the rules.
func TestWritten(t *testing.T) {
	files, err := filepath.Glob(*writtenFiles)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, c := range writtenCases(t, file, string(data)) {
			t.Run(filepath.Base(file)+"/"+c.title, func(t *testing.T) { c.judge(t) })
		}
	}
}

func writtenCases(t *testing.T, file, data string) (out []*writtenCase) {
	t.Helper()
	for _, part := range strings.Split("\n"+data, "\n### ")[1:] {
		title, text, _ := strings.Cut(part, "\n")
		c := &writtenCase{file: file, title: title, text: text}
		for line := range strings.Lines(text) {
			word, rest, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "# ")), ":")
			rest = strings.TrimSpace(rest)
			switch {
			case !strings.HasPrefix(line, "# "):
			case word == "runs":
				c.runs = true
			case word == "fails":
				c.fails, c.words = true, rest
			case word == "wrong":
				c.wrong = rest
			case word == "misses":
				c.misses = rest
			case word == "finds":
				c.finds = strings.Fields(rest)
			case word == "lacks":
				c.lacks = strings.Fields(rest)
			case word == "pod":
				name, text, ok := strings.Cut(rest, ": ")
				require.True(t, ok, "%s: %s", title, line)
				c.pods = append(c.pods, [2]string{name, text})
			default:
				t.Fatalf("%s: %s: %q is not known", file, title, word)
			}
		}
		require.True(t, c.runs != c.fails || c.wrong != "", "%s: %s: what does Tekton do?", file, title)
		out = append(out, c)
	}
	return out
}

func (c *writtenCase) judge(t *testing.T) {
	t.Helper()
	pods, err := c.theirs()
	found := c.ours(t)
	var codes []string
	for _, f := range found {
		codes = append(codes, f.Code)
	}
	show := func() string {
		var out strings.Builder
		for name, spec := range pods {
			text, _ := sigsyaml.Marshal(spec)
			fmt.Fprintf(&out, "pod of %s:\n%s", name, text)
		}
		return fmt.Sprintf("theirs: %v\nours:\n%v\n%s", err, found, out.String())
	}
	if c.fails {
		if assert.Error(t, err, show()) {
			assert.Contains(t, err.Error(), c.words, show())
		}
	} else {
		assert.NoError(t, err, show())
	}
	assert.Equal(t, (c.fails || c.wrong != "") && c.misses == "", found.Err() != nil || c.wrong != "" && len(found) > 0, "the verdicts differ: %s", show())
	for _, code := range c.finds {
		assert.Contains(t, codes, code, show())
	}
	for _, code := range c.lacks {
		assert.NotContains(t, codes, code, show())
	}
	for _, f := range found {
		assert.True(t, f.Severity != diag.Error || len(c.finds) == 0 || slices.Contains(c.finds, f.Code), "another finding: %s", show())
	}
	for _, p := range c.pods {
		text, err := sigsyaml.Marshal(pods[p[0]])
		require.NoError(t, err)
		assert.Contains(t, string(text), p[1], show())
	}
}

// theirs applies the objects to a cluster, and runs each run.
func (c *writtenCase) theirs() (pods map[string]*v1.TaskSpec, err error) {
	pods = map[string]*v1.TaskSpec{}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errCrash, r)
		}
	}()
	ctx := context.Background() // with the defaults of Tekton
	s := &system{}
	var pipelines []*v1.Pipeline
	var runs []*v1.PipelineRun
	var taskRuns []*v1.TaskRun
	var actions []runtime.Object
	for i, doc := range strings.Split("\n"+c.text, "\n---\n") {
		data, err := sigsyaml.YAMLToJSON([]byte(doc))
		if err != nil {
			return pods, fmt.Errorf("document %d: %w", i, err)
		}
		var meta metav1.TypeMeta
		if err := sigsyaml.Unmarshal(data, &meta); err != nil {
			return pods, err
		}
		var o runtime.Object
		switch meta.APIVersion + " " + meta.Kind {
		case "tekton.dev/v1 Task":
			o = &v1.Task{}
		case "tekton.dev/v1 Pipeline":
			o = &v1.Pipeline{}
		case "tekton.dev/v1 PipelineRun":
			o = &v1.PipelineRun{}
		case "tekton.dev/v1 TaskRun":
			o = &v1.TaskRun{}
		case "tekton.dev/v1beta1 StepAction":
			o = &v1beta1.StepAction{}
		default:
			continue
		}
		strict, err := kjson.UnmarshalStrict(data, o)
		if err != nil {
			return pods, fmt.Errorf("API server, document %d: %w", i, err)
		}
		if len(strict) > 0 {
			return pods, fmt.Errorf("API server, document %d: %w", i, strict[0])
		}
		if m, ok := o.(metav1.Object); ok {
			m.SetNamespace("default")
		}
		if err := admit(ctx, o); err != nil {
			return pods, fmt.Errorf("webhook, %s: %w", meta.Kind, err)
		}
		switch o := o.(type) {
		case *v1.Task:
			s.tasks = append(s.tasks, o)
		case *v1.Pipeline:
			pipelines = append(pipelines, o)
		case *v1.PipelineRun:
			runs = append(runs, o)
		case *v1.TaskRun:
			taskRuns = append(taskRuns, o)
		case *v1beta1.StepAction:
			s.actions = append(s.actions, o)
			actions = append(actions, o)
		}
	}
	for _, run := range runs {
		of := s.copyOf()
		of.run = run
		for _, p := range pipelines {
			if run.Spec.PipelineRef != nil && run.Spec.PipelineRef.Name == p.Name {
				of.pipeline = p
			}
		}
		on := &cluster{system: of, ctx: ctx, client: fakeclientset.NewSimpleClientset(actions...), pods: pods}
		if err := on.reconcilePipelineRun(); err != nil {
			return pods, fmt.Errorf("PipelineRun: %w", err)
		}
	}
	for _, run := range taskRuns {
		on := &cluster{system: s, ctx: ctx, client: fakeclientset.NewSimpleClientset(actions...), pods: pods}
		if err := on.reconcileTaskRun(run); err != nil {
			return pods, fmt.Errorf("TaskRun: %w", err)
		}
	}
	return pods, nil
}

func (s *system) copyOf() *system { return &system{tasks: s.tasks, actions: s.actions} }

// ours are the errors and warnings of the command on the same text.
func (c *writtenCase) ours(t *testing.T) diag.Findings {
	t.Helper()
	objects, found := manifest.Parse([]byte(c.text), "case.yaml")
	profile := check.Profile{Complete: true, Exists: []diag.ObjectRef{
		{Kind: "ServiceAccount", Name: "*"}, {Kind: "PersistentVolumeClaim", Name: "*"},
		{Kind: "ConfigMap", Name: "*"}, {Kind: "Secret", Name: "*"},
	}}
	checked, err := check.Run(context.Background(), objects, profile)
	require.NoError(t, err)
	found = append(found, checked...)
	found.Sort()
	var out diag.Findings
	for _, f := range found {
		if f.Severity != diag.Note {
			out = append(out, f)
		}
	}
	return out
}
