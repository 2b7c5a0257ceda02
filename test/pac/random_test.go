package pac

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/formatting"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/matcher"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/templates"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/pac"
)

// random makes folders.
type random struct{ *rand.Rand }

func (r random) of(words ...string) string { return words[r.IntN(len(words))] }

func (r random) chance(percent int) bool { return r.IntN(100) < percent }

const away = "https://far.example/dir/"

// remotes are the texts of remote tasks and pipelines.
func remotes() map[string]string {
	return map[string]string{
		away + "t.yaml":   task("t", "remote"),
		away + "u.yaml":   task("u", "'{{ revision }}{{ cel: revision }}'"),
		away + "p.yaml":   pipeline("p", ref("t")+ref("u"), `task: "[t.yaml, https://far.example/dir/u.yaml]"`),
		away + "q.yaml":   pipeline("q", ref("t"), "task: git-clone"),
		away + "run.yaml": byRef("x", "p"),
		"https://artifacthub.io/api/v1/packages/tekton-task/tekton-catalog-tasks/git-clone": js2("git-clone", "hub"),
	}
}

var (
	taskValues = []string{"git-clone", away + "t.yaml", "[" + away + "t.yaml, " + away + "u.yaml]", "ci/t.yaml", "./ci/t.yaml", "none.yaml",
		away + "none.yaml", away + "p.yaml", "mine://t", "a b", "[]", "''", "[git-clone,]"}
	pipelineValues = []string{away + "p.yaml", away + "q.yaml", "ci/p.yaml", "'[" + away + "p.yaml, ci/p.yaml]'", away + "run.yaml", "mine://p"}
	expressions    = []string{"{{ revision }}", "{{revision}}", "{{ body.pull_request.title }}", "{{ cel: revision }}", "{{ lines }}", "{{ nested }}",
		"{{ none }}", "{{ git_tag }}", "{{ git_auth_secret }}", "{{ trigger_comment }}", "{{ body.number }}", "{{ body.half }}", "{{ headers['Accept'] }}",
		"{{ cel: 1 / 0 }}", "{{ body.pull_request.labels }}", "{{x}}", "{{ x }}", "{{ pull_request_labels }}"}
)

// text is a value that may contain a variable, quoted in one of many ways.
func (r random) text() string {
	s := r.of("a", "b", "c")
	if r.chance(40) {
		s += r.of(expressions...)
	}
	switch r.IntN(5) {
	case 0:
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case 1:
		return `"` + s + `"`
	case 2:
		return "|-\n        " + s
	}
	return s
}

func (r random) annotations(of string) string {
	var lines []string
	if r.chance(40) {
		lines = append(lines, r.of("task", "task-1", "task-22", "task-lint")+": "+r.of(taskValues...))
	}
	if of == "PipelineRun" && r.chance(25) {
		lines = append(lines, r.of("pipeline", "pipeline-1")+": "+r.of(pipelineValues...))
	}
	if of == "PipelineRun" {
		lines = append(lines, `on-event: "[pull_request]"`)
	}
	if len(lines) == 0 {
		return ""
	}
	s := "  annotations:\n"
	for _, l := range lines {
		s += "    pipelinesascode.tekton.dev/" + l + "\n"
	}
	return s
}

func (r random) tasks(indent string) string {
	s := indent + "tasks:\n"
	for i := range 1 + r.IntN(3) {
		if i == 2 && r.chance(50) {
			s += indent + "finally:\n"
		}
		s += indent + fmt.Sprintf("- name: n%d\n", i)
		switch r.IntN(6) {
		case 0:
			s += indent + "  taskSpec: {steps: [{name: s, image: i}]}\n"
		case 1:
			s += indent + "  taskRef: " + r.of("{resolver: git}", "{kind: ClusterTask, name: t}", "{apiVersion: example.dev/v1, kind: K, name: t}",
				"{apiVersion: tekton.dev/v1, kind: Pipeline, name: t}", "{apiVersion: tekton.dev/v1beta1, name: t}", "{name: t, bundle: b}") + "\n"
		default:
			s += indent + "  taskRef: {name: " + r.of("t", "t", "u", "git-clone", "missing") + "}\n"
		}
	}
	return s
}

// document is an object of any kind.
func (r random) document(run *int) string {
	version := r.of("v1", "v1", "v1", "v1beta1", "v1alpha1")
	if r.chance(80) {
		version = "v1"
	}
	head := func(kind, name string) string {
		return "apiVersion: tekton.dev/" + version + "\nkind: " + kind + "\nmetadata:\n" + name + r.annotations(kind)
	}
	switch r.IntN(8) {
	case 0, 1, 2:
		*run++
		name := fmt.Sprintf("  name: r%d\n", *run)
		switch r.IntN(12) {
		case 0:
			name = fmt.Sprintf("  generateName: r%d-\n", *run)
		case 1:
			name = "  name: r1\n"
		case 2:
			name = "  name: {{ name }}\n"
		case 3:
			name = ""
		}
		s := head("PipelineRun", name) + "spec:\n  params:\n    - name: v\n      value: " + r.text() + "\n"
		if r.chance(60) {
			return s + "  pipelineRef: " + r.of("{name: p}", "{name: p}", "{name: q}", "{resolver: git}", "{name: gone}") + "\n"
		}
		return s + "  pipelineSpec:\n" + r.tasks("    ")
	case 3, 4:
		return head("Pipeline", "  name: "+r.of("p", "p", "q")+"\n") + "spec:\n" + r.tasks("  ")
	case 5, 6:
		return head("Task", "  name: "+r.of("t", "u", "git-clone")+"\n") + "spec:\n  steps:\n    - name: s\n      image: " + r.text() + "\n"
	}
	return r.of("# a comment\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "apiVersion: v1\nkind: List\nitems: []\n", "null\n", "[a]\n",
		"apiVersion: tekton.dev/v1\nkind: Thing\n", "kind: [\n", "{\"apiVersion\": \"tekton.dev/v1\", \"kind\": \"Task\", \"metadata\": {\"name\": \"t\"}}\n",
		"apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata: {name: a}\nspec: {image: i}\n", "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: a}\nspec: []\n")
}

// folder is a random folder.
func (r random) folder() map[string]string {
	files := map[string]string{"ci/t.yaml": task("t", "repository"), "ci/p.yaml": pipeline("p", ref("t"), "task: t.yaml")}
	run := 0
	for i := range 1 + r.IntN(4) {
		var s strings.Builder
		if r.chance(20) {
			s.WriteString(r.of("---\n", "--- # first\n", "\n", "# c\n---\n"))
		}
		for j := range 1 + r.IntN(4) {
			if j > 0 {
				s.WriteString(r.of("---\n", "---\n", "---\n", "---  \n", "--- # next\n", "---\t\n\n", "...\n---\n", "---\r\n"))
			}
			s.WriteString(r.document(&run))
		}
		text := s.String()
		if r.chance(30) {
			text = r.mutate(text)
		}
		files[".tekton/"+fmt.Sprint(r.of("a", "b/", "c", "b"), i, r.of(".yaml", ".yaml", ".yml", ".txt", ".YAML"))] = text
	}
	return files
}

// mutate breaks a text.
func (r random) mutate(text string) string {
	lines := strings.SplitAfter(text, "\n")
	i := r.IntN(len(lines))
	switch r.IntN(7) {
	case 0:
		lines[i] = ""
	case 1:
		lines[i] += lines[i]
	case 2:
		lines[i] = " " + lines[i]
	case 3:
		lines[i] = strings.TrimPrefix(lines[i], " ")
	case 4:
		at := r.IntN(len(text))
		return text[:at] + r.of("{{ revision }}", "'", `"`, ":", "- ", "\t", "#", "[", "}", "\n---\n", "&a ", "*a", "é", "\r\n", "{{ lines }}", "!!binary ", "<<: ") + text[at:]
	case 5:
		at := r.IntN(len(text))
		return text[:at] + text[min(len(text), at+1+r.IntN(3)):]
	case 6:
		j := r.IntN(len(lines))
		lines[i], lines[j] = lines[j], lines[i]
	}
	return strings.Join(lines, "")
}

// TestRandomFolders compares random folders, many of them broken.
func TestRandomFolders(t *testing.T) {
	n, runs := 1500, 0
	if testing.Short() {
		n = 200
	}
	for seed := range n {
		r := random{rand.New(rand.NewPCG(uint64(seed), 16))}
		files := r.folder()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			runs += compareFolder(t, folder(t, files), someValues(), remotes())
			if t.Failed() {
				for name, text := range files {
					t.Logf("%s:\n%s", name, text)
				}
			}
		})
	}
	assert.Greater(t, runs, n/15, "runs are compared to their end")
}

func FuzzExpand(f *testing.F) {
	for _, s := range expressions {
		f.Add("a: "+s+"\n", "value")
	}
	f.Add("{{ cel: {\"a\": body} }} {{ cel: [1, 2.5, true, null] }} {{ cel: b'x' }} {{ cel: 9007199254740993 }} {{ cel: 1u }}", "x")
	f.Add("{{ files }} {{ body }} {{ headers }} {{ pac }} {{ cel: pac }}", "<>&\"")
	f.Fuzz(func(t *testing.T, text, value string) {
		if strings.Count(text, "{{") > 50 || len(text) > 10_000 {
			return
		}
		v := someValues()
		v.vars["x"] = value
		v.body["x"] = value
		want, got := v.expand(text), pac.Expand(text, v.ours())
		require.Equal(t, blank(want), blank(got.Text))
		at := 0
		for i := range len(got.Text) + 1 {
			source := got.Source(i)
			require.GreaterOrEqual(t, source, at, "the offsets ascend")
			require.LessOrEqual(t, source, len(text))
			at = source
		}
		require.Equal(t, len(text), at)
	})
}

func FuzzRead(f *testing.F) {
	for seed := range 40 {
		for _, text := range (random{rand.New(rand.NewPCG(uint64(seed), 17))}).folder() {
			f.Add(text)
		}
	}
	f.Add("apiVersion: tekton.dev/\nkind: x\n")
	f.Add("apiVersion: tekton.dev/v1/x\nkind: Task\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 || !utf8.ValidString(text) {
			return // the API of a git provider returns text
		}
		root := folder(t, map[string]string{".tekton/a.yaml": text})
		compareFolder(t, root, someValues(), remotes())
	})
}

func FuzzList(f *testing.F) {
	for _, s := range taskValues {
		f.Add(s)
	}
	f.Add("[a,b&#44;c]")
	f.Add(" [ a\n]")
	f.Add("[,\"]")
	f.Fuzz(func(t *testing.T, text string) {
		want, err := matcher.GrabTasksFromAnnotations(map[string]string{pac.Task: text})
		got, ourErr := pac.List(text)
		if err != nil {
			require.EqualError(t, ourErr, err.Error())
			return
		}
		require.NoError(t, ourErr)
		require.Equal(t, want, got)
		require.Equal(t, formatting.CleanValueKubernetes(text), pac.Label(text))
	})
}

// TestVariablesFound holds the list of variables against what the templates replace.
func TestVariablesFound(t *testing.T) {
	for _, name := range pac.Standard {
		text := "{{ " + name + " }}"
		assert.Equal(t, "v", templates.ReplacePlaceHoldersVariables(text, map[string]string{name: "v"}, nil, nil, nil))
		assert.Len(t, pac.Variables(text), 1)
	}
}
