package pac

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/glob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tektonv1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	tektonv1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// witness is what Pipelines-as-Code and Tekton say about a folder.
type witness struct {
	root    string
	objects *pac.Objects
	created map[string][]*tektonv1.PipelineRun // by the original name, for any event
	matched map[string]bool                    // runs that their annotations started
	none    bool                               // no event started a run
}

func witnessOf(t *testing.T, root string, h *hints) *witness {
	t.Helper()
	w := &witness{root: root, objects: pac.Load(readFiles(t, filepath.Join(root, ".tekton"))).Raw(nil), created: map[string][]*tektonv1.PipelineRun{}, matched: map[string]bool{}}
	events := h.events("github", root)
	for _, name := range h.names {
		in := withAPI(commentOn("/test " + name))
		events = append(events, sampled{"", "comment", h.input(in, repoURL, "github", root, h.files), true})
	}
	for _, e := range events {
		out, _, _ := runs(e.in)
		if out == nil {
			continue
		}
		for _, r := range out.Created {
			name := r.Annotations[pac.OriginalName]
			w.created[name] = append(w.created[name], r)
			w.matched[name] = w.matched[name] || !e.force
		}
	}
	w.none = len(w.created) == 0
	return w
}

// refused returns why Tekton refuses an object, "" if it does not.
func (w *witness) refused(ref diag.ObjectRef) string {
	ctx := context.Background()
	var errs []string
	add := func(err interface{ Error() string }) {
		if s := fmt.Sprint(err); s != "" {
			errs = append(errs, s)
		}
	}
	switch ref.Kind {
	case "Pipeline":
		// The Pipeline is a part of the runs that refer to it, so that only these are sent.
		sent := false
		for _, r := range w.objects.Runs {
			if p := r.Object.Spec.PipelineRef; p != nil && p.Resolver == "" && p.Name == ref.Name && len(w.created[r.Original()]) > 0 {
				sent = true
				add(stringError(w.refused(diag.ObjectRef{Kind: "PipelineRun", Name: r.Original()})))
			}
		}
		if sent {
			break
		}
		for _, p := range w.objects.Pipelines {
			if p.Object.Name == ref.Name {
				o := p.Object.DeepCopy()
				o.SetDefaults(ctx)
				add(o.Validate(ctx))
			}
		}
	case "Task":
		for _, k := range w.objects.Tasks {
			if k.Object.Name == ref.Name {
				o := k.Object.DeepCopy()
				o.SetDefaults(ctx)
				add(o.Validate(ctx))
			}
		}
	case "PipelineRun":
		for _, r := range w.created[ref.Name] {
			o := r.DeepCopy()
			o.SetDefaults(ctx)
			add(o.Validate(ctx))
		}
	}
	return strings.Join(slices.Compact(errs), "; ")
}

type stringError string

func (s stringError) Error() string { return string(s) }

// unwritable reports whether a run cannot be sent to the cluster.
func (w *witness) unwritable(t *testing.T, ref diag.ObjectRef) string {
	for _, r := range w.created[ref.Name] {
		if text := asJSON(t, r); strings.Contains(text, "impossible") {
			return text
		}
	}
	return ""
}

// lost returns what a strict decoder says about the fields that Pipelines-as-Code drops: when
// it reads an object, or when it converts it to v1.
func (w *witness) lost(t *testing.T, file string, converted bool) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var errs []string
	for _, part := range regexp.MustCompile(`(?m)^---\s*$`).Split(string(text), -1) {
		all := []any{&tektonv1.PipelineRun{}, &tektonv1.Pipeline{}, &tektonv1.Task{}}
		if !converted && strings.Contains(part, "apiVersion: tekton.dev/v1beta1\n") {
			all = []any{&tektonv1beta1.PipelineRun{}, &tektonv1beta1.Pipeline{}, &tektonv1beta1.Task{}}
		}
		for _, o := range all {
			if !strings.Contains(part, "kind: "+reflect.TypeOf(o).Elem().Name()+"\n") {
				continue
			}
			if err := yaml.UnmarshalStrict([]byte(part), o); err != nil {
				errs = append(errs, err.Error())
			}
		}
	}
	return strings.Join(errs, "; ")
}

// quotedText finds the first name in a message.
var quotedText = regexp.MustCompile(`"([^"]+)"`)

// judge says what Pipelines-as-Code or Tekton say about an error: why it is one, or "" if
// they deny it. The second result is false if they cannot tell.
func (w *witness) judge(t *testing.T, f diag.Finding) (why string, known bool) {
	switch f.Code {
	case check.YAMLInvalid, check.PacReferenceUnknown:
		if f.Code == check.YAMLInvalid && w.none {
			return "no run starts", true
		}
		if f.Code == check.PacReferenceUnknown && len(w.created[f.Object.Name]) == 0 {
			return "the run is never created", true
		}
		return "", true
	case check.PacMatcherInvalid:
		if !w.matched[f.Object.Name] {
			return "no event starts it by its annotations", true
		}
		return "", true
	case check.PacPathNever:
		for _, m := range quotedText.FindAllStringSubmatch(f.Message, -1) {
			g, err := glob.Compile(m[1])
			if err != nil {
				return err.Error(), true
			}
			if slices.ContainsFunc([]string{"a", "a/b", strings.TrimLeft(m[1], "./"), strings.ReplaceAll(strings.TrimLeft(m[1], "./"), "*", "x"), ".tekton/a.yaml"}, g.Match) {
				return "", true
			}
		}
		return "its pattern matches no name", true
	case check.ValueMissing:
		if len(w.created[f.Object.Name]) == 0 {
			return "Pipelines-as-Code cannot write the run, and creates none", true
		}
		return w.unwritable(t, f.Object), true
	case check.FieldUnknown, check.FieldRemoved, check.KeyDuplicate:
		return w.lost(t, f.Position.File, f.Code == check.FieldRemoved), true
	case check.WorkspaceUnknown:
		if strings.Contains(f.Message, "unreplaced") {
			return "", false
		}
		return w.refused(f.Object), true
	case check.PacRepositoryInvalid:
		return "matcher.MatchEventURLRepo compares the URL byte for byte", strings.Contains(f.Message, ".git")
	case check.ReferenceInvalid, check.VariableUnknown, check.TimeoutInvalid, check.ParamUnknown, check.TaskUnknown:
		return w.refused(f.Object), true
	}
	return "", false
}

// TestSampleErrors asks Pipelines-as-Code and Tekton about each error of check in the
// folders of a sample.
func TestSampleErrors(t *testing.T) {
	n, judged, denied, open := 0, map[string]int{}, map[string]int{}, map[string]int{}
	for _, root := range sample(t) {
		loaded, err := manifest.Load(context.Background(), []string{filepath.Join(root, ".tekton")}, manifest.LoadOptions{})
		require.NoError(t, err)
		findings, err := check.RunLoaded(context.Background(), loaded.Objects, loaded.Findings, loaded.Profile())
		require.NoError(t, err)
		var errs diag.Findings
		for _, f := range findings {
			if f.Severity == diag.Error {
				errs = append(errs, f)
			}
		}
		if len(errs) == 0 {
			continue
		}
		w := witnessOf(t, root, hintsOf(t, root))
		for _, f := range errs {
			n++
			why, known := w.judge(t, f)
			place := strings.TrimPrefix(f.Position.String(), filepath.Dir(root)+"/")
			switch {
			case !known:
				open[f.Code]++
				t.Logf("not known: %s %s %s", place, f.Code, f.Message)
			case why == "":
				denied[f.Code]++
				assert.Fail(t, "denied", "%s %s %s", place, f.Code, f.Message)
			default:
				judged[f.Code]++
				t.Logf("confirmed: %s %s %s\n  %.300s", place, f.Code, f.Message, why)
			}
		}
	}
	for name, counts := range map[string]map[string]int{"confirmed": judged, "denied": denied, "not known": open} {
		for _, code := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%s: %s %d", name, code, counts[code])
		}
	}
	t.Log(n, "errors")
}

// TestValueOfV1beta1 tests that a param without a value stops a run of v1, but that
// Pipelines-as-Code makes it the empty string when it converts a run of v1beta1.
func TestValueOfV1beta1(t *testing.T) {
	for version, want := range map[string]string{"v1": "impossible ParamValues.Type", "v1beta1": `{"name":"d","value":""}`} {
		text := "apiVersion: tekton.dev/" + version + "\nkind: PipelineRun\nmetadata:\n  name: a\n  annotations:\n    pipelinesascode.tekton.dev/on-event: \"[push]\"\n" +
			"    pipelinesascode.tekton.dev/on-target-branch: \"[main]\"\nspec:\n  pipelineSpec:\n    tasks:\n    - name: a\n      params: [{name: d}]\n" +
			"      taskSpec:\n        params: [{name: d}]\n        steps: [{name: s, image: x, script: echo}]\n"
		root := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(root, ".tekton"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(root, ".tekton", "a.yaml"), []byte(text), 0o600))
		w := witnessOf(t, root, hintsOf(t, root))
		if len(w.created["a"]) == 0 {
			assert.Equal(t, "v1", version, "no run is created")
		}
		for _, r := range w.created["a"] {
			assert.Contains(t, asJSON(t, r), want)
		}
	}
}
