package secrets

import (
	"slices"

	"github.com/tekwright/tekwright/internal/yamlread"
)

// Reader finds the secret parts of a stream while its documents are read for another
// purpose, so that they need not be read again.
type Reader struct {
	stream string
	none   bool // there are none
	all    Parts
	one    Parts  // of the last document
	text   string // of the last document
	start  int    // of it, in the stream
	broken bool   // it could not be read
	last   int    // the end of the last document that could be read
	secret bool   // what is before it, or it, may be a Secret
	stop   func() bool
	asked  func() bool // like stop, but it takes a lock
	nested bool        // the stream is a text in another one
}

// Until lets the Reader end early once stop returns true. What it returns then is not
// complete, and nothing of the stream may be shown.
func (r *Reader) Until(stop func() bool) {
	if stop == nil {
		return
	}
	r.asked = stop
	calls, stopped := 0, false // to ask a context takes a lock
	r.stop = func() bool {
		calls++
		stopped = stopped || calls%64 == 0 && stop()
		return stopped
	}
	r.all.stop = r.stop
}

// NewReader returns a Reader of a stream.
func NewReader(stream string) *Reader {
	return &Reader{stream: stream, none: !suspicious(stream)}
}

// Document visits the next document of the stream. Nothing may have modified it.
func (r *Reader) Document(d *yamlread.Document) {
	text, start := d.Extent()
	r.one, r.text, r.start, r.broken = Parts{stop: r.stop}, text, start, d.Problem != nil
	if r.none || r.broken {
		return // all has a broken one with the next document, since the one before it matters
	}
	r.secret = r.all.gap(r.stream, r.last, start, r.secret) && !isObject(d.Root)
	r.last = start + len(text)
	if r.secret {
		r.one.broken(text, start)
	}
	if suspicious(text) {
		f := &finder{text: text, start: start, out: &r.one, root: d.Root, nested: r.nested}
		if d.Anchors {
			f.seen = map[*yamlread.Node]bool{}
		}
		f.node(d.Root, "")
		r.secret = r.secret || f.secret
		r.one.texts(text, start)
	}
	r.all.Ranges = append(r.all.Ranges, r.one.Ranges...)
	r.all.Values = append(r.all.Values, r.one.Values...)
	r.all.secrets = append(r.all.secrets, r.one.secrets...)
	for k := range r.one.keys {
		r.all.key(k)
	}
}

// Mask returns a mask for the last document.
func (r *Reader) Mask() *Mask {
	if r.broken {
		return NewMask(in(r.text, r.stop).Values)
	}
	r.one.tokens(r.text, r.start)
	r.one.settle(r.stream)
	return NewMask(r.one.Values)
}

// Parts returns the secret parts of the stream, after its last document.
func (r *Reader) Parts() Parts {
	ended := func() bool { return r.asked != nil && r.asked() }
	r.all.tokens(r.stream, 0)
	if ended() {
		return Parts{}
	}
	if !r.none {
		r.all.gap(r.stream, r.last, len(r.stream), r.secret)
		r.last = len(r.stream)
		var known Known
		known.Add(r.all)
		if ended() {
			return Parts{}
		}
		r.all.Ranges = append(r.all.Ranges, known.In(r.stream)...)
	}
	r.all.settle(r.stream)
	// The values are as old as the stream, and there may be many of both.
	return Parts{slices.Clip(r.all.Ranges), slices.Clip(r.all.Values), r.all.secrets, nil, nil}
}
