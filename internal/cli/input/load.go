// Package input finds, reads and parses what the command is asked to check.
package input

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Unreadable is the code of the findings for files that cannot be read.
const Unreadable = "file-unreadable"

// The codes of the findings for documents that cannot be read: they are no
// objects, no YAML, YAML to be, or too much.
const (
	untyped  = "object-untyped"
	invalid  = "yaml-invalid"
	template = "template-unrendered"
	limit    = "document-limit"
)

// largest is the size of a file above which it is no manifest: etcd takes
// objects of 1.5 MiB.
const largest = 64 << 20

// Set is what the arguments of the command hold.
type Set struct {
	Objects  []check.Object
	Findings check.Findings    // on the texts themselves
	Texts    map[string][]byte // by the name that places have
	Files    int               // that have objects, or ought to
}

// Load reads the files and folders, and the standard input for "-". Files are
// read and parsed in parallel; the set is the same each time.
func Load(ctx context.Context, args []string, stdin io.Reader) Set {
	files, findings := find(args)
	loaded := make([]Set, len(files))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(files) || ctx.Err() != nil {
					return
				}
				loaded[i] = load(files[i], stdin)
			}
		})
	}
	workers.Wait()

	all := Set{Findings: findings, Texts: map[string][]byte{}}
	for _, s := range loaded {
		all.Objects = append(all.Objects, s.Objects...)
		all.Findings = append(all.Findings, s.Findings...)
		all.Files += s.Files
		for name, text := range s.Texts {
			all.Texts[name] = text
		}
	}
	return all
}

// load reads one file.
func load(f file, stdin io.Reader) Set {
	data, err := read(f, stdin)
	if err != nil {
		return Set{Findings: check.Findings{unreadable(f.name, err)}}
	}
	s := Set{Texts: map[string][]byte{f.name: data}}
	s.Objects, s.Findings = manifest.Parse(data, f.name)
	if !f.named {
		s.Findings = ours(s.Findings, f.name, data)
	}
	if len(s.Objects)+len(s.Findings) > 0 || f.named {
		s.Files = 1
	}
	return s
}

// read returns the content of a file.
func read(f file, stdin io.Reader) ([]byte, error) {
	in := stdin
	if !f.stdin {
		opened, err := os.Open(f.name)
		if err != nil {
			return nil, err
		}
		defer opened.Close()
		in = opened
	}
	data, err := io.ReadAll(io.LimitReader(in, largest+1))
	if err == nil && len(data) > largest {
		err = fmt.Errorf("it is larger than %d MiB", largest>>20)
	}
	return data, err
}

// Unread tells whether a finding says that something could not be read, so
// that nobody knows what is wrong in it.
func Unread(f check.Finding) bool {
	switch f.Code {
	case Unreadable, untyped, invalid, template, limit:
		return true
	}
	return false
}
