package facts

import (
	"cmp"

	"github.com/tekwright/tekwright/internal/kinds"
)

// InUse reports whether the object is of Tekton, or one that an object of Tekton refers
// to, directly or through others: the service account of a run, the bindings and roles of
// that account, the Ingress or HTTPRoute of an EventListener. A repository has many objects besides. If the
// set has no object of Tekton, all are used.
func (s *Set) InUse(e *Entry, defaultAccount string) bool {
	s.asked(RBAC)
	if s.used == nil {
		s.findUsed(cmp.Or(defaultAccount, "default"))
	}
	return s.withoutTekton || s.used[e.Root()]
}

func (s *Set) findUsed(defaultAccount string) {
	s.used, s.withoutTekton = map[*Entry]bool{}, true
	var queue []*Entry
	add := func(e *Entry) {
		if e != nil && !s.used[e.Root()] {
			s.used[e.Root()] = true
			queue = append(queue, e.Root())
		}
	}
	listeners := map[string]bool{} // directories
	for _, e := range s.entries {
		if kinds.IsTekton(e.Ref.APIVersion) {
			s.withoutTekton = false
			add(e)
			if e.Event.Listener != nil {
				listeners[e.Dir()] = true
			}
		} else if e.Dir() == "" { // described in a Go program
			add(e)
		}
	}
	for _, e := range s.entries {
		if e.IsWayIn() && (listeners[e.Dir()] || s.serves(e)) {
			add(e)
		}
	}
	accounts := map[account]bool{}
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		s.follow(e, defaultAccount, accounts, add)
		for _, b := range e.Bodies() {
			if b.Entry != nil {
				s.follow(b.Entry, defaultAccount, accounts, add)
			}
		}
	}
}

// follow adds the objects to which an object refers. The other subjects of a binding are
// no concern of the account that it was found for. A ClusterRole that has the name of one
// of Tekton Triggers' own, but other rules, is the user's.
func (s *Set) follow(e *Entry, defaultAccount string, accounts map[account]bool, add func(*Entry)) {
	if ref, _, ok := e.Binding(); ok && ref.Kind == "ClusterRole" {
		if role := s.Find(ref.Kind, "", ref.Name, e); role != nil && role.replacesStandard() {
			add(role)
		}
	}
	for _, n := range e.Needs() {
		if n.For == ForSubject {
			continue
		}
		if n.Default {
			n.Name = defaultAccount
		}
		add(s.Find(n.Kind, n.Namespace, n.Name, e))
		of := account{n.Namespace, n.Name}
		if n.Kind != "ServiceAccount" || accounts[of] {
			continue
		}
		accounts[of] = true
		for _, b := range s.bound(n.Name, n.Namespace) {
			add(b.entry)
		}
	}
}

// serves reports whether an Ingress or an HTTPRoute leads to an EventListener of the set.
func (s *Set) serves(e *Entry) bool {
	served := false
	e.EachService(func(b *ServiceBackend) { served = served || s.listenerOf(b, e) != nil })
	return served
}
