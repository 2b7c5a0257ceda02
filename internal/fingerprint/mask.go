package fingerprint

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
)

// longest is the maximum length of a line that is part of a fingerprint. Longer ones
// usually have the whole object.
const longest = 1 << 10

// reader reads what the fingerprints of findings consist of.
type reader struct {
	Source
	masks   map[string]*mask
	objects *objects
}

// mask is a file without its secret parts.
type mask struct {
	text   string
	lines  []int // the offsets at which lines begin
	hidden [][2]int
	values *secrets.Mask
}

// parts returns what the fingerprint of a finding consists of.
func (r *reader) parts(f diag.Finding) []string {
	if r.objects == nil {
		r.objects = newObjects(r.Objects)
	}
	m := r.mask(f.Position.File)
	if f.Once != "" {
		return []string{f.Code, "", r.shown(m, f.Once)}
	}
	from, to := m.line(f.Position.Line)
	subject, excerpt := f.Subject, f.Excerpt
	if subject == f.Position.File {
		subject = "" // it may be renamed
	}
	if excerpt != "" && m.isSecret(f, from, to) {
		excerpt = secrets.Hidden
	}
	var root any
	ref := f.Object
	if o, ok := r.objects.of(f); ok {
		root = o.Object
		if was := o.Source; was.Name != "" && ref.Name != "" { // others of its renderings have other names
			subject, excerpt = strings.ReplaceAll(subject, ref.Name, was.Name), strings.ReplaceAll(excerpt, ref.Name, was.Name)
			ref = was
		}
	}
	names, text := r.objects.walk(root, f.Path)
	if len(m.inside(from, to)) > 0 && !strings.Contains(m.masked(from, to), subject) && !slices.Contains(names, subject) {
		subject = secrets.Hidden // it may be a part of a secret
	}
	parts := append([]string{f.Code, ref.Kind, ref.Namespace, ref.Name, subject, excerpt}, names...)
	for i, p := range parts {
		parts[i] = r.shown(m, p)
	}
	if f.Object.Kind == "" || strings.Contains(strings.TrimSuffix(text, "\n"), "\n") {
		parts = append(parts, r.shown(m, m.masked(from, to)))
	}
	return parts
}

// shown returns a text without the values of secrets, in one line.
func (r *reader) shown(m *mask, text string) string {
	if text == "" {
		return ""
	}
	if text = m.values.Text(text, false); r.Hide != nil {
		text = r.Hide(text)
	}
	return strings.Join(strings.Fields(text), " ")
}

// mask returns the mask of a file.
func (r *reader) mask(file string) *mask {
	if m := r.masks[file]; m != nil {
		return m
	}
	m := &mask{text: r.Texts[file]}
	m.lines = []int{len(m.text) - len(strings.TrimPrefix(m.text, "\ufeff"))} // columns count after the mark
	for i := range len(m.text) {
		if m.text[i] == '\n' {
			m.lines = append(m.lines, i+1)
		}
	}
	var values []string
	if r.Secrets != nil {
		m.hidden, values = r.Secrets(file)
	}
	m.values = secrets.NewMask(values)
	r.masks[file] = m
	return m
}

// line returns the range of a line, an empty one if it does not exist.
func (m *mask) line(number int) (from, to int) {
	if number < 1 || number > len(m.lines) {
		return 0, 0
	}
	if from, to = m.lines[number-1], len(m.text); number < len(m.lines) {
		to = m.lines[number]
	}
	return from, to
}

// inside returns the secret parts of a range.
func (m *mask) inside(from, to int) [][2]int {
	first := sort.Search(len(m.hidden), func(i int) bool { return m.hidden[i][1] > from })
	rest := m.hidden[first:]
	return rest[:sort.Search(len(rest), func(i int) bool { return rest[i][0] >= to })]
}

// isSecret reports whether the excerpt of a finding in a line may have a part of a secret.
func (m *mask) isSecret(f diag.Finding, from, to int) bool {
	hidden := m.inside(from, to)
	if len(hidden) == 0 {
		return false
	}
	if to-from > longest || f.Position.Column < 1 {
		return true
	}
	at := from
	for n := 1; n < f.Position.Column && at < to; n++ {
		_, size := utf8.DecodeRuneInString(m.text[at:to])
		at += size
	}
	excerpt, _, _ := strings.Cut(f.Excerpt, "\n")
	excerpt = strings.TrimSuffix(excerpt, "\r")
	if !strings.HasPrefix(m.text[at:to], excerpt) {
		return true
	}
	return slices.ContainsFunc(hidden, func(h [2]int) bool { return h[0] <= at+len(excerpt) && h[1] > at })
}

// masked returns a line without its secret parts, "" if it is long.
func (m *mask) masked(from, to int) string {
	if to-from > longest {
		return ""
	}
	var b strings.Builder
	for _, h := range m.inside(from, to) {
		b.WriteString(m.text[from:max(from, h[0])] + secrets.Hidden)
		from = min(h[1], to)
	}
	b.WriteString(m.text[from:to])
	return b.String()
}
