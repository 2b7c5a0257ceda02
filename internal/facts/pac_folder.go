package facts

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TektonFolder is a .tekton folder, or the directory of a run with annotations of
// Pipelines-as-Code, which resolves the references of the runs in it.
type TektonFolder struct {
	// Whole reports whether all files of the folder are among the checked ones.
	Whole bool
	// Tekton reports whether the folder is called .tekton. In another directory, the runs
	// of different files need not belong together.
	Tekton bool

	objects  *pac.Objects
	tasks    map[string]*Entry // by name; the first one of a name
	entries  map[*pac.Document]*Entry
	resolved map[*Entry]*pac.Resolved
	pairs    map[*Entry][]NamePair // by the second run
	labels   map[*Entry]*Entry     // the first run with the same label
	fetches  map[fetch]bool
	mapped   map[string]bool // remotes that the profile has files for
	// stripping are the results of Stripping.
	stripping map[string]*Entry
}

// fetch is a kind of object that Pipelines-as-Code fetches for a run or a Pipeline.
type fetch struct {
	entry *Entry
	kind  string
}

// IsFetched reports whether an object of that kind that a run or a Pipeline refers to may be
// one that Pipelines-as-Code fetches, because an annotation refers to it.
func (e *Entry) IsFetched(kind string) bool {
	if e.Run == nil && e.Pipeline == nil {
		return false
	}
	f := e.TektonFolder()
	return f != nil && f.fetches[fetch{e, kind}]
}

// readRemote reads a remote task or pipeline for a file with a run. It returns false for one
// that is not known.
type readRemote func(file, value string) (text []byte, known bool, err error)

// ReadRemotes sets the function that reads remote tasks and pipelines. It has to be called
// before any other method.
func (s *Set) ReadRemotes(read func(file, value string) (text []byte, known bool, err error)) {
	s.readRemote = read
}

// NamePair is a name that an earlier run of the folder has.
type NamePair struct {
	Name  string
	First *Entry
}

// TektonFolder returns the folder of an object, nil if Pipelines-as-Code does not resolve
// anything in it.
func (e *Entry) TektonFolder() *TektonFolder {
	e.set.asked(Objects)
	s := e.set
	if s.tektonFolders == nil {
		s.findTektonFolders()
	}
	if len(s.tektonFolders) == 0 {
		return nil
	}
	return s.tektonFolders[e.tektonDir()]
}

// tektonDir returns the .tekton folder of an object, or the directory of its file if it is
// in none.
func (e *Entry) tektonDir() string {
	if e.Object.Tekton != "" {
		return e.Object.Tekton
	}
	dir := e.Dir()
	parts := strings.Split(dir, "/")
	if i := slices.Index(parts, ".tekton"); i >= 0 {
		return strings.Join(parts[:i+1], "/")
	}
	return dir
}

// findTektonFolders finds the folders of the set that have a run of Pipelines-as-Code.
func (s *Set) findTektonFolders() {
	s.tektonFolders = map[string]*TektonFolder{}
	for _, e := range s.entries {
		if e.resolvesReferences() && s.tektonFolders[e.tektonDir()] == nil {
			s.tektonFolders[e.tektonDir()] = &TektonFolder{
				Whole: e.Object.Tekton != "", Tekton: path.Base(e.tektonDir()) == ".tekton", objects: &pac.Objects{},
				entries: map[*pac.Document]*Entry{}, resolved: map[*Entry]*pac.Resolved{},
				pairs: map[*Entry][]NamePair{}, labels: map[*Entry]*Entry{}, fetches: map[fetch]bool{}, mapped: map[string]bool{},
				tasks: map[string]*Entry{},
			}
		}
	}
	for _, e := range s.entries {
		if f := s.tektonFolders[e.tektonDir()]; f != nil && e.Within == nil {
			f.add(e)
		}
	}
	byFile := map[string]*Entry{}
	if len(s.tektonFolders) > 0 {
		for _, e := range s.entries {
			if file := slashed(e.File()); (e.Task != nil || e.Pipeline != nil) && byFile[file] == nil {
				byFile[file] = e
			}
		}
	}
	for dir, f := range s.tektonFolders {
		f.resolve(byFile, dir, s.readRemote)
	}
}

// add adds an object to the folder. Names that contain a variable are not known yet.
func (f *TektonFolder) add(e *Entry) {
	doc := &pac.Document{APIVersion: e.Ref.APIVersion, Kind: e.Ref.Kind, Name: e.Ref.Name}
	f.entries[doc] = e
	switch {
	case e.Run != nil:
		f.objects.Runs = append(f.objects.Runs, &pac.Run{
			Document: doc, RunName: e.Run.Name, GenerateName: e.Run.GenerateName, Namespace: e.Run.Namespace,
			Annotations: e.Run.Annotations, Labels: e.Run.Labels, Object: e.Run,
		})
	case e.Pipeline != nil:
		f.objects.Pipelines = append(f.objects.Pipelines, &pac.Pipeline{Document: doc, Object: e.Pipeline})
	case e.Task != nil:
		f.objects.Tasks = append(f.objects.Tasks, &pac.TaskObject{Document: doc, Object: e.Task})
		if f.tasks[e.Task.Name] == nil {
			f.tasks[e.Task.Name] = e
		}
	}
}

// resolve resolves the runs of the folder. Files of the repository are those of the set, by
// their paths.
func (f *TektonFolder) resolve(byFile map[string]*Entry, dir string, read readRemote) {
	root := path.Dir(dir)
	file := f.entries[f.objects.Runs[0].Document].File()
	of := map[*pac.Remotes][]string{}
	shared := func(r *pac.Remotes) []string {
		if _, ok := of[r]; !ok {
			of[r] = f.fetched(r)
		}
		return of[r]
	}
	for _, r := range f.objects.Check(f.objects.Runs, func(r pac.Remote) ([]byte, error) {
		if read != nil {
			if text, known, err := read(file, r.Value); known {
				f.mapped[r.Value] = true
				return text, err
			}
		}
		if r.Where() == pac.Repository && f.Tekton {
			if e := byFile[path.Join(root, r.Value)]; e != nil && e.Ref.Kind == r.Kind {
				return e.asText()
			}
		}
		return nil, pac.ErrUnknown
	}) {
		run := f.entries[r.Run.Document]
		f.resolved[run] = r
		for _, kind := range append(f.fetched(&r.Own), shared(r.Shared)...) {
			f.fetches[fetch{run, kind}] = true
			if r.Pipeline != nil {
				f.fetches[fetch{f.entries[r.Pipeline.Document], kind}] = true
			}
		}
	}
	for _, p := range f.objects.Duplicates() {
		second := f.entries[p.Second.Document]
		f.pairs[second] = append(f.pairs[second], NamePair{p.Name, f.entries[p.First.Document]})
	}
	first := map[string]*pac.Run{}
	for _, r := range f.objects.Runs {
		switch label := pac.Label(r.Original()); {
		case label == "":
		case first[label] == nil:
			first[label] = r
		case first[label].Original() != r.Original():
			f.labels[f.entries[r.Document]] = f.entries[first[label].Document]
		}
	}
}

// fetched returns the kinds of the remote tasks and pipelines that are unknown, or that the
// profile has files for.
func (f *TektonFolder) fetched(r *pac.Remotes) []string {
	if r == nil {
		return nil
	}
	var kinds []string
	for _, u := range r.Unknown {
		if !slices.Contains(kinds, u.Kind) {
			kinds = append(kinds, u.Kind)
		}
	}
	for _, u := range r.All {
		if f.mapped[u.Value] && !slices.Contains(kinds, u.Kind) {
			kinds = append(kinds, u.Kind)
		}
	}
	return kinds
}

// asText returns a Task or a Pipeline as a text that Pipelines-as-Code can read.
func (e *Entry) asText() ([]byte, error) {
	meta := metav1.TypeMeta{APIVersion: tektonGroup + "v1", Kind: e.Ref.Kind}
	if e.Task != nil {
		task := *e.Task
		task.TypeMeta = meta
		return json.Marshal(task)
	}
	pipeline := *e.Pipeline
	pipeline.TypeMeta = meta
	return json.Marshal(pipeline)
}

// Resolved returns how Pipelines-as-Code resolves a run of the folder, nil if it is no run.
func (f *TektonFolder) Resolved(run *Entry) *pac.Resolved { return f.resolved[run] }

// Namesakes returns the names of a run that an earlier one has. They may contain variables.
func (f *TektonFolder) Namesakes(run *Entry) []NamePair {
	return slices.DeleteFunc(slices.Clone(f.pairs[run]), func(p NamePair) bool { return !f.together(p.First, run) })
}

// SameLabel returns the first run with another name of which Pipelines-as-Code makes the
// same label; nil if there is none.
func (f *TektonFolder) SameLabel(run *Entry) *Entry {
	if first := f.labels[run]; first != nil && f.together(first, run) {
		return first
	}
	return nil
}

// together reports whether Pipelines-as-Code reads both runs.
func (f *TektonFolder) together(a, b *Entry) bool { return f.Tekton || a.File() == b.File() }

// Pipeline returns the Pipeline of the folder that Pipelines-as-Code puts into a run, nil if
// there is none.
func (f *TektonFolder) Pipeline(run *Entry) *Entry {
	if r := f.resolved[run]; r != nil && r.Pipeline != nil {
		return f.entries[r.Pipeline.Document]
	}
	return nil
}

// Task returns the Task of the folder that a reference by name means, nil if there is none.
// A remote task of that name would have precedence.
func (f *TektonFolder) Task(ref *v1.TaskRef) *Entry {
	if !pac.Inlines(ref) {
		return nil
	}
	return f.tasks[ref.Name]
}

// Spot returns the place of a mistake of a run.
func (f *TektonFolder) Spot(run *Entry, of *pac.Document, path diag.Path) Spot {
	if e := f.entries[of]; of != nil && e != nil {
		run = e
	}
	return Spot{Entry: run, Path: path}
}

// Stripping returns a run whose on-cel-expression compares a variable, target_branch or
// source_branch, without refs/heads/, nil if there is none. Pipelines-as-Code removes this
// prefix from the branch of a push for all runs then.
func (f *TektonFolder) Stripping(variable string) *Entry {
	if found, ok := f.stripping[variable]; ok {
		return found
	}
	if f.stripping == nil {
		f.stripping = map[string]*Entry{}
	}
	f.stripping[variable] = nil
	for _, r := range f.objects.Runs {
		e := f.entries[r.Document]
		expr, ok := e.Annotations()[pac.OnCELExpression]
		if !ok || strings.Contains(expr, "{{") {
			continue
		}
		if _, inList := r.Annotations[pac.OnComment]; inList {
			continue
		}
		if m, err := celenv.Matcher(expr); err == nil && m.Mentions(variable) && !m.HasFullBranch() {
			f.stripping[variable] = e
			break
		}
	}
	return f.stripping[variable]
}
