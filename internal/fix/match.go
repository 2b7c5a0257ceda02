package fix

import (
	"sort"
	"strconv"

	"github.com/tekwright/tekwright/pkg/diag"
)

// moves are the edits of a text, and how far each of them moves what follows.
type moves struct {
	edits []diag.Edit
	by    []int // all up to this one
}

func newMoves(edits []diag.Edit) moves {
	m := moves{edits, make([]int, len(edits))}
	sum := 0
	for i, e := range edits {
		sum += len(e.New) - (e.End - e.Start)
		m.by[i] = sum
	}
	return m
}

// moved returns the offset in the edited text, before and after what is inserted there.
func (m moves) moved(offset int) (before, after int) {
	n := sort.Search(len(m.edits), func(i int) bool { return m.edits[i].End > offset }) // those before end at it or earlier
	by := func(n int) int {
		if n == 0 {
			return 0
		}
		return m.by[n-1]
	}
	after = offset + by(n)
	before = after
	if n > 0 && m.edits[n-1].Start == offset {
		before = offset + by(n-1)
	}
	if n < len(m.edits) && m.edits[n].Start <= offset {
		e := m.edits[n]
		start := e.Start + by(n)
		before, after = start, start+min(offset-e.Start, len(e.New))
	}
	return before, after
}

// matching says which findings of a check are those of the check before.
type matching struct {
	was      []int  // of each later finding, the index of the earlier one; -1 if it is new
	promoted []bool // it was only a related place of the earlier one, which is resolved
	stays    []bool // of each earlier finding
}

// match matches findings by what they are about, most exactly first.
func match(before, after diag.Findings, old, now map[string]string, edits map[string][]diag.Edit) matching {
	m := matching{make([]int, len(after)), make([]bool, len(after)), make([]bool, len(before))}
	for i := range m.was {
		m.was[i] = -1
	}
	from, to := textPlaces(old), textPlaces(now)
	shifts := map[string]moves{}
	for file, list := range edits {
		shifts[file] = newMoves(list)
	}
	moved := func(at diag.Position) (a, b string) {
		o := from(at.File).Offset(at)
		x, y := o, o
		if s, ok := shifts[at.File]; ok {
			x, y = s.moved(o)
		}
		return at.File + "\x00" + strconv.Itoa(x), at.File + "\x00" + strconv.Itoa(y)
	}
	type spot struct{ a, b string }
	spots := make([]spot, len(before))
	for i, f := range before {
		spots[i].a, spots[i].b = moved(f.Position)
	}
	here := make([]string, len(after))
	for i, f := range after {
		here[i] = f.Position.File + "\x00" + strconv.Itoa(to(f.Position.File).Offset(f.Position))
	}
	pass := func(keys func(i int) []string, key func(i int) string, promoted bool) {
		at := map[string][]int{}
		for i := range before {
			if m.stays[i] && !promoted {
				continue
			}
			for _, k := range keys(i) {
				if l := at[k]; len(l) == 0 || l[len(l)-1] != i {
					at[k] = append(l, i)
				}
			}
		}
		for j := range after {
			if m.was[j] >= 0 {
				continue
			}
			k := key(j)
			l := at[k]
			for len(l) > 0 && m.stays[l[0]] && !promoted {
				l = l[1:]
			}
			if len(l) > 0 {
				m.was[j], m.promoted[j] = l[0], promoted
				m.stays[l[0]] = m.stays[l[0]] || !promoted
				l = l[1:]
			}
			at[k] = l
		}
	}
	what := []func(f *diag.Finding) string{
		func(f *diag.Finding) string { return f.Code + "\x00" + f.Message },
		func(f *diag.Finding) string { return f.Code + "\x00" + f.Subject },
		func(f *diag.Finding) string { return f.Code },
	}
	for _, w := range what {
		pass(func(i int) []string {
			text := w(&before[i])
			return []string{text + "\x00" + spots[i].a, text + "\x00" + spots[i].b}
		}, func(j int) string { return w(&after[j]) + "\x00" + here[j] }, false)
	}
	// Of a mistake in several places, the next one is reported when the first is mended.
	pass(func(i int) []string {
		var keys []string
		for _, r := range before[i].Related {
			a, b := moved(r.Position)
			keys = append(keys, before[i].Code+"\x00"+a, before[i].Code+"\x00"+b)
		}
		return keys
	}, func(j int) string { return after[j].Code + "\x00" + here[j] }, true)
	// A finding about something that lacks in a map moves with it.
	object := func(f *diag.Finding) string {
		return f.Code + "\x00" + f.Position.File + "\x00" + f.Object.Kind + "\x00" + f.Object.Name + "\x00" + f.Path.String() + "\x00" + f.Message
	}
	pass(func(i int) []string { return []string{object(&before[i])} }, func(j int) string { return object(&after[j]) }, false)
	// Not all of its places are related ones.
	pass(func(i int) []string {
		if len(before[i].Related) < manyPlaces {
			return nil
		}
		return []string{before[i].Code + "\x00" + before[i].Subject}
	}, func(j int) string { return after[j].Code + "\x00" + after[j].Subject }, true)
	return m
}

// manyPlaces is the number of related places from which there may be others that a finding
// does not have.
const manyPlaces = 5

// textPlaces returns a function that returns the places of a file.
func textPlaces(texts map[string]string) func(file string) *Places {
	known := map[string]*Places{}
	return func(file string) *Places {
		p := known[file]
		if p == nil {
			p = NewPlaces(texts[file])
			known[file] = p
		}
		return p
	}
}
