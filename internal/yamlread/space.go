package yamlread

import (
	"iter"
	"strings"
)

// Reader reads streams one after the other with the memory of one: the nodes of a document
// are used again for the next one. A long text that occurs again, such as the script of a
// Task that a repository has in several versions, is kept once.
type Reader struct{ space }

// NewReader returns a Reader. It is not safe for concurrent use.
func NewReader() *Reader {
	return &Reader{space{again: true, texts: map[string]string{}}}
}

// Documents is like the function [Documents], but the nodes of a document are valid only
// until the next one is read.
func (r *Reader) Documents(stream string) iter.Seq[*Document] {
	return r.documents(stream, strings.Contains(stream, PipelinesAsCode))
}

// Expanded is like the function [Expanded], with nodes like those of [Reader.Documents].
func (r *Reader) Expanded(stream string) iter.Seq[*Document] { return r.documents(stream, true) }

// space is memory that the documents of a stream share.
type space struct {
	lines []int  // offsets of the lines, as the YAML parser counts them
	nodes []Node // unused nodes
	grown int64  // number of bytes that aliases have added to the stream
	most  int64  // how many they may add

	again bool              // nodes are used again
	slabs [][]Node          // the nodes of the document, and after them those to use again
	used  int               // the number of slabs with nodes of the document
	texts map[string]string // long texts so far; nil if they are not looked for
}

const (
	// slab is the number of nodes that are allocated at a time.
	slab = 128
	// maxSlabs is the number of slabs that are used again. Few documents need more.
	maxSlabs = 64
	// longOnce is the length from which a text is looked for among those before it.
	longOnce = 64
)

// grow provides unused nodes.
func (s *space) grow() {
	if !s.again {
		s.nodes = make([]Node, slab)
		return
	}
	if s.used == len(s.slabs) {
		s.slabs = append(s.slabs, make([]Node, slab))
	}
	s.nodes = s.slabs[s.used]
	s.used++
}

// reset makes the nodes of the document unused.
func (s *space) reset() {
	if !s.again {
		return
	}
	s.slabs = s.slabs[:min(len(s.slabs), maxSlabs)]
	for i := range min(s.used, len(s.slabs)) {
		clear(s.slabs[i])
	}
	s.used, s.nodes = 0, nil
}

// once returns a text, which may be the same string as before.
func (s *space) once(text string) string {
	if s.texts == nil || len(text) < longOnce {
		return text
	}
	if known, ok := s.texts[text]; ok {
		return known
	}
	s.texts[text] = text
	return text
}
