package pac

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/diag"
)

func files(texts ...string) []File {
	var all []File
	for i := 0; i < len(texts); i += 2 {
		all = append(all, File{Name: texts[i], Text: []byte(texts[i+1])})
	}
	return all
}

const aRun = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: NAME
  annotations:
    pipelinesascode.tekton.dev/on-event: "[pull_request]"
spec:
  params:
    - name: title
      value: "{{ title }}"
    - name: rest
      value: end
  pipelineRef:
    name: PIPELINE
`

func run(name, pipeline string) string {
	return strings.NewReplacer("NAME", name, "PIPELINE", pipeline).Replace(aRun)
}

const aPipeline = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  tasks:\n    - name: a\n      taskRef: {name: t}\n    - name: b\n      taskRef: {name: gone}\n"

const aTask = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t, labels: {l: x}}\nspec:\n  steps: [{name: s, image: FILE}]\n"

func TestOrder(t *testing.T) {
	f := Load(files("b.yaml", "b", "a/z.yml", "z", "a.yaml", "a", "a-b.yaml", "ab", "README.md", "#", "x.YAML", "X", "a/b/c.yaml", "---\nc"))
	var names []string
	for _, file := range f.Files {
		names = append(names, file.Name)
	}
	assert.Equal(t, []string{"a-b.yaml", "a.yaml", "a/b/c.yaml", "a/z.yml", "b.yaml"}, names)
	assert.Equal(t, "\nab\n---\na\n\n---\nc\n---\nz\n---\nb\n", f.Text())
}

// TestPositions shows that positions are those in the source, behind variables that are
// replaced with more and with fewer lines.
func TestPositions(t *testing.T) {
	f := Load(files("a.yaml", "# {{ long }}\n---\n"+run("a", "p"), "b.yaml", run("b", "p")))
	for _, value := range []string{"", "x", "much longer than the name of it", "two\\nlines"} {
		o := f.Read(Values{Params: map[string]string{"title": value, "long": "1\n# 2\n# 3"}})
		require.Len(t, o.Runs, 2)
		for i, first := range []int{2, 0} {
			r := o.Runs[i]
			at := func(path diag.Path) diag.Position { return r.Position(path).Start() }
			file := []string{"a.yaml", "b.yaml"}[i]
			assert.Equal(t, file, r.File())
			assert.Equal(t, diag.Position{File: file, Line: first + 4, Column: 9}, at(diag.Fields("metadata", "name")))
			assert.Equal(t, diag.Position{File: file, Line: first + 12, Column: 14}, at(diag.Fields("spec").FieldIndex("params", 1).Field("value")), value)
			assert.Equal(t, diag.Position{File: file, Line: first + 14, Column: 11}, at(diag.Fields("spec", "pipelineRef", "name")), value)
			assert.Equal(t, diag.Position{File: file, Line: first + 10, Column: 14}, at(diag.Fields("spec").FieldIndex("params", 0).Field("value")), value)
		}
	}
}

func TestBroken(t *testing.T) {
	f := Load(files("a.yaml", run("a", "p"), "b.yaml", "a: 1\nb: {{ revision }}\n", "c.yaml", "a: 1\n---\nb: {{ revision }}\n", "d.yaml", "a: [\n"))
	require.Len(t, f.Broken(), 2)
	assert.Equal(t, "b.yaml", f.Broken()[0].File)
	assert.Equal(t, 2, f.Broken()[0].Problem.Line)
	assert.Contains(t, f.Broken()[0].Problem.Message, "{{ revision }} is not quoted")
	assert.Equal(t, "d.yaml", f.Broken()[1].File)
}

func TestLost(t *testing.T) {
	f := Load(files("a.yaml", "a: 1\n--- # next\nb: 2\n---\nc: 3\n--- d\n", "b.yaml", "--- # first\ne: 5\n"))
	assert.Equal(t, []diag.Position{
		{File: "a.yaml", Line: 2 + 1, Column: 1}, {File: "a.yaml", Line: 6, Column: 1}, {File: "b.yaml", Line: 2, Column: 1},
	}, f.Lost())
	assert.Empty(t, Load(files("a.yaml", "--- # first\na: 1\n---\n# c\n---  \nb: 2\n")).Lost())
}

func TestDuplicates(t *testing.T) {
	o := Load(files("a.yaml", run("a", "p")+"---\n"+strings.Replace(run("a", "p"), "name: a", "generateName: a", 1)+"---\n"+run("b", "p"), "b.yaml", run("b", "p"))).Raw(nil)
	var errs []string
	for _, p := range o.Duplicates() {
		errs = append(errs, p.Error()+" in "+p.Second.File())
	}
	assert.Equal(t, []string{
		"found multiple pipelinerun in .tekton with the same generateName: a, please update in a.yaml",
		"found multiple pipelinerun in .tekton with the same name: b, please update in b.yaml",
	}, errs)
}

func TestResolve(t *testing.T) {
	o := Load(files("a.yaml", run("a", "p"), "b.yaml", run("b", "none"), "p.yaml", aPipeline, "t1.yaml", strings.Replace(aTask, "FILE", "one", 1), "t2.yaml", strings.Replace(aTask, "FILE", "two", 1))).Raw(nil)
	resolved := o.Resolve(o.Runs, nil)
	require.EqualError(t, Stop(resolved), "cannot find referenced task gone. if it's a remote task make sure to add it in the annotations")
	u := resolved[0].Errs[0]
	assert.Equal(t, "p.yaml", u.Of.File())
	assert.Equal(t, 9, u.Of.Position(u.Path).Line)
	assert.Equal(t, "one", resolved[0].Tasks["a"].Object.Spec.Steps[0].Image, "the first one wins")
	require.Len(t, resolved[1].Errs, 1)
	assert.Equal(t, "none", resolved[1].Errs[0].Name)
	assert.Equal(t, 14, o.Runs[1].Position(resolved[1].Errs[0].Path).Line)
}

// TestCheck shows that Check finds what Resolve finds, once for a Pipeline.
func TestCheck(t *testing.T) {
	o := Load(files("a.yaml", run("a", "p")+"---\n"+run("b", "p")+"---\n"+run("c", "q"), "p.yaml", aPipeline, "t.yaml", aTask)).Raw(nil)
	checked, resolved := o.Check(o.Runs, nil), o.Resolve(o.Runs, nil)
	assert.Equal(t, resolved[0].Errs, checked[0].Errs)
	assert.Len(t, resolved[1].Errs, 1)
	assert.Empty(t, checked[1].Errs)
	assert.Equal(t, resolved[2].Errs, checked[2].Errs)
	assert.NotNil(t, o.Pipelines[0].Object.Spec.Tasks[0].TaskRef, "nothing is changed")
}

func TestUnknownRemote(t *testing.T) {
	text := strings.Replace(run("a", "p"), "annotations:\n", "annotations:\n    pipelinesascode.tekton.dev/task: \"[gone, https://example.dev/t.yaml]\"\n", 1)
	o := Load(files("a.yaml", text, "p.yaml", aPipeline, "t.yaml", aTask)).Raw(nil)
	r := o.Resolve(o.Runs, func(r Remote) ([]byte, error) {
		if r.Where() == URL {
			return []byte(strings.Replace(aTask, "FILE", "far", 1)), nil
		}
		return nil, ErrUnknown
	})[0]
	require.Empty(t, r.Errs)
	require.Len(t, r.Own.Unknown, 1)
	assert.Equal(t, "gone", r.Own.Unknown[0].Value)
	assert.Equal(t, Hub, r.Own.Unknown[0].Where())
	tasks := r.Object.Spec.PipelineSpec.Tasks
	assert.Equal(t, "far", tasks[0].TaskSpec.Steps[0].Image, "an annotation wins over the folder")
	assert.Equal(t, map[string]string{"l": "x"}, tasks[0].TaskSpec.Metadata.Labels)
	assert.NotNil(t, tasks[1].TaskRef, "it may be in the task that is not known")
	assert.Equal(t, "a-", r.Object.GenerateName)
	assert.Equal(t, "a", r.Object.Annotations[OriginalName])
	assert.Equal(t, "a", o.Runs[0].Object.Name, "the run of the folder is not changed")
}

func TestFinish(t *testing.T) {
	text := strings.Replace(run("a", "p"), "value: end", "value: '{{ git_auth_secret }} {{ who }}'", 1)
	o := Load(files("a.yaml", text, "p.yaml", strings.Replace(aPipeline, "gone", "t", 1), "t.yaml", aTask)).Raw(nil)
	r := o.Resolve(o.Runs, nil)[0]
	run, err := r.Finish(Values{Params: map[string]string{"who": "me"}}, "pac-gitauth-abcdef")
	require.NoError(t, err)
	assert.Equal(t, "pac-gitauth-abcdef me", run.Spec.Params[1].Value.StringVal)
	assert.Equal(t, "pac-gitauth-abcdef", run.Annotations[GitAuthSecret])
	_, err = r.Finish(Values{Params: map[string]string{"who": `"`}}, "x")
	require.ErrorContains(t, err, "failed to unmarshal PipelineRun a-")
}

// TestHostile shows that texts that would take much memory or time are dropped.
func TestHostile(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		b := strings.Repeat(", *a"+string(rune('0'+i)), 10)[2:]
		bomb.WriteString("a" + string(rune('1'+i)) + ": &a" + string(rune('1'+i)) + " [" + b + "]\n")
	}
	for name, text := range map[string]string{
		"aliases":  bomb.String(),
		"depth":    strings.Repeat("[", 100_000),
		"size":     "a: " + strings.Repeat("x", 17<<20),
		"values":   strings.Repeat("- a\n", 3<<20),
		"not UTF8": "a: \xff\n",
	} {
		f := Load(files("a.yaml", text, "b.yaml", run("a", "p")))
		assert.NotEmpty(t, f.Broken(), name)
		o := f.Raw(nil)
		assert.NotEmpty(t, o.Dropped, name)
		assert.NotPanics(t, func() { o.Resolve(o.Runs, nil) }, name)
	}
}

func TestLabel(t *testing.T) {
	for in, want := range map[string]string{
		"a": "a", "a-": "a", "a/b:c d": "a-b-c_d", "[x]é": "x", strings.Repeat("a", 70): strings.Repeat("a", 63), "": "",
	} {
		assert.Equal(t, want, Label(in), in)
	}
}

// TestCheckGrowth tests that many runs of one Pipeline cost no more than the Pipeline, whatever
// their annotations and those of the Pipeline refer to.
func TestCheckGrowth(t *testing.T) {
	for name, annotations := range map[string][2]string{
		"of the runs":     {`{pipelinesascode.tekton.dev/task: "t/known.yaml"}`, "{}"},
		"of the Pipeline": {"{}", `{pipelinesascode.tekton.dev/task: "[%s]"}`},
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 50, func(n int) func() {
				var text, tasks, remotes strings.Builder
				for i := range n {
					fmt.Fprintf(&text, "---\napiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r%d, annotations: %s}\nspec: {pipelineRef: {name: p}}\n", i, annotations[0])
					fmt.Fprintf(&tasks, "{name: a%d, taskRef: {name: b%d}},", i, i)
					fmt.Fprintf(&remotes, "t%d,", i)
				}
				fmt.Fprintf(&text, "---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p, annotations: %s}\nspec: {tasks: [%s]}\n",
					strings.ReplaceAll(annotations[1], "%s", remotes.String()+"t"), tasks.String())
				o := Load(files("a.yaml", text.String())).Raw(nil)
				require.Len(t, o.Runs, n)
				return func() {
					for _, r := range o.Check(o.Runs, func(r Remote) ([]byte, error) {
						if r.Value == "t/known.yaml" {
							return []byte(aTask), nil
						}
						return nil, ErrUnknown
					}) {
						require.LessOrEqual(t, len(r.Errs), n)
					}
				}
			})
		})
	}
}
