package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/suggest"
)

// Extension is something that an interceptor adds to an event.
type Extension struct {
	Path   string // below extensions, joined by dots; a dot in a name is written \.
	Quotes celenv.Quotes
}

// Extensions are the values that interceptors have added to an event.
type Extensions struct {
	Unknown bool // other people's interceptors may have added anything

	first map[string]*extension // by the first name of the path
	order []orderedExtension    // what was added, also what was replaced since
	gone  int                   // how many of order were replaced
	added int                   // counts all that were added
	sure  int                   // earlier ones may have been replaced by unknown ones
}

// extension is a name in the paths of extensions.
type extension struct {
	below  map[string]*extension
	quotes celenv.Quotes // of what was added last, here or below
	at     int           // when that was added
	set    bool          // whether something has this path
	size   int           // of the first name: how many of order are here and below
}

// orderedExtension is a path together with what its first name was when it was added.
type orderedExtension struct {
	path  string
	first *extension
}

// Add adds the values that an interceptor adds to an event. They replace those of
// earlier interceptors whose path begins with the same name: only the overlays of one
// interceptor are merged.
func (e *Extensions) Add(x *Interceptor) {
	added, known := x.Extensions()
	for i := range added {
		name, _, _ := cutName(added[i].Path)
		if old := e.first[name]; old != nil {
			e.gone += old.size
			delete(e.first, name)
		}
	}
	if !known {
		e.sure = e.added
	}
	for i := range added {
		e.add(&added[i])
	}
	if e.gone > len(e.order)/2 {
		e.order = slices.DeleteFunc(e.order, e.replaced)
		e.gone = 0
	}
	e.Unknown = e.Unknown || !known
}

func (e *Extensions) add(x *Extension) {
	if e.first == nil {
		e.first = map[string]*extension{}
	}
	var first *extension
	list, rest, more := e.first, x.Path, true
	for more {
		var name string
		name, rest, more = cutName(rest)
		n := list[name]
		if n == nil {
			n = &extension{}
			list[name] = n
		}
		if first == nil {
			first = n
		}
		n.at = e.added
		if more {
			n.quotes = celenv.AllQuotes // an object with this name in it
			if n.below == nil {
				n.below = map[string]*extension{}
			}
		} else {
			n.quotes, n.set = x.Quotes, true
		}
		list = n.below
	}
	first.size++
	e.order = append(e.order, orderedExtension{x.Path, first})
	e.added++
}

func (e *Extensions) replaced(o orderedExtension) bool {
	name, _, _ := cutName(o.path)
	return e.first[name] != o.first
}

// cutName cuts a path behind its first name.
func cutName(path string) (name, rest string, more bool) {
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '\\':
			i++
		case '.':
			return path[:i], path[i+1:], true
		}
	}
	return path, "", false
}

// ExtensionPath returns the path of a value below extensions with these names.
func ExtensionPath(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.ReplaceAll(name, ".", `\.`)
	}
	return strings.Join(out, ".")
}

// find returns what is added at a path or below; nil if nothing is. Whole reports
// whether a value is added that contains the path.
func (e *Extensions) find(path string) (at *extension, whole bool) {
	list, more := e.first, true
	for more {
		var name string
		name, path, more = cutName(path)
		n := list[name]
		switch {
		case n == nil:
			return nil, whole
		case !more:
			return n, whole
		}
		whole = whole || n.set
		list = n.below
	}
	return nil, whole
}

// QuotesAt returns whether the JSON of the value at a path has quotes; "" is the path of
// all extensions.
func (e *Extensions) QuotesAt(path string) celenv.Quotes {
	if path == "" {
		changed := e.first["changed_files"] // set for some types of events
		switch {
		case len(e.first) == 0:
			return celenv.NoQuotes
		case len(e.first) == 1 && changed != nil && changed.below == nil:
			return celenv.MayQuotes
		}
		return celenv.AllQuotes
	}
	n, _ := e.find(path)
	switch {
	case n == nil:
		return celenv.NoQuotes
	case n.at < e.sure:
		return min(n.quotes, celenv.MayQuotes)
	}
	return n.quotes
}

// Has reports whether there may be a value at a path. An overlay may set a part of
// it, or a value that contains it.
func (e *Extensions) Has(path string) bool {
	if e.Unknown || path == "" {
		return true
	}
	n, whole := e.find(path)
	return n != nil || whole
}

// Names returns the paths of the added values, but no more than are used for
// suggestions.
func (e *Extensions) Names() []string {
	var out []string
	for _, o := range e.order {
		if len(out) == suggest.MaxCandidates {
			break
		}
		if !e.replaced(o) {
			out = append(out, o.path)
		}
	}
	return out
}

// chain returns the interceptors that an event passes before those of the trigger.
func (u *TriggerUser) chain() []*Interceptor {
	if u.Group == nil {
		return nil
	}
	return u.Listener.TriggerGroups()[u.index].Chain
}

// ways returns the interceptors that an event passes on each way to the trigger. Many
// listeners may have no other interceptors than those of the trigger.
func (t *Trigger) ways() [][]*Interceptor {
	var out [][]*Interceptor
	users, plain := t.Users(), false
	for i := range users {
		before := users[i].chain()
		if len(before) == 0 && plain {
			continue
		}
		plain = plain || len(before) == 0
		out = append(out, slices.Concat(before, t.Chain()))
	}
	return out
}

// Incoming returns the extensions of the events that reach the interceptors of the
// trigger, for each way to the trigger. They are unknown if no listener of the set
// leads to it.
func (t *Trigger) Incoming() []Extensions {
	users := t.Users()
	if len(users) == 0 {
		return []Extensions{{Unknown: true}}
	}
	out := make([]Extensions, len(users))
	for i := range users {
		for _, x := range users[i].chain() {
			out[i].Add(x)
		}
	}
	return out
}

// Outgoing returns the extensions of the events that have passed the interceptors of
// the trigger, for each way as Incoming does.
func (t *Trigger) Outgoing() []Extensions {
	if t.outgoing == nil {
		t.outgoing = t.Incoming()
		for i := range t.outgoing {
			for _, x := range t.Chain() {
				t.outgoing[i].Add(x)
			}
		}
	}
	return t.outgoing
}

// IsUnsigned reports whether an event from any sender fires the trigger, on at least
// one of the ways to it. It is false if no listener of the set leads to the trigger,
// since a listener elsewhere may have a group before it.
func (t *Trigger) IsUnsigned() bool {
	unsigned, _ := t.unguarded()
	return unsigned
}

// IsUnfiltered reports whether every event fires the trigger, on at least one of the
// ways to it, although the way has interceptors. It is false if no listener of the
// set leads to the trigger.
func (t *Trigger) IsUnfiltered() bool {
	_, unfiltered := t.unguarded()
	return unfiltered
}

func (t *Trigger) unguarded() (unsigned, unfiltered bool) {
	users := t.Users()
	for i := range users {
		before := users[i].chain()
		signed, filtered := false, false
		for _, chain := range [...][]*Interceptor{before, t.Chain()} {
			for _, x := range chain {
				s, f := x.guards()
				signed, filtered = signed || s, filtered || f
			}
		}
		unsigned = unsigned || !signed
		unfiltered = unfiltered || !filtered && len(before)+len(t.Chain()) > 0
	}
	return unsigned, unfiltered
}
