package pac

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// File is a file of a folder.
type File struct {
	Name string // relative to the folder, with slashes
	Text []byte
}

// Folder is a .tekton folder: the files that Pipelines-as-Code reads, in its order, and
// the text that it makes of them. It is immutable and safe for concurrent use.
type Folder struct {
	Files []File

	text   string
	parts  []joined
	once   sync.Once
	broken []Broken
}

// Broken is a file that is not valid YAML.
type Broken struct {
	File    string
	Problem *yamlread.Problem
}

// joined is the place of a file in the text of the folder.
type joined struct {
	start int // of the file in the text
	lines *yamlread.Text
}

// IsRead reports whether Pipelines-as-Code reads a file of that name.
func IsRead(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// Load returns a folder of the files that Pipelines-as-Code reads. Their order is that of
// a git tree, in which a folder is sorted as if its name ended with a slash.
func Load(files []File) *Folder {
	f := &Folder{}
	for _, file := range files {
		if IsRead(file.Name) {
			f.Files = append(f.Files, file)
		}
	}
	slices.SortStableFunc(f.Files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	var b strings.Builder
	for _, file := range f.Files {
		text := string(file.Text)
		if b.Len() > 0 && !strings.HasPrefix(text, "---") {
			b.WriteString("---")
		}
		b.WriteString("\n")
		f.parts = append(f.parts, joined{b.Len(), yamlread.NewText(text)})
		b.WriteString(text)
		b.WriteString("\n")
	}
	f.text = b.String()
	return f
}

// Broken returns the files that are not valid YAML before the variables are replaced. If
// there is one, Pipelines-as-Code drops the whole folder. It says so in a comment on a pull
// request, and nowhere on a push.
func (f *Folder) Broken() []Broken {
	f.once.Do(func() {
		for _, file := range f.Files {
			if p := yamlread.Loads(string(file.Text)); p != nil {
				f.broken = append(f.broken, Broken{file.Name, p})
			}
		}
	})
	return f.broken
}

// Text returns the text that Pipelines-as-Code makes of the files. It replaces the
// variables in it as a whole.
func (f *Folder) Text() string { return f.text }

// place returns the file and the position of an offset in the text.
func (f *Folder) place(offset int) diag.Position {
	i := f.at(offset)
	if i < 0 {
		return diag.Position{}
	}
	p := f.parts[i].lines.Position(max(0, offset-f.parts[i].start))
	p.File = f.Files[i].Name
	return p
}

// at returns the index of the file of an offset in the text. What precedes a file, such
// as the --- that is put before it, belongs to it.
func (f *Folder) at(offset int) int {
	i := sort.Search(len(f.parts), func(i int) bool {
		return f.parts[i].start+len(f.Files[i].Text) >= offset
	})
	return min(i, len(f.parts)-1)
}
