package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
)

// Extension is something that an interceptor adds to an event.
type Extension struct {
	Path   string // below extensions, joined by dots; a dot in a name is written \.
	Quotes celenv.Quotes
	unsure bool // a later interceptor may have replaced it
}

// Extensions are the values that interceptors have added to an event.
type Extensions struct {
	Added   []Extension
	Unknown bool // other people's interceptors may have added anything
}

// Add adds the values that an interceptor adds to an event. They replace those of
// earlier interceptors whose path begins with the same name: only the overlays of one
// interceptor are merged.
func (e *Extensions) Add(x *Interceptor) {
	added, known := x.Extensions()
	if len(added) > 0 && len(e.Added) > 0 {
		replaced := map[string]bool{}
		for i := range added {
			replaced[firstName(added[i].Path)] = true
		}
		e.Added = slices.DeleteFunc(slices.Clone(e.Added), func(o Extension) bool { return replaced[firstName(o.Path)] })
	}
	if !known {
		e.Added = slices.Clone(e.Added)
		for i := range e.Added {
			e.Added[i].unsure = true
		}
	}
	e.Added = append(slices.Clip(e.Added), added...)
	e.Unknown = e.Unknown || !known
}

// firstName returns the first name of a path.
func firstName(path string) string {
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '\\':
			i++
		case '.':
			return path[:i]
		}
	}
	return path
}

// ExtensionPath returns the path of a value below extensions with these names.
func ExtensionPath(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.ReplaceAll(name, ".", `\.`)
	}
	return strings.Join(out, ".")
}

// QuotesAt returns whether the JSON of the value at a path has quotes; "" is the path of
// all extensions.
func (e *Extensions) QuotesAt(path string) celenv.Quotes {
	out := celenv.NoQuotes
	for i := range e.Added {
		x := &e.Added[i]
		switch {
		case x.Path == path:
			out = x.Quotes
		case path == "" && x.Path == "changed_files": // set for some types of events
			out = max(out, celenv.MayQuotes)
		case path == "" || strings.HasPrefix(x.Path, path+"."):
			out = celenv.AllQuotes // an object with this name in it
		default:
			continue
		}
		if x.unsure && path != "" {
			out = min(out, celenv.MayQuotes)
		}
	}
	return out
}

// Has reports whether there may be a value at a path. An overlay may set a part of
// it, or a value that contains it.
func (e *Extensions) Has(path string) bool {
	return e.Unknown || path == "" || slices.ContainsFunc(e.Added, func(x Extension) bool {
		return x.Path == path || strings.HasPrefix(path, x.Path+".") || strings.HasPrefix(x.Path, path+".")
	})
}

// Names returns the paths of the added values.
func (e *Extensions) Names() []string {
	out := make([]string, len(e.Added))
	for i, x := range e.Added {
		out[i] = x.Path
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
