package check

import (
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// unguarded warns of a trigger that anybody can fire who reaches its listener,
// and of one that every event fires. One that has no listener in the set may
// have a group before it.
func (c *checker) unguarded(t *eventTrigger) {
	if t.template == nil || len(t.users) == 0 {
		return
	}
	unsigned, unfiltered := false, false
	for _, u := range t.users {
		var chain []*v1beta1.TriggerInterceptor
		if u.group != nil {
			chain = append(chain, u.group.Interceptors...)
		}
		chain = append(chain, t.interceptors...)
		signed, filtered := guards(chain)
		unsigned = unsigned || !signed
		unfiltered = unfiltered || !filtered && len(chain) > 0
	}
	s := t.spot
	if len(t.interceptors) > 0 {
		s = s.field("interceptors")
	}
	if unsigned {
		c.warn(s, "listener-unsigned", "", "nothing checks who sends the events of "+t.label+": whoever reaches the listener starts what it creates",
			"set secretRef in a github, gitlab or bitbucket interceptor, or compare a header with compareSecret in a CEL filter")
	}
	if unfiltered {
		c.warn(s, "listener-unfiltered", "", "every event that the listener is sent starts what "+t.label+" creates, whatever its type", "set eventTypes, or a CEL filter")
	}
}

// guards reports whether a chain of interceptors checks the sender of an event,
// and whether it lets only some events pass. Those that somebody made may do
// both.
func guards(chain []*v1beta1.TriggerInterceptor) (signed, filtered bool) {
	for _, x := range chain {
		switch coreOf(x) {
		case "github":
			var p githubParams
			ok := paramsInto(x.Params, &p)
			signed = signed || !ok || p.SecretRef != nil
			filtered = filtered || !ok || p.EventTypes != nil || p.GithubOwners.Enabled
		case "gitlab", "bitbucket":
			var p hookParams
			ok := paramsInto(x.Params, &p)
			signed = signed || !ok || p.SecretRef != nil
			filtered = filtered || !ok || p.EventTypes != nil
		case "cel":
			var p celParams
			ok := paramsInto(x.Params, &p)
			signed = signed || !ok || strings.Contains(p.Filter, ".compareSecret(")
			filtered = filtered || !ok || p.Filter != ""
		case "slack": // a command, of which there is one; its signature is not checked
			filtered = true
		default:
			signed, filtered = true, true
		}
	}
	return signed, filtered
}
