package manifest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// largest is the size of a file above which it is no manifest: etcd takes
// objects of 1.5 MiB.
const largest = 64 << 20

// LoadResult is what files and folders hold.
type LoadResult struct {
	Objects []object.Object
	// Findings are those on the texts themselves, and on what cannot be read.
	// They know no profile: see [check.Profile.Filter].
	Findings diag.Findings
	Texts    map[string]string // by the file names that positions have
	Files    int               // that have objects, or ought to
	LeftOut  int               // files that were not read, as parts of kustomizations
}

// LoadOptions say how Load looks for files. The zero value is fine.
type LoadOptions struct {
	// Exclude are globs of files and folders that are left out, as .gitignore
	// has them: * and ? stop at a slash, ** does not, and one without a slash
	// holds at every depth.
	Exclude []string
	// Stdin is read for the path "-"; if it is nil, that is a file like others.
	Stdin io.Reader
}

// Load reads files, and folders with all that is below them, in parallel, as
// the command tekwright check does: what cannot be read is a finding, and
// takes nothing else along. The result is the same each time.
//
// In folders it reads .yaml, .yml and .json files. It leaves out hidden files
// and folders (but .tekton), vendor, node_modules, symbolic links that lead out
// of the folder, kustomizations with the patches and other files that they
// name, the values of Helm charts, and documents that are no objects and never
// meant to be. Of the templates of a chart it reads the documents that need not
// be rendered; the others are a note. A file that is named is read whatever it
// is called.
//
// The error is one of a pattern, or of the context.
func Load(ctx context.Context, paths []string, o LoadOptions) (LoadResult, error) {
	exclude := discovery.Patterns(o.Exclude)
	if err := exclude.Check(); err != nil {
		return LoadResult{}, err
	}
	found := discovery.Find(paths, o.Stdin != nil, exclude)
	files := found.Files
	loaded := make([]LoadResult, len(files))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			buffer := make([]byte, 64<<10)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(files) || ctx.Err() != nil {
					return
				}
				loaded[i] = load(files[i], o.Stdin, buffer)
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return LoadResult{}, err
	}
	all := LoadResult{Texts: map[string]string{}, LeftOut: found.LeftOut}
	for _, p := range found.Problems {
		all.Findings = append(all.Findings, unreadable(p.Name, p.Err))
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

// load reads one file.
func load(f discovery.File, stdin io.Reader, buffer []byte) LoadResult {
	text, err := content(f, stdin, buffer)
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
	// A part of the text is all that most strings of the objects are: it is
	// held once.
	_, err := io.CopyBuffer(&text, io.LimitReader(in, largest+1), buffer)
	if err == nil && text.Len() > largest {
		err = fmt.Errorf("it is larger than %d MiB", largest>>20)
	}
	return text.String(), err
}

// unreadable is the finding for a file or folder that cannot be read.
func unreadable(name string, err error) diag.Finding {
	f := diag.Finding{Code: "file-unreadable", Severity: diag.Error, Position: diag.Position{File: name}, Subject: name}
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Message = "there is no such file or folder"
	case errors.As(err, &in):
		f.Message = "it cannot be read: " + in.Err.Error()
	default:
		f.Message = "it cannot be read: " + err.Error()
	}
	return f
}

// IsReadFailure tells whether a finding says that a file or a document could not be
// read, so that nobody knows what is wrong in it. The command ends with status
// 2 then. A note says that nobody need know.
func IsReadFailure(f diag.Finding) bool {
	switch f.Code {
	case "file-unreadable", "object-untyped", "yaml-invalid", "template-unrendered", "document-limit":
		return f.Severity != diag.Note
	}
	return false
}
