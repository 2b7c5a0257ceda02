package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/internal/cputime"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// measure has the counts of all repositories.
type measure struct {
	kinds   map[string]*counts
	seen    map[[32]byte]bool // the texts of documents
	reasons map[string]int    // documents by field that a hatch sets, or by reason
	faults  map[string]int
	objects int
	spent   time.Duration
	list    io.Writer // nil for none

	builds bool // whether to build what the Go describes
	built  int
	fails  map[string]int // documents that Build rejects, though it accepts the original, by code

	checker *compile.Checker // nil if Go is not printed
	out     string           // the folder for it, "" for none
	printed int

	leaves leaves

	packages, brokenPackages int
	ratios                   []float64 // lines of Go by lines of YAML, by repository
	comments, lost           int       // lines of comments of YAML, and those that are not found in the Go
	show                     string    // a folder for the packages, "" for none
	broken                   int       // documents whose Go does not compile
}

// counts are those of a kind.
type counts struct {
	unread, typed, hatched, raw, faulty int
	values                              int // of those that are typed, values of the upstream type
	broken                              int // Build rejects what the Go describes
	refused                             int // of those that are not typed, by Tekton itself
}

func newMeasure() *measure {
	return &measure{kinds: map[string]*counts{}, seen: map[[32]byte]bool{}, reasons: map[string]int{}, faults: map[string]int{}, fails: map[string]int{}}
}

func (m *measure) kind(name string) *counts {
	if m.kinds[name] == nil {
		m.kinds[name] = &counts{}
	}
	return m.kinds[name]
}

// kinds are those that are measured.
var kinds = slices.Concat(pipelineKinds, triggerKinds, infraKinds)

var (
	pipelineKinds = []string{"Task", "StepAction", "Pipeline", "PipelineRun", "TaskRun"}
	triggerKinds  = []string{"TriggerBinding", "ClusterTriggerBinding", "TriggerTemplate", "Trigger", "EventListener"}
	infraKinds    = []string{
		"Namespace", "ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "Secret", "ConfigMap", "PersistentVolumeClaim",
		"Ingress", "HTTPRoute", "NetworkPolicy", "Service", "CronJob",
	}
)

// document is an object of a repository.
type document struct {
	object runtime.Object
	kind   string
	file   string
	again  bool // its text occurred before
	lines  int  // of YAML, without comments, empty lines and scripts
	text   string
}

// repository imports the documents of a folder.
func (m *measure) repository(dir string) error {
	docs, err := m.read(dir)
	if err != nil {
		return err
	}
	index := importer.NewIndex()
	for _, d := range docs {
		index.Add(d.object, d.file)
		index.AddText(d.object, "", d.text)
	}
	for _, d := range docs {
		if d.again || !slices.Contains(kinds, d.kind) {
			continue
		}
		start := cputime.Used()
		r := importer.Import(index, d.object, d.file)
		m.spent += cputime.Used() - start
		m.objects++
		m.count(d, r, dir)
		m.leaves.add(d.object, r)
		if m.builds && r.Func != nil {
			m.build(index, d, filepath.Join(dir, d.file))
		}
		if r.Func != nil && (m.checker != nil || m.out != "") {
			if err := m.compile(d, r, dir); err != nil {
				return err
			}
		}
	}
	if m.checker != nil {
		m.pkg(index, docs, dir)
	}
	return nil
}

// pkg prints all documents of a repository as one package, and type-checks it. Documents that
// are repeated are left out, as one package cannot have an object twice.
func (m *measure) pkg(x *importer.Index, docs []document, dir string) {
	var objects []runtime.Object
	var files []string
	lines := 0
	for _, d := range docs {
		if !d.again && slices.Contains(kinds, d.kind) {
			objects, files = append(objects, d.object), append(files, d.file)
			lines += d.lines
		}
	}
	if len(objects) == 0 {
		return
	}
	d := importer.Describe(x, objects, files)
	file, _ := d.File()
	file.Package = "ci"
	text, _, err := file.Print()
	if err == nil {
		err = m.checker.Check(context.Background(), map[string][]byte{"ci.go": text})
	}
	m.packages++
	if err != nil {
		m.brokenPackages++
		m.say("%s: package: %v\n", dir, err)
		return
	}
	_, comments := linesOfGo(text)
	// What is inferred of Tasks that are elsewhere has no YAML here.
	file.Types = slices.DeleteFunc(slices.Clone(file.Types), func(t *plan.Type) bool { return slices.Contains(d.Elsewhere, t) })
	if own, _, err := file.Print(); err == nil {
		code, _ := linesOfGo(own)
		m.ratios = append(m.ratios, float64(code)/float64(lines))
		if m.show != "" {
			m.say("%s: %d lines of Go for %d of YAML\n", dir, code, lines)
		}
	}
	if m.show != "" {
		_ = os.WriteFile(filepath.Join(m.show, filepath.Base(dir)+".go"), text, 0o600)
	}
	licences := map[string]bool{}
	for _, d := range docs {
		if r := importer.Import(x, d.object, d.file); !d.again && slices.Contains(kinds, d.kind) && r.Func != nil {
			m.remarks(d, comments, licences)
		}
	}
}

// build counts the errors of Build that the Go has and the original, together with what it
// refers to, has not.
func (m *measure) build(x *importer.Index, d document, where string) {
	objects, files := []runtime.Object{d.object}, []string{d.file}
	file, left := importer.Package(x, objects, files)
	if len(left) > 0 {
		return
	}
	source, err := plan.Run(file.Funcs[len(file.Funcs)-1])
	set, ok := source.(*manifest.Set)
	if err != nil || !ok || set.HasPaC() {
		return // counted as an object, or not among the objects of a set
	}
	m.built++
	all, _ := source.Objects() // whose errors Build returns as well
	original := make([]runtime.Object, len(all))
	for i, o := range all {
		original[i] = o.Object
		if i == len(all)-1 {
			original[i] = d.object
		}
	}
	known := map[string]bool{}
	for _, code := range errorCodes(manifest.New(manifest.FromObjects(original...))) {
		known[code] = true
	}
	var added []string
	for _, code := range errorCodes(set) {
		if !known[code] {
			added = append(added, code)
			m.fails[d.kind+" "+code]++
		}
	}
	if len(added) > 0 {
		m.kind(d.kind).broken++
		m.say("%s %s: Build: %s\n", d.kind, where, strings.Join(added, ", "))
	}
}

// errorCodes returns the codes of the errors of a set, each once.
func errorCodes(set *manifest.Set) []string {
	var found diag.Findings
	if !errors.As(set.Build(), &found) {
		return nil
	}
	var out []string
	for _, f := range found {
		if f.Severity == diag.Error && !slices.Contains(out, f.Code) {
			out = append(out, f.Code)
		}
	}
	return out
}

// compile prints the Go that describes a document, and type-checks it.
func (m *measure) compile(d document, r *importer.Result, dir string) error {
	file := plan.Closure(r.Func)
	file.Package = "ci"
	text, embedded, err := file.Print()
	m.printed++
	if err == nil && m.checker != nil {
		err = m.checker.Check(context.Background(), map[string][]byte{"ci.go": text})
	}
	if err != nil {
		m.broken++
		m.say("%s %s: Go: %v\n", d.kind, filepath.Join(dir, d.file), err)
	}
	if m.out == "" {
		return nil
	}
	folder := filepath.Join(m.out, fmt.Sprintf("x%05d", m.printed))
	embedded["ci.go"] = string(text)
	for name, content := range embedded {
		name = filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (m *measure) count(d document, r *importer.Result, dir string) {
	c := m.kind(d.kind)
	where := d.kind + " " + filepath.Join(dir, d.file)
	for _, f := range r.Faults {
		m.faults[d.kind+" "+f]++
	}
	if len(r.Faults) > 0 {
		c.faulty++
	}
	if r.Func == nil || len(r.Hatches) > 0 {
		if found, ok := admission.Refusals(admission.Everything(), d.object); !ok || len(found) > 0 {
			c.refused++
		}
	}
	switch {
	case r.Func == nil:
		c.raw++
		m.reasons[d.kind+": "+r.Reason]++
		m.say("%s: by object: %s\n", where, r.Reason)
	case len(r.Hatches) > 0:
		c.hatched++
		fields := map[string]bool{}
		for _, h := range r.Hatches {
			fields[h.Kind] = true
		}
		for f := range fields {
			m.reasons[d.kind+" "+f]++
		}
		m.say("%s: hatches: %s\n", where, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
	default:
		c.typed++
		if r.Func.Result == "manifest.Source" {
			c.values++
		}
	}
	if len(r.Faults) > 0 {
		m.say("%s: builder: %s\n", where, strings.Join(r.Faults, ", "))
	}
}

func (m *measure) say(format string, args ...any) {
	if m.list != nil {
		fmt.Fprintf(m.list, format, args...)
	}
}

// read returns the objects of a folder, in the current API versions: those of Tekton, and
// those of Kubernetes beside them.
func (m *measure) read(dir string) ([]document, error) {
	var out []document
	ofTekton := map[string]bool{} // folders
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".yaml") && !strings.HasSuffix(path, ".yml") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(string(text), "tekton.dev/") {
			ofTekton[filepath.Dir(path)] = true
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		for i, d := range yamlsplit.Split(string(text)) {
			if i == 0 {
				d.Text = importer.WithHead(string(text)[:d.Offset], d.Text)
			}
			if strings.Contains(d.Text, "tekton.dev/") || slices.ContainsFunc(infraKinds, func(k string) bool { return strings.Contains(d.Text, "kind: "+k) }) {
				out = append(out, m.document(d.Text, filepath.ToSlash(rel))...)
			}
		}
		return nil
	})
	return slices.DeleteFunc(out, func(d document) bool {
		return slices.Contains(infraKinds, d.kind) && !ofTekton[filepath.Dir(filepath.Join(dir, d.file))]
	}), err
}

// document reads one document of a file.
func (m *measure) document(text, file string) []document {
	sum := sha256.Sum256([]byte(text))
	again := m.seen[sum]
	m.seen[sum] = true
	objects, findings := manifest.Parse([]byte(text), file)
	upgraded, _, err := manifest.Upgrade(objects)
	if err != nil {
		upgraded = objects
	}
	var out []document
	for _, o := range upgraded {
		gvk := o.GetObjectKind().GroupVersionKind()
		if !known(o) {
			if slices.Contains(kinds, gvk.Kind) && strings.HasSuffix(gvk.Group, "tekton.dev") && !again {
				m.kind(gvk.Kind).unread++
				m.say("%s %s: not read: %s\n", gvk.Kind, file, gvk.Version)
			}
			continue
		}
		out = append(out, document{o.Object, gvk.Kind, file, again, linesOf(text), text})
	}
	for _, f := range findings {
		// Templates have to be rendered first, and other documents are no manifests.
		if len(out) == 0 && !again && manifest.IsReadFailure(f) && f.Code != "template-unrendered" && f.Code != "object-untyped" {
			m.kind("no YAML").unread++
			m.say("%s: no YAML: %s\n", file, f.Message)
			break
		}
	}
	return out
}

// known reports whether an object is of a version that is imported.
func known(o object.Object) bool {
	gvk := o.GetObjectKind().GroupVersionKind()
	return slices.Contains(infraKinds, gvk.Kind) && !strings.Contains(gvk.Version, "alpha") && !strings.HasSuffix(gvk.Group, "tekton.dev") && gvk.Group != "serving.knative.dev" || gvk.Group == "triggers.tekton.dev" && gvk.Version == "v1beta1" || gvk.Group == "tekton.dev" && (gvk.Version == "v1" || gvk.Version == "v1beta1" && gvk.Kind == "StepAction")
}

// print prints the tables.
func (m *measure) print(w io.Writer) {
	fmt.Fprintf(w, "%-21s %8s %8s %8s %8s %8s %9s %8s %8s %10s\n", "kind", "read", "calls", "hatches", "object", "unread", "calls %", "faults", "refused", "of valid")
	m.group(w, "pipelines", pipelineKinds)
	m.group(w, "triggers", triggerKinds)
	m.group(w, "infra", infraKinds)
	values := 0
	for _, k := range infraKinds {
		values += m.kind(k).values
	}
	fmt.Fprintf(w, "%d of infra are values of the upstream type\n\n", values)
	m.kind("no YAML").print(w, "no YAML")
	if m.builds {
		var all int
		for _, c := range m.kinds {
			all += c.broken
		}
		fmt.Fprintf(w, "\n%d of %d built: Build rejects the Go, but accepts the original\n", all, m.built)
		top(w, "by code\n", m.fails)
	}
	if m.printed > 0 {
		fmt.Fprintf(w, "\nGo of %d documents printed, %d do not compile\n", m.printed, m.broken)
	}
	if m.packages > 0 {
		slices.Sort(m.ratios)
		median := 0.0
		if len(m.ratios) > 0 {
			median = m.ratios[len(m.ratios)/2]
		}
		fmt.Fprintf(w, "%d repositories as packages, %d do not compile; lines of Go by lines of YAML: median %.2f\n", m.packages, m.brokenPackages, median)
		fmt.Fprintf(w, "%d lines of comments of YAML, %.2f%% are found in the Go\n", m.comments, 100*float64(m.comments-m.lost)/float64(max(m.comments, 1)))
	}
	fmt.Fprintf(w, "\n%.2f ms of CPU time a document\n", float64(m.spent.Microseconds())/1000/float64(max(m.objects, 1)))
	top(w, "\nfields and reasons, by documents\n", m.reasons)
	top(w, "\nerrors of the builder, by documents\n", m.faults)
}

// group prints the counts of some kinds and their sum.
func (m *measure) group(w io.Writer, name string, kinds []string) {
	var all counts
	for _, k := range kinds {
		c := m.kind(k)
		c.print(w, k)
		all.typed += c.typed
		all.hatched += c.hatched
		all.raw += c.raw
		all.unread += c.unread
		all.faulty += c.faulty
		all.refused += c.refused
	}
	all.print(w, name)
	fmt.Fprintln(w)
}

func (c *counts) print(w io.Writer, kind string) {
	read := c.typed + c.hatched + c.raw
	fmt.Fprintf(w, "%-21s %8d %8d %8d %8d %8d %8.1f%% %8d %8d %9.1f%%\n", kind, read, c.typed, c.hatched, c.raw, c.unread,
		100*float64(c.typed)/float64(max(read, 1)), c.faulty, c.refused, 100*float64(c.typed)/float64(max(read-c.refused, 1)))
}

func top(w io.Writer, title string, list map[string]int) {
	fmt.Fprint(w, title)
	keys := slices.SortedFunc(maps.Keys(list), func(a, b string) int {
		return cmp.Or(list[b]-list[a], strings.Compare(a, b))
	})
	for _, k := range keys[:min(len(keys), 60)] {
		fmt.Fprintf(w, "%6d  %s\n", list[k], k)
	}
}
