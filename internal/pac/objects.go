package pac

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	kjson "sigs.k8s.io/json"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Document is a document of the folder that Pipelines-as-Code tries to decode.
type Document struct {
	APIVersion, Kind string
	// Name is its name or generateName.
	Name   string
	folder *Folder
	exp    *Expansion
	start  int // in the expanded text
	size   int // of the document as JSON, in which aliases are expanded
	values int // number of its maps
	read   *yamlread.Document
	once   sync.Once
	lines  *yamlread.Outline
}

// Position returns the position of a value in the source: for a value that contains a
// variable, or is inserted by one, that of the variable.
func (d *Document) Position(path diag.Path) diag.Position {
	return d.folder.place(d.exp.Source(d.start + d.offset(path)))
}

// File returns the name of the file in which the document begins.
func (d *Document) File() string { return d.Position(diag.Path{}).File }

// IsBroken reports whether the document is not valid YAML.
func (d *Document) IsBroken() bool { return d.read != nil && d.read.Problem != nil }

// Root returns the value of the document, nil if it could not be read.
func (d *Document) Root() *yamlread.Node {
	if d.read == nil {
		return nil
	}
	return d.read.Root
}

func (d *Document) offset(path diag.Path) int {
	if d.read == nil {
		return 0
	}
	_, start := d.read.Extent()
	if d.read.Root == nil {
		return start
	}
	d.once.Do(func() { d.lines = d.read.Outline(d.read.Root) })
	return start + d.lines.Offset(path)
}

// Run is a PipelineRun of the folder.
type Run struct {
	*Document
	// RunName and GenerateName are metadata.name and metadata.generateName. Most runs have
	// one of them.
	RunName, GenerateName string
	Namespace             string
	Annotations, Labels   map[string]string
	// Object is the run as it is decoded, converted to v1, and not to be changed.
	Object *v1.PipelineRun
}

// Original returns the name by which /test and incoming webhooks select the run.
func (r *Run) Original() string {
	if r.RunName != "" {
		return r.RunName
	}
	return r.GenerateName
}

// Pipeline is a Pipeline of the folder.
type Pipeline struct {
	*Document
	Object *v1.Pipeline
}

// TaskObject is a Task of the folder.
type TaskObject struct {
	*Document
	Object *v1.Task
}

// Dropped is a document that Pipelines-as-Code does not use, although it may look as if
// it did. The other documents are used. On a push, nobody is told about it.
type Dropped struct {
	*Document
	Err error
	// Comment reports whether a comment on a pull request tells the user. Otherwise there
	// is only an Event beside the Repository.
	Comment bool
}

// Objects are the documents of a folder after the variables were replaced, in its order.
type Objects struct {
	Runs      []*Run
	Pipelines []*Pipeline
	Tasks     []*TaskObject
	Dropped   []*Dropped
	// Ignored are documents of kinds that Pipelines-as-Code does not look at.
	Ignored []*Document
	// Err is the error of an object of v1beta1 that cannot be converted to v1. No run
	// starts then, and a failed status tells so. It is also that of Values.Work.
	Err error

	exp  *Expansion
	work *Work
}

// mostAsJSON is how many times its size a document may have as JSON without aliases: one
// character may become six, and a short key gets quotes and the value null.
const mostAsJSON = 8

// separator is where Pipelines-as-Code splits the text.
var separator = regexp.MustCompile(`(?m)^---\s*$`)

// Raw returns the documents before the variables are replaced. Pipelines-as-Code matches
// them once to learn about the event, and ignores which match.
// The work is that of reading them. Nil is no bound.
func (f *Folder) Raw(w *Work) *Objects { return f.objects(&Expansion{Text: f.text}, w) }

// Read replaces the variables and returns the documents.
func (f *Folder) Read(v Values) *Objects {
	exp := Expand(f.text, v)
	if err := v.Work.Err(); err != nil {
		return &Objects{Err: err, exp: exp}
	}
	return f.objects(exp, v.Work)
}

func (f *Folder) objects(exp *Expansion, w *Work) *Objects {
	o := &Objects{exp: exp, work: w}
	at := 0
	for _, next := range append(separator.FindAllStringIndex(exp.Text, -1), []int{len(exp.Text), len(exp.Text)}) {
		part, start := exp.Text[at:next[0]], at
		at = next[1]
		if strings.TrimSpace(part) == "" {
			continue
		}
		d := &Document{folder: f, exp: exp, start: start}
		if o.add(d, part); o.Err != nil {
			return o
		}
	}
	return o
}

// add decodes a document as a decoder of Kubernetes does: it reads the first document of
// the text, and ignores unknown fields.
func (o *Objects) add(d *Document, part string) {
	d.read = yamlread.First(part)
	drop := func(comment bool, format string, args ...any) {
		if comment { // it depends on the apiVersion, as far as that can be read
			d.APIVersion, d.Name, _ = yamlread.Head(part)
			comment = strings.HasPrefix(d.APIVersion, "tekton.dev")
		}
		o.Dropped = append(o.Dropped, &Dropped{d, fmt.Errorf(format, args...), comment})
	}
	switch {
	case d.read == nil:
		drop(false, "the document is empty")
		return
	case d.read.Problem != nil:
		drop(true, "%s", d.read.Problem.Message)
		return
	}
	text, err := asJSON(d.read.Root, part)
	if err != nil {
		drop(true, "%w", err)
		return
	}
	d.size, d.values = len(text), bytes.Count(text, []byte("{"))
	if !o.work.insertObject(max(0, d.size-mostAsJSON*len(part)), d.values) {
		o.Err = o.work.Err()
		return
	}
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		drop(true, "%w", err)
		return
	}
	d.APIVersion, d.Kind = head.APIVersion, head.Kind
	name, generate := d.read.Root.Get("metadata").Get("name"), d.read.Root.Get("metadata").Get("generateName")
	for _, n := range []*yamlread.Node{generate, name} {
		if n != nil && n.Text != "" {
			d.Name = n.Text
		}
	}
	switch {
	case d.Kind == "":
		drop(true, "the document has no kind")
		return
	case d.APIVersion == "":
		drop(false, "the document has no apiVersion")
		return
	case !strings.HasPrefix(d.APIVersion, "tekton.dev/"):
		o.Ignored = append(o.Ignored, d)
		return
	}
	version := strings.TrimPrefix(d.APIVersion, "tekton.dev/")
	if version == "" || strings.Contains(version, "/") {
		drop(true, "%q is not an apiVersion", d.APIVersion)
		return
	}
	decode, ok := kinds[version+"/"+d.Kind]
	if !ok {
		drop(false, "Pipelines-as-Code does not know kind %s of %s", d.Kind, d.APIVersion)
		return
	}
	object := decode()
	if err := kjson.UnmarshalCaseSensitivePreserveInts(text, object); err != nil {
		drop(true, "%w", err)
		return
	}
	o.keep(d, object)
}

// asJSON returns a document as the JSON that is decoded: with the keys in order, which is
// seen where Tekton takes the JSON of a value as a string. JSON is decoded as it is.
func asJSON(root *yamlread.Node, part string) ([]byte, error) {
	if text := strings.TrimSpace(part); strings.HasPrefix(text, "{") {
		return []byte(text), nil
	}
	return json.Marshal(root.Value())
}

// kinds are the kinds of Tekton that Pipelines-as-Code can decode.
var kinds = map[string]func() any{
	"v1/Task":                 func() any { return &v1.Task{} },
	"v1/TaskList":             func() any { return &v1.TaskList{} },
	"v1/Pipeline":             func() any { return &v1.Pipeline{} },
	"v1/PipelineList":         func() any { return &v1.PipelineList{} },
	"v1/TaskRun":              func() any { return &v1.TaskRun{} },
	"v1/TaskRunList":          func() any { return &v1.TaskRunList{} },
	"v1/PipelineRun":          func() any { return &v1.PipelineRun{} },
	"v1/PipelineRunList":      func() any { return &v1.PipelineRunList{} },
	"v1beta1/Task":            func() any { return &v1beta1.Task{} },
	"v1beta1/TaskList":        func() any { return &v1beta1.TaskList{} },
	"v1beta1/Pipeline":        func() any { return &v1beta1.Pipeline{} },
	"v1beta1/PipelineList":    func() any { return &v1beta1.PipelineList{} },
	"v1beta1/TaskRun":         func() any { return &v1beta1.TaskRun{} },
	"v1beta1/TaskRunList":     func() any { return &v1beta1.TaskRunList{} },
	"v1beta1/PipelineRun":     func() any { return &v1beta1.PipelineRun{} },
	"v1beta1/PipelineRunList": func() any { return &v1beta1.PipelineRunList{} },
	"v1beta1/CustomRun":       func() any { return &v1beta1.CustomRun{} },
	"v1beta1/CustomRunList":   func() any { return &v1beta1.CustomRunList{} },
	"v1beta1/StepAction":      func() any { return &v1beta1.StepAction{} },
	"v1beta1/StepActionList":  func() any { return &v1beta1.StepActionList{} },
}

// keep adds an object to those of its kind. One of v1beta1 is converted without its
// defaults, as Pipelines-as-Code does.
func (o *Objects) keep(d *Document, object any) {
	ctx := context.Background()
	fail := func(err error) {
		o.Err = fmt.Errorf("%s %s %s cannot be converted as v1: err: %w", strings.ToLower(d.Kind), "v1beta1", d.Name, err)
	}
	switch object := object.(type) {
	case *v1beta1.PipelineRun:
		run := &v1.PipelineRun{}
		if err := object.ConvertTo(ctx, run); err != nil {
			fail(err)
			return
		}
		o.run(d, run)
	case *v1.PipelineRun:
		o.run(d, object)
	case *v1beta1.Pipeline:
		pipeline := &v1.Pipeline{}
		if err := object.ConvertTo(ctx, pipeline); err != nil {
			fail(err)
			return
		}
		o.Pipelines = append(o.Pipelines, &Pipeline{d, pipeline})
	case *v1.Pipeline:
		o.Pipelines = append(o.Pipelines, &Pipeline{d, object})
	case *v1beta1.Task:
		task := &v1.Task{}
		if err := object.ConvertTo(ctx, task); err != nil {
			fail(err)
			return
		}
		o.Tasks = append(o.Tasks, &TaskObject{d, task})
	case *v1.Task:
		o.Tasks = append(o.Tasks, &TaskObject{d, object})
	default:
		o.Ignored = append(o.Ignored, d)
	}
}

func (o *Objects) run(d *Document, run *v1.PipelineRun) {
	o.Runs = append(o.Runs, &Run{
		Document: d, RunName: run.Name, GenerateName: run.GenerateName, Namespace: run.Namespace,
		Annotations: run.Annotations, Labels: run.Labels, Object: run,
	})
}

// Pair are two runs that have the same name.
type Pair struct {
	Name          string
	First, Second *Run
}

// Error returns the error of Pipelines-as-Code.
func (p Pair) Error() string {
	what := "name"
	if p.Second.RunName != p.Name {
		what = "generateName"
	}
	return fmt.Sprintf("found multiple pipelinerun in .tekton with the same %s: %s, please update", what, p.Name)
}

// Duplicates returns runs whose name or generateName another run has as its name or
// generateName. If there are any, no run starts, whatever the event.
func (o *Objects) Duplicates() []Pair {
	var pairs []Pair
	seen := map[string]*Run{}
	for _, r := range o.Runs {
		for _, name := range []string{r.RunName, r.GenerateName} {
			if name == "" {
				continue
			}
			if first := seen[name]; first != nil {
				pairs = append(pairs, Pair{name, first, r})
				continue
			}
			seen[name] = r
		}
	}
	return slices.Clip(pairs)
}
