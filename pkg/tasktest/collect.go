package tasktest

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// results sets the results of the Task, and whether they are the declared ones.
func (p *plan) results(out *Result) {
	fail := func(reason string) {
		if !out.Failed {
			out.Failed, out.Reason = true, reason
		}
	}
	for _, d := range p.spec.Results {
		value, ok := p.result(out, d)
		if !ok {
			continue
		}
		out.Results[d.Name] = value
		declared := d.Type
		if declared == "" {
			declared = v1.ResultsTypeString
		}
		if string(value.Type) != string(declared) {
			fail(fmt.Sprintf("result %q has the type %s, but the step wrote a value of type %s", d.Name, declared, value.Type))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(d.Properties)) {
			if _, ok := value.ObjectVal[key]; declared == v1.ResultsTypeObject && !ok {
				fail(fmt.Sprintf("result %q lacks the key %q", d.Name, key))
			}
		}
	}
}

// result returns the value of a result, which a step has written, or which is the result of
// a step.
func (p *plan) result(out *Result, d v1.TaskResult) (v1.ResultValue, bool) {
	if d.Value != nil {
		ref, ok := parseStepResult(d.Value.StringVal)
		if !ok {
			return v1.ResultValue{}, false
		}
		value, ok := out.Step(ref.step).Results[ref.name]
		return value, ok
	}
	text, err := p.layout.read(path.Join(pipeline.DefaultResultPath, d.Name))
	if err != nil {
		return v1.ResultValue{}, false
	}
	return parse(string(text)), true
}

// mostFiles and mostBytes are how much of the files of a run is kept.
const (
	mostFiles = 10_000
	mostBytes = 64 << 20
)

// collect reads the files and calls that a run left.
func (p *plan) collect(out *Result) error {
	out.Workspaces, out.Files = map[string]map[string]string{}, map[string]string{}
	taken := taken{}
	for _, m := range p.folders {
		files, err := taken.files(p.layout, m.path)
		if err != nil {
			return err
		}
		out.Workspaces[m.name] = files
	}
	others := append([]string{pipeline.HomeDir, "/tmp", workDir}, p.mounted...)
	for _, dir := range others {
		files, err := taken.files(p.layout, dir)
		if err != nil {
			return err
		}
		for name, text := range files {
			out.Files[path.Join(dir, name)] = text
		}
	}
	for name := range p.c.Files {
		if text, err := p.layout.read(name); err == nil {
			out.Files[name] = string(text)
		}
	}
	var err error
	out.Calls, err = p.calls()
	return err
}

// taken counts the files that were read.
type taken struct {
	count int
	bytes int64
}

// files returns the texts of the files below a folder.
func (t *taken) files(l layout, dir string) (map[string]string, error) {
	all := map[string]string{}
	folder, err := l.real(path.Dir(dir))
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(folder, path.Base(dir))
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // a folder that nobody can read, or a file that is gone
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.Type()&fs.ModeSymlink != 0 {
			if target, err := os.Readlink(name); err == nil {
				all[rel] = "-> " + target
			}
			return nil
		}
		info, err := d.Info()
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		t.count++
		t.bytes += info.Size()
		if t.count > mostFiles || t.bytes > mostBytes {
			return fmt.Errorf("the Task left more than %d files or %d MiB", mostFiles, mostBytes>>20)
		}
		inside, err := filepath.Rel(l.root, name)
		if err != nil {
			return err
		}
		if text, err := l.read(filepath.ToSlash(inside)); err == nil {
			all[rel] = string(text)
		}
		return nil
	})
	if os.IsNotExist(err) {
		err = nil
	}
	return all, err
}
