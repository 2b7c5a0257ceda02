package facts

import "cmp"

// IsPipelineRole reports whether a Role, a ClusterRole or a binding grants something to
// a service account that a run or an EventListener of the set uses. If the set has
// neither, nothing is known about the accounts, and every role counts.
func (s *Set) IsPipelineRole(e *Entry, defaultAccount string) bool {
	s.asked(RBAC)
	defaultAccount = cmp.Or(defaultAccount, "default")
	roles, ok := s.pipelineRoles[defaultAccount]
	if !ok {
		roles = s.findPipelineRoles(defaultAccount)
		if s.pipelineRoles == nil {
			s.pipelineRoles = map[string]map[*Entry]bool{}
		}
		s.pipelineRoles[defaultAccount] = roles
	}
	return !s.usesAccounts || roles[e]
}

// findPipelineRoles returns the roles and bindings of each account that is used.
func (s *Set) findPipelineRoles(defaultAccount string) map[*Entry]bool {
	roles := map[*Entry]bool{}
	seen := map[account]bool{}
	for _, e := range s.All() {
		if e.Run == nil && e.TaskRun == nil && e.Event.Listener == nil && e.Event.Trigger == nil {
			continue
		}
		for _, n := range e.Needs() {
			of := account{n.Namespace, n.Name}
			if n.Default {
				of.name = defaultAccount
			}
			if n.Kind != "ServiceAccount" || seen[of] {
				continue
			}
			seen[of], s.usesAccounts = true, true
			for _, b := range s.bound(of.name, of.namespace) {
				roles[b.entry] = true
				if role := s.Find(b.roleRef.Kind, b.namespace, b.roleRef.Name, b.entry); role != nil {
					roles[role] = true
				}
			}
		}
	}
	return roles
}
