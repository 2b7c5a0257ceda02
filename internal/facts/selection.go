package facts

import (
	"maps"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// handing records which listeners pass events to which Triggers.
type handing struct {
	users    map[*Entry][]TriggerUser // by Trigger
	ways     map[triggerWay]bool
	left     int                  // how many more ways are kept
	told     bool                 // that there are more
	triggers map[*Entry][]*Entry  // by EventListener
	shared   map[*Entry]*selected // by EventListener; nil if no other may select the same
	maybe    map[*Entry]bool      // EventListeners that may select Triggers of unknown namespace
}

// triggerWay identifies ways to a Trigger on which the same events reach it: from any
// listener of a namespace, or through a group.
type triggerWay struct {
	trigger   *Entry
	namespace string
	group     *v1beta1.EventListenerTriggerGroup
}

// The number of ways that are kept: some for any set, and more for each Trigger, listener
// and group. What exceeds it is reported as left out: many groups may select all of many
// Triggers.
const (
	anyWays  = 1 << 12
	moreWays = 8
)

func (s *Set) handed() *handing {
	if s.handing != nil {
		return s.handing
	}
	h := &handing{
		users: map[*Entry][]TriggerUser{}, ways: map[triggerWay]bool{}, triggers: map[*Entry][]*Entry{},
		shared: map[*Entry]*selected{}, maybe: map[*Entry]bool{},
	}
	s.handing = h
	triggers, selections := indexTriggers(s.entries), map[string]*selected{}
	h.left = anyWays + moreWays*len(triggers.all)
	for _, l := range s.entries {
		if l.Event.Listener == nil {
			continue
		}
		h.left += moreWays * (1 + len(l.Event.Listener.Spec.TriggerGroups))
		ways := waysOf(l)
		if class := ways[0].class(); len(ways) == 1 && class != "" {
			// Many listeners may select the same Triggers. The same events reach them.
			x := selections[class]
			if x == nil {
				x = triggers.selected(&ways[0])
				selections[class] = x
				for _, t := range x.sure {
					h.add(t, ways[0].user)
				}
			}
			h.triggers[l], h.maybe[l], h.shared[l] = x.sure, x.maybe, x
			continue
		}
		found, seen := map[int]bool{}, map[*selected]bool{}
		for _, w := range ways {
			if class := w.class(); class != "" {
				x := selections[class]
				if x == nil {
					x = triggers.selected(&w)
					selections[class] = x
				}
				h.maybe[l] = h.maybe[l] || x.maybe
				for _, i := range x.at {
					if !seen[x] {
						found[i] = true
					} else if h.left == 0 { // each of them has a way already
						h.tell(triggers.all[i])
						break
					}
					h.add(triggers.all[i], w.user)
				}
				seen[x] = true
				continue
			}
			for _, i := range triggers.candidates(&w) {
				t := triggers.all[i]
				sure, maybe := w.finds(t)
				h.maybe[l] = h.maybe[l] || maybe && !sure
				if sure {
					found[i] = true
					h.add(t, w.user)
				}
			}
		}
		for _, i := range slices.Sorted(maps.Keys(found)) {
			h.triggers[l] = append(h.triggers[l], triggers.all[i])
		}
	}
	return h
}

// add adds a way to a Trigger, unless the same events reach the Trigger on another way.
func (h *handing) add(t *Entry, user TriggerUser) {
	w := triggerWay{t, user.Listener.Ref.Namespace, user.Group}
	switch {
	case h.ways[w]:
		return
	case h.left == 0 && len(h.users[t]) > 0:
		h.tell(t)
		return
	}
	h.ways[w], h.left = true, max(0, h.left-1)
	h.users[t] = append(h.users[t], user)
}

// tell reports that not all ways to a Trigger are known; the first time suffices.
func (h *handing) tell(t *Entry) {
	if !h.told {
		h.told = true
		t.LeaveOut("not all groups of EventListeners that select "+t.Ref.String()+" have been compared with it", "select the Triggers of each group by other labels")
	}
}

// selected is what a selector finds.
type selected struct {
	at    []int // the indexes of sure
	sure  []*Entry
	maybe bool // it may find Triggers of unknown namespace

	needs     []ListenerNeed
	needsDone bool
}

func (x *triggerIndex) selected(w *way) *selected {
	out := &selected{}
	for _, i := range x.candidates(w) {
		sure, maybe := w.finds(x.all[i])
		out.maybe = out.maybe || maybe && !sure
		if sure {
			out.at, out.sure = append(out.at, i), append(out.sure, x.all[i])
		}
	}
	return out
}

// class returns a text that is equal for two ways that find the same Triggers; "" if
// the way names some.
func (w *way) class() string {
	if len(w.refs) > 0 || !w.selects {
		return ""
	}
	selector := "any"
	if w.selector != nil {
		selector = "those with " + w.selector.String()
	}
	return strings.Join(append(slices.Sorted(maps.Keys(w.in)), w.user.Listener.Ref.Namespace, selector), "\n")
}

// triggerIndex finds the Triggers that a listener might select, so that most of the
// others need not be compared with its selector.
type triggerIndex struct {
	all    []*Entry
	every  []int // the indexes of all
	names  map[string][]int
	spaces map[string][]int
	labels map[[2]string][]int
	keys   map[string][]int // by the key of a label
}

func indexTriggers(entries []*Entry) *triggerIndex {
	x := &triggerIndex{names: map[string][]int{}, spaces: map[string][]int{}, labels: map[[2]string][]int{}, keys: map[string][]int{}}
	for _, e := range entries {
		if e.Event.Trigger == nil {
			continue
		}
		i := len(x.all)
		x.all, x.every = append(x.all, e), append(x.every, i)
		x.names[e.Ref.Name] = append(x.names[e.Ref.Name], i)
		x.spaces[e.Ref.Namespace] = append(x.spaces[e.Ref.Namespace], i)
		for key, value := range e.Event.Trigger.Labels {
			x.labels[[2]string{key, value}] = append(x.labels[[2]string{key, value}], i)
			x.keys[key] = append(x.keys[key], i)
		}
	}
	return x
}

// candidates returns the indexes of the Triggers that a way might find, ascending: those
// that fulfil the part of its selector that the fewest do, and those that it names.
func (x *triggerIndex) candidates(w *way) []int {
	var named []int
	for ref := range w.refs {
		named = append(named, x.names[ref]...)
	}
	var selected []int
	if w.selects {
		selected = x.every
		consider := func(lists ...[]int) {
			size := 0
			for _, list := range lists {
				size += len(list)
			}
			if size < len(selected) {
				selected = slices.Concat(lists...)
			}
		}
		if !w.all {
			in := [][]int{x.spaces[""]}
			for namespace := range w.in {
				if namespace != "" {
					in = append(in, x.spaces[namespace])
				}
			}
			switch own := w.user.Listener.Ref.Namespace; {
			case len(w.in) > 0:
				consider(in...)
			case own != "":
				consider(x.spaces[""], x.spaces[own])
			}
		}
		if w.selector != nil {
			requirements, _ := w.selector.Requirements()
			for i := range requirements {
				r := &requirements[i]
				switch r.Operator() {
				case selection.In, selection.Equals, selection.DoubleEquals:
					var lists [][]int
					for value := range r.Values() {
						lists = append(lists, x.labels[[2]string{r.Key(), value}])
					}
					consider(lists...)
				case selection.Exists:
					consider(x.keys[r.Key()])
				}
			}
		}
	}
	if len(named) == 0 && slices.IsSorted(selected) {
		return selected
	}
	out := slices.Concat(named, selected)
	slices.Sort(out)
	return slices.Compact(out)
}

// way is a way in which a listener selects Triggers.
type way struct {
	user     TriggerUser
	refs     map[string]bool // names of Triggers in its namespace
	selects  bool
	all      bool            // in all namespaces
	in       map[string]bool // in these; none means the namespace of the listener
	selector labels.Selector // nil means any
}

func waysOf(l *Entry) []way {
	spec := &l.Event.Listener.Spec
	own := wayOf(spec.NamespaceSelector.MatchNames, spec.LabelSelector)
	own.user = TriggerUser{Listener: l}
	for i := range spec.Triggers {
		if t := &spec.Triggers[i]; t.Template == nil {
			own.refs[t.TriggerRef] = true
		}
	}
	out := []way{own}
	for i := range spec.TriggerGroups {
		g := &spec.TriggerGroups[i]
		w := wayOf(g.TriggerSelector.NamespaceSelector.MatchNames, g.TriggerSelector.LabelSelector)
		w.user = TriggerUser{l, g, l.At("spec").Index("triggerGroups", i), i}
		out = append(out, w)
	}
	return out
}

func wayOf(namespaces []string, selector *metav1.LabelSelector) way {
	w := way{refs: map[string]bool{}, in: map[string]bool{}, all: len(namespaces) == 1 && namespaces[0] == "*"}
	for _, namespace := range namespaces {
		w.in[namespace] = true
	}
	w.selects = len(namespaces) > 0 || selector != nil
	if selector != nil {
		match, err := metav1.LabelSelectorAsSelector(selector)
		w.selector = match
		w.selects = w.selects && err == nil
	}
	return w
}

// finds reports whether a listener selects a Trigger in this way, and whether it may
// select one whose namespace is not known. A Trigger without a namespace is applied to
// that of the listener, as far as anyone can tell, and not to one of those that the
// selector lists. With listeners in several namespaces, nobody can tell.
func (w *way) finds(trigger *Entry) (sure, maybe bool) {
	listener, namespace := w.user.Listener.Ref.Namespace, trigger.Ref.Namespace
	here := SameNamespace(listener, namespace)
	if here && w.refs[trigger.Ref.Name] {
		return true, true
	}
	if !w.selects || w.selector != nil && !w.selector.Matches(labels.Set(trigger.Event.Trigger.Labels)) {
		return false, false
	}
	switch {
	case w.all:
		return true, true
	case len(w.in) == 0:
		return here, here
	case namespace != "":
		sure = w.in[namespace]
		return sure, sure
	}
	return listener != "" && w.in[listener] && w.user.Listener.set.hasOneNamespace(), true
}

// hasOneNamespace reports whether all EventListeners of the set are in the same namespace,
// so that Triggers without a namespace are meant for it.
func (s *Set) hasOneNamespace() bool {
	if s.oneNamespace == nil {
		one, namespace := true, ""
		for _, e := range s.entries {
			if e.Event.Listener == nil || e.Ref.Namespace == "" {
				continue
			}
			if namespace != "" && e.Ref.Namespace != namespace {
				one = false
				break
			}
			namespace = e.Ref.Namespace
		}
		s.oneNamespace = &one
	}
	return *s.oneNamespace
}
