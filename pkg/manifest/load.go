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
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// largest is the maximum size of a file. The limit of etcd is 1.5 MiB for an object.
const largest = 64 << 20

// LoadResult is the result of [Load].
type LoadResult struct {
	Objects []object.Object
	// Findings reports problems in the texts, and files that cannot be read.
	// Apply a profile to them with [check.Profile.Filter].
	Findings diag.Findings
	Texts    map[string]string // contents of the files, by the file names in positions; with values of Secrets
	Files    int               // the number of files that contain or should contain objects
	LeftOut  int               // the number of files left out as parts of kustomizations
}

// LoadOptions are the options of [Load].
type LoadOptions struct {
	// Exclude lists patterns of files and folders to omit, in the syntax of
	// .gitignore: * and ? do not match a slash, ** does, and a pattern without a
	// slash matches at every level.
	Exclude []string
	// Stdin is read for the path "-". If it is nil, "-" is an ordinary file name.
	Stdin io.Reader
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
// no rendering, and reports a note for the others. A file that is given as a path is
// read whatever its name.
//
// If [Set.WriteDir] replaces files meanwhile, Load reads all folders again. After several
// attempts, it reports a finding for the folder.
//
// The error is that of an invalid pattern, or of the context.
func Load(ctx context.Context, paths []string, o LoadOptions) (LoadResult, error) {
	exclude := discovery.Patterns(o.Exclude)
	if err := exclude.Check(); err != nil {
		return LoadResult{}, err
	}
	var (
		found discovery.Found
		texts map[string]loadedText
		mix   []string
	)
	for range discovery.Attempts {
		found = discovery.Find(paths, o.Stdin != nil, exclude)
		texts = readFiles(ctx, found.Files, o.Stdin, texts)
		if mix = found.Mixed(); len(mix) == 0 || ctx.Err() != nil {
			break
		}
	}
	files := found.Files
	loaded := make([]LoadResult, len(files))
	parallel(ctx, len(files), func() func(int) {
		return func(i int) { loaded[i] = load(files[i], texts[files[i].Name]) }
	})
	if err := ctx.Err(); err != nil {
		return LoadResult{}, err
	}
	all := LoadResult{Texts: map[string]string{}, LeftOut: found.LeftOut}
	for _, p := range found.Problems {
		all.Findings = append(all.Findings, unreadable(p.Name, p.Err))
	}
	for _, dir := range mix {
		all.Findings = append(all.Findings, unreadable(filepath.ToSlash(dir), mixed(dir)))
	}
	objects := 0
	for _, l := range loaded {
		objects += len(l.Objects)
	}
	all.Objects = make([]object.Object, 0, objects)
	for _, l := range loaded {
		all.Objects = append(all.Objects, l.Objects...)
		all.Findings = append(all.Findings, l.Findings...)
		all.Files += l.Files
		maps.Copy(all.Texts, l.Texts)
	}
	return all, nil
}

// parallel calls a function for the numbers below n, in several goroutines. Each
// gets its function from start.
func parallel(ctx context.Context, n int, start func() func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			do := start()
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				do(i)
			}
		})
	}
	workers.Wait()
}

// loadedText is the text of a file, or the error of reading it.
type loadedText struct {
	text string
	err  error
}

// readFiles reads the files. It takes files that the user named from an earlier
// attempt, since standard input and pipes can be read only once.
func readFiles(ctx context.Context, files []discovery.File, stdin io.Reader, earlier map[string]loadedText) map[string]loadedText {
	texts := make([]loadedText, len(files))
	parallel(ctx, len(files), func() func(int) {
		buffer := make([]byte, 64<<10)
		return func(i int) {
			if t, ok := earlier[files[i].Name]; ok && files[i].Named {
				texts[i] = t
				return
			}
			texts[i].text, texts[i].err = content(files[i], stdin, buffer)
		}
	})
	byName := make(map[string]loadedText, len(files))
	for i, f := range files {
		byName[f.Name] = texts[i]
	}
	return byName
}

// load parses the text of a file.
func load(f discovery.File, read loadedText) LoadResult {
	text, err := read.text, read.err
	if err != nil {
		return LoadResult{Findings: diag.Findings{unreadable(f.Name, err)}}
	}
	l := LoadResult{Texts: map[string]string{f.Name: text}}
	switch {
	case f.Chart && !f.Named && strings.Contains(text, "{{"):
		l.Objects, l.Findings = parseChart(text, f.Name)
	default:
		l.Objects, l.Findings = parse(text, f.Name)
	}
	if !f.Named {
		l.Findings = ours(l.Findings, f.Name, text)
	}
	if len(l.Objects)+len(l.Findings) > 0 || f.Named {
		l.Files = 1
	}
	return l
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
// be read, and therefore not be checked. The command tekwright check then exits with
// status 2. Findings with severity note are not read failures.
func IsReadFailure(f diag.Finding) bool {
	switch f.Code {
	case "file-unreadable", "object-untyped", "yaml-invalid", "template-unrendered", "document-limit":
		return f.Severity != diag.Note
	}
	return false
}
