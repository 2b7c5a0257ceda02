package manifest

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// PaC adds sources for a folder of Pipelines-as-Code, which is usually .tekton: runs of
// package pac, with their Pipelines and Tasks. They are built and checked with the set, but
// are not among its objects, since they are not applied to a cluster: WritePaC writes them.
// The namespace of the set does not apply to them, and the Secrets of the set exist for them.
//
//	set := manifest.New(repository, infra.DockerConfig("registry")).Namespace("ci").PaC(repository.Runs())
//
// A set of nothing but such runs can also be written with WriteDir.
func (s *Set) PaC(sources ...Source) *Set {
	if s == nil {
		return nil
	}
	at := callsite.Here()
	for _, src := range sources {
		s.runs = append(s.runs, placedSource{src, at})
	}
	return s
}

// HasPaC reports whether the set, or a set in it, has sources for a folder of
// Pipelines-as-Code.
func (s *Set) HasPaC() bool { return len(s.allRuns(nil)) > 0 }

// allRuns returns the sources of the set, and of those in it. Those in open contain it.
func (s *Set) allRuns(open []*Set) []placedSource {
	if s == nil || slices.Contains(open, s) {
		return nil
	}
	open = append(open, s)
	all := slices.Clone(s.runs)
	for _, src := range s.sources {
		if inner, ok := src.Source.(*Set); ok {
			all = append(all, inner.allRuns(open)...)
		}
	}
	return all
}

// ownRun reports whether the set, or one that it reaches, is among its own runs.
func (s *Set) ownRun() bool {
	for inner := range s.reached(nil) {
		for _, src := range inner.runs {
			if run, ok := src.Source.(*Set); ok && run.reached(nil)[inner] {
				return true
			}
		}
	}
	return false
}

// reached adds the set to those that were seen, and the sets among its sources and runs.
func (s *Set) reached(seen map[*Set]bool) map[*Set]bool {
	if seen == nil {
		seen = map[*Set]bool{}
	}
	if s == nil || seen[s] {
		return seen
	}
	seen[s] = true
	for _, sources := range [][]placedSource{s.sources, s.runs} {
		for _, src := range sources {
			if inner, ok := src.Source.(*Set); ok {
				inner.reached(seen)
			}
		}
	}
	return seen
}

// given are the kinds of objects that a run may expect to exist.
var given = []string{"Secret", "ConfigMap", "PersistentVolumeClaim", "ServiceAccount"}

// folder returns the set of the runs of Pipelines-as-Code, nil if there are none. It expects
// the objects of the set to exist.
func (s *Set) folder(c *collector) *Set {
	runs := s.allRuns(nil)
	if len(runs) == 0 {
		return nil
	}
	if !s.tekton && s.ownRun() {
		c.other(errors.New("the set contains itself; remove it from the arguments of PaC"))
		return nil
	}
	f := &Set{sources: runs, tekton: true, profile: s.profile, known: s.known, layout: Layout{Positions: s.layout.Positions, Diagrams: s.layout.Diagrams}, progress: s.progress, progressAt: s.progressAt}
	f.profile.Exists = slices.Clip(f.profile.Exists)
	for _, it := range c.items {
		if slices.Contains(given, it.ref.Kind) {
			f.profile.Exists = append(f.profile.Exists, diag.ObjectRef{Kind: it.ref.Kind, Name: it.ref.Name})
		}
	}
	return f
}

// PaCObjects returns the objects that WritePaC writes: the runs that were added with PaC, with
// their Pipelines and Tasks. Like Objects, it does not apply rules.
func (s *Set) PaCObjects() ([]object.Object, error) {
	var p problems
	f := s.folder(s.collect(&p))
	if f == nil {
		return nil, p.err()
	}
	objects, err := f.Objects()
	return objects, errors.Join(p.err(), err)
}

// ignored reports the objects that Pipelines-as-Code ignores in a folder. It complains about
// some of them in pull requests.
func (c *collector) ignored() {
	for _, it := range c.items {
		if it.kind.Group == tekton && slices.Contains(taken, it.kind.Kind) {
			continue
		}
		c.finding(diag.Finding{
			Code: "pac-kind-ignored", Severity: diag.Error, Object: it.ref, Subject: it.ref.Name, Position: it.At(diag.Path{}),
			Message: it.ref.String() + " is among the runs of Pipelines-as-Code, which ignores it in a folder",
			Help:    "add it to the set with Add, not with PaC",
		})
	}
}

// taken are the kinds of Tekton that Pipelines-as-Code takes from a folder.
var taken = []string{"PipelineRun", "Pipeline", "Task"}

// WritePaC builds the set and writes the runs that were added with PaC to a folder, as
// WriteDir does: one file for each run, Pipeline and Task.
func (s *Set) WritePaC(dir string) error {
	f, err := s.built()
	if err != nil {
		return err
	}
	return f.WriteDir(dir)
}

// CheckPaC compares a folder with what WritePaC would write, as CheckDir does.
func (s *Set) CheckPaC(dir string) error {
	f, err := s.built()
	if err != nil {
		return err
	}
	return f.CheckDir(dir)
}

// built builds the set and returns that of its runs of Pipelines-as-Code.
func (s *Set) built() (*Set, error) {
	if !s.HasPaC() {
		return nil, errors.New("the set has no runs of Pipelines-as-Code; add them with PaC")
	}
	if err := s.Build(); err != nil {
		return nil, err
	}
	var p problems
	return s.folder(s.collect(&p)), p.err()
}

// WriteDirs writes each set to its folder, as WriteDir does: the folders .tekton of many
// repositories, for example. If a set has an error, no folder is written. The keys are the
// folders.
//
//	manifest.WriteDirs(map[string]*manifest.Set{
//		"shop/.tekton": manifest.New(shop.Runs()),
//		"blog/.tekton": manifest.New(blog.Runs()),
//	})
func WriteDirs(sets map[string]*Set) error {
	dirs, err := builtDirs(sets)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		err = errors.Join(err, sets[dir].WriteDir(dir))
	}
	return err
}

// CheckDirs compares each folder with its set, as CheckDir does. The error has a
// [*DriftError] for each folder that differs.
func CheckDirs(sets map[string]*Set) error {
	dirs, err := builtDirs(sets)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		err = errors.Join(err, sets[dir].CheckDir(dir))
	}
	return err
}

// builtDirs builds the sets, and returns the folders in order.
func builtDirs(sets map[string]*Set) ([]string, error) {
	dirs := slices.Sorted(maps.Keys(sets))
	seen := map[string]string{}
	var err error
	for _, dir := range dirs {
		clean := filepath.Clean(dir)
		if other, ok := seen[clean]; ok {
			err = errors.Join(err, errors.New("the folders "+other+" and "+dir+" are the same"))
		}
		seen[clean] = dir
		err = errors.Join(err, sets[dir].Build())
	}
	return dirs, err
}
