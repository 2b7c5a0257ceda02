package bind

import (
	"bytes"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/replace"
)

// where says where the files are.
type where struct {
	dir           string // that of the file of Go, absolute
	base          string // the name of the file of Go
	snapshotDir   string
	snapshotShown string
	list          string // the name of the list in the snapshot
	goFile        string // the file of Go relative to the snapshot, "" if that is at its usual place
	embed         string // the snapshot relative to dir with slashes, "" if it is not below it
}

// usualUp is the folder of the file of Go, relative to the usual snapshot.
const usualUp = "../.."

func newWhere(output, snapshot string) (where, error) {
	w := where{base: filepath.Base(output)}
	if !strings.HasSuffix(w.base, ".go") || strings.HasSuffix(w.base, "_test.go") || strings.HasPrefix(w.base, ".") || strings.HasPrefix(w.base, "_") {
		return w, fmt.Errorf("%s is not the name of a Go file, such as bound.go", output)
	}
	var err error
	if w.dir, err = filepath.Abs(filepath.Dir(output)); err != nil {
		return w, err
	}
	if snapshot == "" {
		snapshot = filepath.Join(filepath.Dir(output), "testdata", "bound")
	}
	w.snapshotDir, w.snapshotShown = snapshot, filepath.ToSlash(snapshot)
	w.list = strings.TrimSuffix(w.base, ".go") + ".json"
	abs, err := filepath.Abs(snapshot)
	if err != nil {
		return w, err
	}
	if rel, err := filepath.Rel(abs, filepath.Join(w.dir, w.base)); err == nil && filepath.ToSlash(rel) != path.Join(usualUp, w.base) {
		w.goFile = filepath.ToSlash(rel)
	}
	if rel, err := filepath.Rel(w.dir, abs); err == nil && filepath.IsLocal(rel) && embeddable(filepath.ToSlash(rel)) {
		w.embed = filepath.ToSlash(rel)
	}
	return w, nil
}

// embeddable reports whether Go embeds what is in a folder.
func embeddable(dir string) bool {
	for part := range strings.SplitSeq(dir, "/") {
		if part != "." && !isName(part) || strings.EqualFold(part, ".git") {
			return false
		}
	}
	return true
}

// linked returns an error if the snapshot is below the folder of the file of Go by its name
// alone: a link on the way leads elsewhere. Go would embed nothing there, either.
func (w where) linked() error {
	if w.embed == "" {
		return nil
	}
	at := w.dir
	for part := range strings.SplitSeq(w.embed, "/") {
		at = filepath.Join(at, part)
		if info, err := os.Lstat(at); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return fmt.Errorf("the snapshot %s is behind a symbolic link\n  help: remove the link, or pass another folder to --snapshot", w.snapshotShown)
		}
	}
	return nil
}

func (w where) inSnapshot(name string) string { return filepath.Join(w.snapshotDir, name) }

// embedPath returns the path for go:embed.
func (w where) embedPath(name string) string {
	if w.embed == "" {
		return ""
	}
	return path.Join(w.embed, name)
}

// shown returns a source as the files name it: that of a file is relative to the file of Go,
// so that it does not depend on where the command runs.
func (w where) shown(s Source) string {
	if s.Scheme != File {
		return s.String()
	}
	abs, err := filepath.Abs(s.Path)
	if err != nil {
		return filepath.ToSlash(s.Path)
	}
	rel, err := filepath.Rel(w.dir, abs)
	if err != nil {
		return filepath.ToSlash(s.Path)
	}
	return filepath.ToSlash(rel)
}

var errMissing = errors.New("it does not exist")

// maxFiles is the maximum number of files of a folder.
const maxFiles = 20000

// readLocal reads a file, or the YAML files of a folder.
func readLocal(name string) (Fetched, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Fetched{}, errMissing
	case err != nil:
		return Fetched{}, err
	}
	if !info.IsDir() {
		text, err := readFile(os.DirFS(filepath.Dir(name)), filepath.Base(name))
		return Fetched{Files: []Text{{Path: filepath.Base(name), Bytes: text}}}, err
	}
	got := Fetched{Folder: true}
	root, err := os.OpenRoot(name)
	if err != nil {
		return got, err
	}
	defer root.Close()
	tree := root.FS()
	sum := 0
	err = fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "vendor"):
			return fs.SkipDir
		case !IsYAML(p) || !d.Type().IsRegular():
			return nil
		case len(got.Files) >= maxFiles:
			return fmt.Errorf("the folder has more than %d files", maxFiles)
		}
		text, err := readFile(tree, p)
		if sum += len(text); sum > MaxTotal {
			return fmt.Errorf("the manifests of the folder are larger than %d MiB together\n  help: bind a folder in it, or a file", MaxTotal>>20)
		}
		got.Files = append(got.Files, Text{Path: p, Bytes: text})
		return err
	})
	return got, err
}

// IsYAML reports whether a file of a folder may be a manifest.
func IsYAML(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		return !strings.HasPrefix(path.Base(name), ".")
	}
	return false
}

func readFile(tree fs.FS, name string) ([]byte, error) {
	// To open a pipe waits for who writes to it.
	if info, err := fs.Stat(tree, name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()                                                    //nolint:errcheck // it is only read
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() { // another one meanwhile
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	text, err := bounded.ReadAll(f, MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}

// mark begins a file that tekwright bind wrote.
const mark = "// Code generated by tekwright bind "

// foreign returns an error for files that something else wrote.
func (p *planning) foreign(r *Result) error {
	mine := p.old.lock.files()
	mine[p.list] = len(p.old.lock.Note) > 0
	var errs []error
	for _, f := range r.Files {
		text, err := os.ReadFile(f.Name)
		if err != nil || bytes.Equal(text, f.Text) {
			continue
		}
		if f.Name == p.Output && bytes.HasPrefix(text, []byte(mark)) || f.Name != p.Output && mine[filepath.Base(f.Name)] {
			continue
		}
		help := "pass another file to -o"
		if f.Name != p.Output {
			help = "pass another folder to --snapshot"
		}
		errs = append(errs, fmt.Errorf("%s exists, and tekwright bind did not write it\n  help: %s", filepath.ToSlash(f.Name), help))
	}
	return errors.Join(errs...)
}

// clashes reports names that other files of the package declare, and sets the package if it
// is not known. elsewhere is the file of an import without the types that are bound, if it changes.
func (p *planning) clashes(file *plan.File, elsewhere []byte, changed bool) error {
	declared := map[string]string{}
	described := false
	entries, err := os.ReadDir(p.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") || e.Name() == p.base || !e.Type().IsRegular() {
			continue
		}
		var text any
		if changed && e.Name() == project.ElsewhereFile {
			if text = elsewhere; elsewhere == nil {
				text = "package " + p.packageOf(e.Name())
			}
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.dir, e.Name()), text, parser.ParseComments|parser.SkipObjectResolution)
		if f == nil || err != nil && f.Name == nil {
			continue
		}
		switch {
		case file.Package == "":
			file.Package = f.Name.Name
		case file.Package != f.Name.Name:
			continue
		}
		described = described || f.Doc != nil
		for _, name := range project.Declarations(f) {
			declared[name] = e.Name()
		}
	}
	if file.Package == "" {
		file.Package = packageName(filepath.Base(p.dir))
	}
	if !token.IsIdentifier(file.Package) || file.Package == "_" {
		return fmt.Errorf("%q is not the name of a package\n  help: pass another one to --package", file.Package)
	}
	if !described {
		file.Doc = "Package " + file.Package + " has types for Tasks and StepActions that live elsewhere."
	}
	var errs []error
	for _, name := range file.Names() {
		if in := declared[name]; in != "" {
			errs = append(errs, fmt.Errorf("%s declares %s already\n  help: %sgive the type another name in a file for --rename", in, name, p.imported.help(name)))
		}
	}
	return errors.Join(errs...)
}

// packageOf returns the name of the package of a file.
func (p *planning) packageOf(name string) string {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.dir, name), nil, parser.PackageClauseOnly)
	if err != nil {
		return p.Package
	}
	return f.Name.Name
}

// packageName returns the name of a package for a directory.
func packageName(dir string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(dir) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0 {
			b.WriteRune(r)
		}
	}
	if name := b.String(); name != "" && !token.IsKeyword(name) && !slices.Contains([]string{"main", "testdata"}, name) {
		return name
	}
	return "bound"
}

// Write writes the files, and removes what the snapshot does not have any more. The Go is
// replaced when all that it embeds is there.
func (r *Result) Write() ([]string, error) {
	var written []string
	var w replace.Writer
	for _, f := range r.Files {
		old, err := os.ReadFile(f.Name)
		if err == nil && bytes.Equal(old, f.Text) {
			continue
		}
		if err := replaceFile(&w, f.Name, f.Text); err != nil {
			return written, err
		}
		written = append(written, filepath.ToSlash(f.Name))
	}
	for _, name := range r.Stale {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return written, err
		}
	}
	return written, nil
}

// replaceFile replaces a file at once.
func replaceFile(w *replace.Writer, name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", filepath.ToSlash(name))
	}
	return w.Replace(name, text, 0o644)
}
