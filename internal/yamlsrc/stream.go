package yamlsrc

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/tekwright/tekwright/internal/yamldoc"
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
	Line    int // where its content begins in the stream
	Root    *Node
	Problem *Problem

	file  *file
	text  string
	start int // of the text in the stream
	once  sync.Once
	lines []int // as the scanner counts them
}

// Parse reads a stream of YAML documents, of JSON values, or of both. Each
// document is read for itself, so that one that is broken takes no other along.
func Parse(stream string) []*Document {
	f := &file{text: stream}
	if p := unreadable(f); p != nil {
		return []*Document{{Line: p.Line, Problem: p, file: f}}
	}
	var docs []*Document
	for _, d := range yamldoc.Split(stream) {
		docs = append(docs, read(&Document{Line: d.Line, file: f, text: d.Text, start: d.Offset})...)
	}
	return withoutTemplates(docs)
}

// read fills in the document; several if it is a stream of JSON values.
func read(d *Document) []*Document {
	if p := d.tooLarge(); p != nil {
		d.Problem = p
		return []*Document{d}
	}
	var docs []*Document
	for {
		at := skipBlank(d.text, 0)
		if at == len(d.text) && len(docs) > 0 {
			return docs
		}
		if !inBrackets(d.text[at:]) {
			break
		}
		n, size, err := readJSON(d.text[at:])
		if err != nil {
			err.mark.column += int32(at)
			d.Problem = d.problem(err)
			return append(docs, d)
		}
		if n == nil {
			break
		}
		one := &Document{Root: n, file: d.file, text: d.text[at : at+size], start: d.start + at}
		one.Line, _ = d.file.position(one.start)
		docs = append(docs, one)
		rest := at + size
		d = &Document{file: d.file, text: d.text[rest:], start: d.start + rest}
		d.Line, _ = d.file.position(d.start + skipBlank(d.text, 0))
	}
	d.yaml()
	return append(docs, d)
}

// yaml reads the document as YAML.
func (d *Document) yaml() {
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
	b := builder{doc: d, anchors: map[*yaml.Node]*anchor{}, bang: strings.Contains(d.text, "!")}
	n, fault := b.build(root, 0)
	if fault != nil {
		d.Problem = d.problem(fault)
		return
	}
	d.Root = n
}

// parse returns what the YAML reader makes of the document.
func (d *Document) parse() (root *yaml.Node, err error) {
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
func (d *Document) tooLarge() *Problem {
	if len(d.text) <= maxDocument && signs(d.text) <= maxSigns {
		return nil
	}
	return d.problem(&fault{mark: atOffset(0), limit: true,
		err: fmt.Errorf("the document is larger than any object that a cluster takes (%d MiB)", len(d.text)>>20)})
}

// signs counts the characters that make values.
func signs(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ',', ':', '\n', '-', '[', '{', '?', '\r':
			n++
		}
	}
	return n
}
