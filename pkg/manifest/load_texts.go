package manifest

import (
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
)

// stamp recognizes a text.
type stamp struct {
	size int
	hash uint64
}

// seed is that of all stamps: they are never written.
var seed = maphash.MakeSeed()

func stampOf(text string) stamp { return stamp{len(text), maphash.String(seed, text)} }

// Names returns the names of the files of the result, sorted.
func (r LoadResult) Names() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range r.Texts {
			if !yield(name) {
				return
			}
		}
		for name := range r.released {
			if _, kept := r.Texts[name]; !kept && !yield(name) {
				return
			}
		}
	})
}

// Text returns the content of a file of the result. If it is not among the texts, Text reads
// the file again, and returns "" if it has changed since.
func (r LoadResult) Text(file string) string {
	if text, kept := r.Texts[file]; kept {
		return text
	}
	want, ok := r.released[file]
	if !ok {
		return ""
	}
	name := filepath.FromSlash(file)
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() != int64(want.size) {
		return "" // a pipe would have to be waited for
	}
	text, err := content(discovery.File{Name: file}, nil, make([]byte, 64<<10))
	if err != nil || stampOf(text) != want {
		return ""
	}
	return text
}

// Recall adds to the texts those of the files that findings or their fixes refer to, if the
// files have not changed since.
func (r LoadResult) Recall(findings diag.Findings) {
	if len(r.released) == 0 {
		return
	}
	recall := func(file string) {
		if _, kept := r.Texts[file]; kept {
			return
		}
		if text := r.Text(file); text != "" {
			r.Texts[file] = text
		}
	}
	for _, f := range findings {
		recall(f.Position.File)
		for _, other := range f.Related {
			recall(other.Position.File)
		}
		for _, x := range f.Fixes {
			for _, e := range x.Edits {
				recall(e.File)
			}
		}
	}
}

// Secrets returns the parts of a text of the result that must not be shown: the values of
// Secrets, and what looks like a password. The ranges are pairs of offsets in the text,
// sorted and apart, also where the text repeats a value of a Secret in another one. The
// values, longest first, are what messages about the text may repeat.
func (r LoadResult) Secrets(file string) (ranges [][2]int, values []string) {
	p, ok := r.secrets[file]
	if !ok {
		p = secrets.In(r.Text(file))
	}
	p.Ranges = slices.Clone(p.Ranges)
	p.Hide(r.known, r.Text(file))
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
	for _, name := range other.Names() {
		p, ok := other.secrets[name]
		if !ok {
			p = secrets.In(other.Text(name))
		}
		r.known.Add(p)
	}
}
