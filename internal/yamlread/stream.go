package yamlread

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tekwright/tekwright/internal/yamlsplit"
)

const (
	// maxStream and maxDocument bound what is read: an API server takes
	// objects of 3 MiB at most.
	maxStream, maxDocument = 64 << 20, 16 << 20
	// maxSigns and maxAllSigns bound what a document and a stream may hold of
	// the characters that make values: each is some memory, 300 bytes at most.
	maxSigns, maxAllSigns = 2 << 20, 8 << 20
)

// Document is one document of a stream: a value, or why there is none.
type Document struct {
	extent
	Line    int // where its content begins in the stream
	Root    *Node
	Problem *Problem
}

// extent is a part of a stream: that of a document, a line break before it
// included.
type extent struct {
	file  *file
	text  string
	start int // of the text in the stream
}

// Documents reads a stream of YAML documents, of JSON values, or of both. Each
// document is read for itself, and when it is its turn: one that is broken takes
// no other along.
func Documents(stream string) iter.Seq[*Document] {
	return func(yield func(*Document) bool) {
		f := &file{text: stream}
		if p := unreadable(f); p != nil {
			yield(&Document{extent: extent{file: f}, Line: p.Line, Problem: p})
			return
		}
		var (
			s space
			t templates
		)
		for _, d := range yamlsplit.Split(stream) {
			for one := range s.read(extent{f, d.Text, d.Offset}, d.Line) {
				if one = t.pass(one); one != nil && !yield(one) {
					return
				}
			}
		}
	}
}

// read reads a document; several if it is a stream of JSON values.
func (s *space) read(e extent, line int) iter.Seq[*Document] {
	return func(yield func(*Document) bool) {
		d := &Document{extent: e, Line: line}
		if d.Problem = d.tooLarge(); d.Problem != nil {
			yield(d)
			return
		}
		for first := true; ; first = false {
			at := skipBlank(d.text, 0)
			if at == len(d.text) && !first {
				return
			}
			if !inBrackets(d.text[at:]) {
				break
			}
			n, size, err := readJSON(d.text[at:])
			if err != nil {
				err.mark += Mark(at)
				d.Problem = d.problem(err)
				yield(d)
				return
			}
			if n == nil {
				break
			}
			one := &Document{Root: n, extent: extent{d.file, d.text[at : at+size], d.start + at}}
			one.Line, _ = d.file.position(one.start)
			if !yield(one) {
				return
			}
			rest := at + size
			d = &Document{extent: extent{d.file, d.text[rest:], d.start + rest}}
			d.Line, _ = d.file.position(d.start + skipBlank(d.text, 0))
		}
		s.yaml(d)
		yield(d)
	}
}

// yaml reads the document as YAML.
func (s *space) yaml(d *Document) {
	root, err := d.parse()
	if err == nil && tabBehindComment(d.text) {
		// The reader lets a tab pass there that kubectl's does not.
		if message := sigsError("\n" + d.text); strings.Contains(message, "cannot start any token") {
			err = errors.New(message)
		}
	}
	if err != nil {
		d.Problem = d.syntax(err)
		return
	}
	s.lines = starts(s.lines[:0], d.text, true)
	b := builder{space: *s, text: d.text, bang: strings.Contains(d.text, "!")}
	n, fault := b.build(root, 0)
	s.nodes = b.nodes
	if fault != nil {
		d.Problem = d.problem(fault)
		return
	}
	d.Root = n
}

// parse returns what the YAML reader makes of the document.
func (d extent) parse() (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the reader says of itself that it may
			root, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	reader := yaml.NewDecoder(strings.NewReader(d.text))
	var doc, more yaml.Node
	if err := reader.Decode(&doc); err != nil {
		return nil, err
	}
	if err := reader.Decode(&more); !errors.Is(err, io.EOF) {
		if err == nil {
			err = fmt.Errorf("yaml: line %d: %w", more.Line, errMore)
		}
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, errors.New("yaml: there is no value")
	}
	return doc.Content[0], nil
}

var errMore = errors.New("there is more than one value in the document")

// tooLarge refuses what would take too much memory to read.
func (d extent) tooLarge() *Problem {
	if len(d.text) <= maxDocument && !moreSigns(d.text, maxSigns) {
		return nil
	}
	return d.problem(&fault{limit: true,
		err: fmt.Errorf("the document is larger than any object that a cluster takes (%d MiB)", len(d.text)>>20)})
}

// moreSigns reports whether a text has more of the characters that make values.
func moreSigns(s string, most int) bool {
	if len(s) <= most {
		return false
	}
	n := 0
	for i := range len(s) {
		n += int(isSign[s[i]])
	}
	return n > most
}

// isSign is 1 for the characters that make values.
var isSign = [256]uint8{',': 1, ':': 1, '\n': 1, '-': 1, '[': 1, '{': 1, '?': 1, '\r': 1}
