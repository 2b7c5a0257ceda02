package manifest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// largest is the maximum size of a file. The limit of etcd is 1.5 MiB for an object.
const largest = 64 << 20

// LoadResult is the result of [Load].
type LoadResult struct {
	Objects []object.Object
	// Findings reports problems in the texts, and files that cannot be read.
	// [check.RunLoaded] applies a profile to them.
	Findings diag.Findings
	Texts    map[string]string // contents of the files, by the file names in positions; with values of Secrets
	Files    int               // the number of files that contain or should contain objects
	LeftOut  int               // the number of files left out as parts of kustomizations
	Excluded int               // the number of files and folders that LoadOptions.Excluded left out
	// Kustomizations are the kustomizations in the folders. They are not rendered: their
	// resources are read as they are.
	Kustomizations []string
	// Profiles are the profiles that [Set.WriteDir] stored in the folders of the files,
	// by folder. See [LoadResult.Profile].
	Profiles map[string]check.Profile

	declared []object.Object          // by the folders
	single   bool                     // all files are in one folder
	secrets  map[string]secrets.Parts // of most of the texts
	known    *secrets.Known           // values of Secrets in all of them
}

// Secrets returns the parts of a text of the result that must not be shown: the values of
// Secrets, and what looks like a password. The ranges are pairs of offsets in the text,
// sorted and apart, also where the text repeats a value of a Secret in another one. The
// values, longest first, are what messages about the text may repeat.
func (r LoadResult) Secrets(file string) (ranges [][2]int, values []string) {
	p, ok := r.secrets[file]
	if !ok {
		p = secrets.In(r.Texts[file])
	}
	p.Ranges = slices.Clone(p.Ranges)
	p.Hide(r.known, r.Texts[file])
	return p.Ranges, p.Values
}

// Hide returns a text without the values of the Secrets in the texts of the result, unless
// they look like words, names or addresses.
func (r LoadResult) Hide(text string) string { return r.known.Hide(text) }

// HideValuesOf adds the values of the Secrets in a stream of manifests that is not among
// the texts to those that Hide hides, such as in what a kustomization generates. A nil
// result hides nothing.
func (r *LoadResult) HideValuesOf(stream string) {
	if r == nil {
		return
	}
	if r.known == nil {
		r.known = new(secrets.Known)
	}
	r.known.Add(secrets.In(stream))
}

// HideValuesIn adds the values of the Secrets in the texts of another result to those that
// Hide hides. A nil result hides nothing.
func (r *LoadResult) HideValuesIn(other LoadResult) {
	if r == nil {
		return
	}
	if r.known == nil {
		r.known = new(secrets.Known)
	}
	for _, name := range slices.Sorted(maps.Keys(other.Texts)) {
		p, ok := other.secrets[name]
		if !ok {
			p = secrets.In(other.Texts[name])
		}
		r.known.Add(p)
	}
}

// LoadOptions are the options of [Load].
type LoadOptions struct {
	// Exclude lists patterns of files and folders to omit, in the syntax of
	// .gitignore: * and ? do not match a slash, ** does, and a pattern without a
	// slash matches at every level.
	Exclude []string
	// Excluded reports whether to omit a file or folder. It is called for each file that
	// is given as a path and for what is found in folders, and must be deterministic. If
	// it returns an error, Load returns that error. It may be nil. See package config.
	Excluded func(path string) (bool, error)
	// Overlay has the texts of files that are not read again, by their names in positions.
	// A file that exists is checked as if it had this text.
	Overlay map[string]string
	// Stdin is read for the path "-". If it is nil, "-" is an ordinary file name.
	Stdin io.Reader
	// Brief saves memory: if a CustomResourceDefinition has nothing to report, its spec is
	// replaced by a digest. No rule reads it. The objects can be checked, but not written or
	// applied.
	Brief bool
	Limits
}

// Load reads files, and folders with everything below them, like the command
// tekwright check. Files are read in parallel, and the result is deterministic. A
// file that cannot be read is a finding and does not affect the others.
//
// In folders, Load reads files with the extensions .yaml, .yml and .json. It omits
// hidden files and folders (except .tekton), vendor, node_modules, symbolic links
// that point outside the folder, kustomizations with the patches and other files that
// they refer to in their own folder, the values of Helm charts, and documents that are not meant to be
// Kubernetes objects. From templates of Helm charts, it reads the documents that need
// no rendering, and reports one note for the chart. A file that is given as a path is
// read whatever its name.
//
// If a folder contains the file .tekwright-check, which [Set.WriteDir] writes, the
// result has the Secrets that the set declares, and the profile of the set. The Secrets
// have no values.
//
// If [Set.WriteDir] replaces files meanwhile, Load reads all folders again. After several
// attempts, it reports a finding for the folder.
//
// If a limit is exceeded or the deadline of the context passes, Load returns what it
// has read, with a finding check-limit. Load returns an error only
// if a pattern is malformed or ctx is canceled.
func Load(ctx context.Context, paths []string, o LoadOptions) (LoadResult, error) {
	exclude := discovery.Patterns(o.Exclude)
	if err := exclude.Check(); err != nil {
		return LoadResult{}, err
	}
	var (
		found discovery.Found
		texts map[string]loadedText
		mix   []string
		all   LoadResult
	)
	for range discovery.Attempts {
		also, failed := o.excluded()
		found = discovery.Find(ctx, paths, o.Stdin != nil, exclude, also)
		if *failed != nil {
			return LoadResult{}, *failed
		}
		texts = readFiles(ctx, found.Files, o, texts)
		all = LoadResult{}
		folders := found.Folders()
		for _, dir := range folders {
			all.readCompanion(dir)
		}
		all.single = len(folders) == 1
		if mix = found.Mixed(); len(mix) == 0 || ctx.Err() != nil {
			break
		}
	}
	files := found.Files
	loaded := make([]loading, len(files))
	var (
		reported atomic.Int64 // findings so far
		grown    atomic.Int64 // bytes that aliases have added so far
		workers  sync.WaitGroup
		queue    = make(chan int)
		left     = o.budget()
		stop     string // why not all files are read
		end      int    // the files before it are read
	)
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			reader := yamlread.NewReader()
			for i := range queue {
				loaded[i].parse(ctx, files[i], left.Findings, o.Brief, reader)
				reported.Add(int64(len(loaded[i].Findings)))
				grown.Add(loaded[i].grown)
			}
		})
	}
	for end < len(files) && ctx.Err() == nil && reported.Load() <= int64(left.Findings) && grown.Load() <= left.mayGrow() {
		t, ok := texts[files[end].Name]
		if stop = left.take(t.text); stop != "" || !ok {
			break
		}
		loaded[end].loadedText = t
		select {
		case queue <- end:
			end++
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	if i := slices.IndexFunc(loaded[:end], func(l loading) bool { return l.cut }); i >= 0 {
		end = i
	}
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		if stop = "the check stopped after its time limit"; found.Cut {
			stop += ", before all files were found"
		}
	case err != nil:
		return LoadResult{}, err
	}
	all.Texts, all.LeftOut, all.Excluded = map[string]string{}, found.LeftOut, found.Excluded
	all.Kustomizations = found.Kustomizations
	all.secrets, all.known = map[string]secrets.Parts{}, new(secrets.Known)
	for _, p := range found.Problems {
		all.Findings = append(all.Findings, unreadable(p.Name, p.Err))
	}
	for _, dir := range mix {
		all.Findings = append(all.Findings, unreadable(filepath.ToSlash(dir), mixed(dir)))
	}
	objects := 0
	once := templateNotes{}
	growth := o.budget()
	for i, l := range loaded[:end] {
		if growth.grow(l); growth.growth < 0 {
			stop, end = growthLimit, i
			break
		}
		objects += len(l.Objects)
		l.Findings = once.fold(l.Findings, files[i])
		if all.Findings = append(all.Findings, l.Findings...); len(all.Findings) > left.Findings {
			all.Findings = all.Findings[:left.Findings]
			stop, end = tooMany(left.Findings), i+1
			break
		}
	}
	all.Objects = make([]object.Object, 0, objects)
	for _, l := range loaded[:end] {
		all.Objects = append(all.Objects, l.Objects...)
		all.Files += l.Files
		maps.Copy(all.Texts, l.Texts)
		maps.Copy(all.secrets, l.secrets)
		for _, p := range l.secrets {
			all.known.Add(p)
		}
	}
	all.addDeclared()
	all.addTekton()
	once.count(all.Findings)
	if stop != "" {
		name := ""
		switch {
		case len(files) > 0:
			name = files[min(end, len(files)-1)].Name
		case len(paths) > 0: // there was not even the time to find the files
			name = paths[0]
		}
		all.Findings = append(all.Findings, stopped(name, stop, len(files)-end))
	}
	return all, nil
}

// excluded returns the function Excluded without its error, and where that is stored.
func (o LoadOptions) excluded() (also func(path string) bool, failed *error) {
	failed = new(error)
	if o.Excluded == nil {
		return nil, failed
	}
	return func(path string) (excluded bool) {
		if *failed != nil {
			return true
		}
		if p := callsite.Catch(func() { excluded, *failed = o.Excluded(filepath.ToSlash(path)) }); p != nil {
			*failed = fmt.Errorf("the function Excluded was called: %w", p)
		}
		return excluded || *failed != nil
	}, failed
}

// loading is a file that is read.
type loading struct {
	LoadResult
	loadedText
	cut   bool  // the time was up before all of it was read
	grown int64 // number of bytes that aliases have added
}

// loadedText is the text of a file, or the error of reading it.
type loadedText struct {
	text string
	err  error
	read bool
}

// readers is the number of files that are read at the same time. Reading waits more than
// it computes.
const readers = 8

// readFiles reads files in parallel, until they are larger than the limit. It takes files that
// the user named from an earlier attempt, since standard input and pipes can be read only
// once. How many more files are read differs from run to run.
func readFiles(ctx context.Context, files []discovery.File, o LoadOptions, earlier map[string]loadedText) map[string]loadedText {
	most := o.budget().Bytes
	texts := make([]loadedText, len(files))
	var (
		size, next atomic.Int64
		workers    sync.WaitGroup
	)
	read := func(i int, buffer []byte) {
		t, ok := earlier[files[i].Name]
		if !ok || !files[i].Named {
			t = loadedText{}
			if t.text, ok = o.Overlay[files[i].Name]; !ok {
				t.text, t.err = content(files[i], o.Stdin, buffer)
			}
		}
		t.read = true
		texts[i] = t
		size.Add(int64(len(t.text)))
	}
	// They are taken in order, so that all before the last one are read.
	for range min(readers, len(files)) {
		workers.Go(func() {
			buffer := make([]byte, 64<<10)
			for size.Load() <= most && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				read(i, buffer)
			}
		})
	}
	workers.Wait()
	byName := make(map[string]loadedText, len(files))
	for i, f := range files {
		if texts[i].read {
			byName[f.Name] = texts[i]
		}
	}
	return byName
}

// parse parses the text of a file. If the context ends meanwhile, it leaves out the file:
// what of it must not be shown is not known.
func (l *loading) parse(ctx context.Context, f discovery.File, findings int, brief bool, reader *yamlread.Reader) {
	defer func() {
		if l.cut = ctx.Err() != nil; l.cut {
			l.LoadResult = LoadResult{}
		}
	}()
	stop := func() bool { return ctx.Err() != nil }
	if l.err != nil {
		l.Findings = diag.Findings{unreadable(f.Name, l.err)}
		return
	}
	text := l.text
	l.Texts = map[string]string{f.Name: text}
	switch {
	case f.Chart != "" && !f.Named && strings.Contains(text, "{{"):
		l.Objects, l.Findings = parseChart(text, f.Name)
	default:
		d := decoder{name: f.Name, most: findings, secrets: secrets.NewReader(text), stop: stop, brief: brief, reader: reader}
		d.secrets.Until(stop)
		switch {
		case f.Stdin:
		case f.Named:
			d.how = named
		default:
			d.how = walked
		}
		d.stream(text)
		l.Objects, l.Findings, l.grown = d.objects, d.findings, d.grown
		if d.secrets != nil && !stop() {
			l.secrets = map[string]secrets.Parts{f.Name: d.secrets.Parts()}
		}
	}
	if !f.Stdin {
		l.Findings = ours(l.Findings, f, text)
	}
	if len(l.Objects)+len(l.Findings) > 0 || f.Named {
		l.Files = 1
	}
}

// content reads a file through a buffer.
func content(f discovery.File, stdin io.Reader, buffer []byte) (string, error) {
	in := stdin
	var text strings.Builder
	if !f.Stdin {
		opened, err := os.Open(f.Name)
		if err != nil {
			return "", err
		}
		defer opened.Close() //nolint:errcheck // opened to be read
		if info, err := opened.Stat(); err == nil && info.Mode().IsRegular() && info.Size() <= largest {
			text.Grow(int(info.Size()))
		}
		in = opened
	}
	// Most strings of the objects are substrings of the text.
	_, err := io.CopyBuffer(&text, io.LimitReader(in, largest+1), buffer)
	if err == nil && text.Len() > largest {
		err = fmt.Errorf("larger than %d MiB", largest>>20)
	}
	return text.String(), err
}

// unreadable returns the finding for a file or folder that cannot be read.
func unreadable(name string, err error) diag.Finding {
	f := diag.Finding{Code: "file-unreadable", Severity: diag.Error, Position: diag.Position{File: name}, Subject: name}
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Message = "the file or folder does not exist"
	case errors.As(err, &in):
		f.Message = "cannot be read: " + in.Err.Error()
	default:
		f.Message = "cannot be read: " + err.Error()
	}
	return f
}

// IsReadFailure reports whether a finding means that a file or a document could not
// be read, or that a limit of the check was reached, so that not everything is checked. The command tekwright check then exits with
// status 2. Findings with severity note are not read failures.
func IsReadFailure(f diag.Finding) bool {
	switch f.Code {
	case "file-unreadable", "object-untyped", "yaml-invalid", "template-unrendered", "document-limit", "check-limit":
		return f.Severity != diag.Note
	}
	return false
}
