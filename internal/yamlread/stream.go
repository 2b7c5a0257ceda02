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
	// maxStream and maxDocument are the maximum sizes: an API server accepts
	// objects of up to 3 MiB.
	maxStream, maxDocument = 64 << 20, 16 << 20
	// maxSigns and maxAllSigns are the maximum numbers of characters in a document
	// and a stream that create values: each needs up to 300 bytes of memory.
	maxSigns, maxAllSigns = 2 << 20, 8 << 20
)

// Document is one document of a stream: a value, or the problem with it.
type Document struct {
	extent
	Line    int // first line of its content in the stream
	Root    *Node
	Problem *Problem
	Anchors bool // there are anchors, so a value may have several parents
	// Growth is the number of bytes that aliases have added, also if the document is not read.
	Growth int64
}

// extent is the part of a stream that a document occupies, including the line
// break before it.
type extent struct {
	file  *file
	text  string
	start int // of the text in the stream
}

// Documents reads a stream of YAML documents, JSON values, or both. Documents are
// read lazily and independently of each other: an invalid one does not affect the
// others.
func Documents(stream string) iter.Seq[*Document] {
	return documents(stream, strings.Contains(stream, PipelinesAsCode))
}

// Expanded is [Documents] for a file whose variables Pipelines-as-Code replaces.
func Expanded(stream string) iter.Seq[*Document] { return documents(stream, true) }

func documents(stream string, expanded bool) iter.Seq[*Document] {
	return func(yield func(*Document) bool) { new(space).documents(stream, expanded)(yield) }
}

// documents reads the documents of a stream.
func (s *space) documents(stream string, expanded bool) iter.Seq[*Document] {
	return func(yield func(*Document) bool) {
		f := &file{text: stream}
		if p := unreadable(f); p != nil {
			yield(&Document{extent: extent{file: f}, Line: p.Line, Problem: p})
			return
		}
		t := templates{expanded: expanded}
		s.grown, s.most = 0, FreeGrowth+int64(len(stream))
		for _, d := range yamlsplit.Split(stream) {
			s.reset()
			for one := range s.read(extent{f, d.Text, d.Offset}, d.Line) {
				problems, rest := t.repair(s, one)
				for _, p := range problems {
					if !yield(p) {
						return
					}
				}
				if one = t.pass(rest); one != nil && !yield(one) {
					return
				}
			}
		}
	}
}

// read reads a document, or several if it is a stream of JSON values.
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
	s.fill(d, root, err)
}

// first reads the document as YAML, and ignores what follows its first value. If there is
// no value, the document is not changed.
func (s *space) first(d *Document) {
	root, _, err := d.parseFirst()
	if !errors.Is(err, io.EOF) {
		s.fill(d, root, err)
	}
}

// fill sets the value of the document, or the problem with it.
func (s *space) fill(d *Document, root *yaml.Node, err error) {
	if err == nil && tabBehindComment(d.text) {
		// This parser accepts a tab there, but that of kubectl does not.
		if message := sigsError("\n" + d.text); strings.Contains(message, "cannot start any token") {
			err = errors.New(message)
		}
	}
	if err != nil {
		d.Problem = d.syntax(err)
		return
	}
	s.lines = starts(s.lines[:0], d.text, true)
	s.most = max(s.most, FreeGrowth+int64(len(d.text)))
	before := s.grown
	b := builder{space: *s, text: d.text, bang: strings.Contains(d.text, "!")}
	n, fault := b.build(root, 0)
	*s = b.space
	d.Growth = s.grown - before
	if fault != nil {
		d.Problem = d.problem(fault)
		return
	}
	d.Root, d.Anchors = n, b.anchors != nil
}

// parse parses the document as YAML.
func (d extent) parse() (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser may panic
			root, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	root, reader, err := d.parseFirst()
	if err != nil {
		return nil, err
	}
	var more yaml.Node
	if err := reader.Decode(&more); !errors.Is(err, io.EOF) {
		if err == nil {
			err = fmt.Errorf("yaml: line %d: %w", more.Line, errMore)
		}
		return nil, err
	}
	return root, nil
}

// parseFirst parses the first value of the document as YAML. The reader is that of what
// follows it.
func (d extent) parseFirst() (root *yaml.Node, reader *yaml.Decoder, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser may panic
			root, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	reader = yaml.NewDecoder(strings.NewReader(d.text))
	var doc yaml.Node
	if err := reader.Decode(&doc); err != nil {
		return nil, nil, err
	}
	if len(doc.Content) != 1 {
		return nil, nil, errors.New("yaml: the document has no value")
	}
	return doc.Content[0], reader, nil
}

var errMore = errors.New("the document has more than one value")

// tooLarge returns a problem if reading the document would take too much memory.
func (d extent) tooLarge() *Problem {
	switch {
	case len(d.text) > maxDocument:
		return d.problem(&fault{limit: true, err: fmt.Errorf("the document is larger than the limit of %d MiB", maxDocument>>20)})
	case moreSigns(d.text, maxSigns):
		return d.problem(&fault{limit: true,
			err: fmt.Errorf("the document has more than %d million characters that can begin a value: line breaks and , : - [ { ?", maxSigns>>20)})
	}
	return nil
}

// moreSigns reports whether a text has more than most characters that create values.
func moreSigns(s string, most int) bool {
	if len(s) <= most {
		return false
	}
	return Signs(s, most) > most
}

// Signs counts the characters of a text that may create values. It stops when there
// are more than most.
func Signs(s string, most int) int {
	n := 0
	for at := 0; at < len(s) && n <= most; at += 1 << 12 {
		for _, c := range []byte(s[at:min(at+1<<12, len(s))]) {
			n += int(isSign[c])
		}
	}
	return n
}

// isSign is 1 for characters that create values.
var isSign = [256]uint8{',': 1, ':': 1, '\n': 1, '-': 1, '[': 1, '{': 1, '?': 1, '\r': 1}
