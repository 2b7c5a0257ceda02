package triggers

import (
	"reflect"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Trigger describes a Trigger: what a listener does when an event happens. Methods
// called on a nil Trigger do nothing.
type Trigger struct {
	listener     *Listener // of On; nil for NewTrigger
	group        bool      // it represents a group of the listener
	at           callsite.Place
	name         string
	object       string // metadata.name, of Named
	specName     string // of NewTrigger
	existing     bool   // of NewTrigger
	event        *event
	creates      []Resource
	secret       secretKey
	token        secretKey
	unsigned     string
	account      string
	repositories allowed
	authors      allowed
	authorIDs    allowed
	filters      []filter
	interceptors []Interceptor
	bindings     []bound
	mutate       callsite.Changes[v1beta1.Trigger]
	metadata
}

// Secret sets the name and the key of the Secret with which the sender signs this
// event. It overrides the Secret of the listener.
func (t *Trigger) Secret(name, key string) *Trigger {
	if t != nil {
		t.secret = secretKey{callsite.Here(), true, name, key}
	}
	return t
}

// Token sets the name and the key of the Secret with a GitHub token. It is used to
// fetch the changed files of pull requests in private repositories.
func (t *Trigger) Token(name, key string) *Trigger {
	if t != nil {
		t.token = secretKey{callsite.Here(), true, name, key}
	}
	return t
}

// Unsigned accepts events without a signature from anyone who knows the URL, even
// if the listener has a Secret for its other triggers. The reason becomes an
// annotation of the Trigger.
func (t *Trigger) Unsigned(reason string) *Trigger {
	if t != nil {
		t.unsigned = reason
	}
	return t
}

// Repositories selects events by the full name of the repository, such as
// "acme/app". In patterns, * matches any characters except a slash.
func (t *Trigger) Repositories(names ...string) *Trigger {
	if t != nil {
		t.repositories.add(callsite.Here(), "Repositories", names)
	}
	return t
}

// AuthorIDs selects events by the id of the user who pushed, opened the pull request or
// wrote the comment. Unlike a name, an id never changes, and is never given to another
// user.
//
//	GitHub            583231    number; gh api users/octocat --jq .id
//	GitLab, Gitea     42        number; the field id of /api/v4/users?username=NAME, /api/v1/users/NAME
//	Bitbucket Cloud   {a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3} or 557058:2a6349dc-...; the uuid or the account_id
//	Bitbucket Server  3231      number; the field id of /rest/api/1.0/users/NAME
//
// For a pull request, the user is its author, whoever pushed the last commit or
// reopened it.
func (t *Trigger) AuthorIDs(ids ...string) *Trigger {
	if t != nil {
		t.authorIDs.add(callsite.Here(), "AuthorIDs", ids)
	}
	return t
}

// Authors selects events by the user name of the user that AuthorIDs describes. A name is
// the whole name: a pattern, with * or ?, is an error, because whoever may choose a name
// could choose one that matches. It is also an error for events whose sender does not
// guarantee that names are unique, such as those of Bitbucket Cloud, or does not send the
// name, such as merge requests of GitLab. Even a unique name can be given up, and then be taken by somebody else. Use
// AuthorIDs where the author decides who may run code or use a Secret.
func (t *Trigger) Authors(names ...string) *Trigger {
	if t != nil {
		t.authors.add(callsite.Here(), "Authors", names)
	}
	return t
}

// Filter selects events for which a CEL expression is true, such as
// "body.repository.private == false".
func (t *Trigger) Filter(cel string) *Trigger {
	if t != nil {
		t.filters = append(t.filters, filter{at: callsite.Here(), expr: cel, foreign: true})
	}
	return t
}

// ServiceAccount sets the service account with which the trigger creates its
// objects. The service account of the listener must be allowed to impersonate it.
func (t *Trigger) ServiceAccount(name string) *Trigger {
	if t != nil {
		t.account = name
	}
	return t
}

// bound is a binding of a trigger, and the place of the call that added it.
type bound struct {
	at callsite.Place
	*Binding
}

// Intercept adds interceptors. They run after the one that verifies the signature,
// and before the filters.
func (t *Trigger) Intercept(interceptors ...Interceptor) *Trigger {
	if t != nil {
		t.interceptors = append(t.interceptors, interceptors...)
	}
	return t
}

// Bind adds TriggerBindings, in addition to the one for the event fields that the
// run uses.
func (t *Trigger) Bind(bindings ...*Binding) *Trigger {
	if t != nil {
		at := callsite.Here()
		for _, b := range bindings {
			t.bindings = append(t.bindings, bound{at, b})
		}
	}
	return t
}

// Mutate registers a function that changes the Trigger before it is checked, for fields that have no
// method here. The function may be called more than once, each time with a new
// Trigger.
func (t *Trigger) Mutate(change func(*v1beta1.Trigger)) *Trigger {
	if t != nil {
		t.mutate.Add(callsite.Here(), change)
	}
	return t
}

// signed returns the Secret with which the trigger's events are signed.
func (t *Trigger) signed() secretKey {
	switch {
	case t.secret.set:
		return t.secret
	case t.unsigned != "":
		return secretKey{}
	}
	return t.listener.orNew().secret
}

// isNil reports whether an interface is nil or holds a nil pointer.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
