package triggers

import (
	"reflect"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Trigger is what a listener does on an event. Its methods may be called on a
// nil Trigger and then do nothing.
type Trigger struct {
	listener     *Listener
	group        bool // it stands for a group of the listener
	at           callsite.Place
	name         string
	event        *event
	creates      []Resource
	secret       secretKey
	token        secretKey
	unsigned     string
	account      string
	repositories allowed
	authors      allowed
	filters      []filter
	interceptors []Interceptor
	bindings     []bound
	mutate       []func(*v1beta1.Trigger)
}

// Secret names the Secret, and the key in it, whose value the sender of this
// event signs with, instead of the listener's.
func (t *Trigger) Secret(name, key string) *Trigger {
	if t != nil {
		t.secret = secretKey{callsite.Here(), true, name, key}
	}
	return t
}

// Token names the Secret, and the key in it, that holds a GitHub token: the
// changed files of pull requests to private repositories are asked for with it.
func (t *Trigger) Token(name, key string) *Trigger {
	if t != nil {
		t.token = secretKey{callsite.Here(), true, name, key}
	}
	return t
}

// Unsigned accepts events without a signature, from anybody who knows the URL,
// also where the listener has a Secret for its other triggers. The reason is
// kept as an annotation of the Trigger.
func (t *Trigger) Unsigned(reason string) *Trigger {
	if t != nil {
		t.unsigned = reason
	}
	return t
}

// Repositories lets only events of these repositories start something, by
// their full names: "acme/app". A * stands for any characters but a slash.
func (t *Trigger) Repositories(names ...string) *Trigger {
	if t != nil {
		t.repositories.add(callsite.Here(), "Repositories", names)
	}
	return t
}

// Authors lets only events of these accounts start something.
func (t *Trigger) Authors(names ...string) *Trigger {
	if t != nil {
		t.authors.add(callsite.Here(), "Authors", names)
	}
	return t
}

// Filter lets only events start something for which an expression of the
// Common Expression Language holds: "body.repository.private == false".
func (t *Trigger) Filter(cel string) *Trigger {
	if t != nil {
		t.filters = append(t.filters, filter{at: callsite.Here(), expr: cel, foreign: true})
	}
	return t
}

// ServiceAccount lets the trigger create its objects under an account of its
// own, which the listener's account must be allowed to impersonate.
func (t *Trigger) ServiceAccount(name string) *Trigger {
	if t != nil {
		t.account = name
	}
	return t
}

// bound is a binding of a trigger, and who asked for it.
type bound struct {
	at callsite.Place
	*Binding
}

// Intercept adds an interceptor, between the one that checks the signature and
// the filters.
func (t *Trigger) Intercept(i Interceptor) *Trigger {
	if t != nil {
		t.interceptors = append(t.interceptors, i)
	}
	return t
}

// Bind adds TriggerBindings beside the one that the run's fields make.
func (t *Trigger) Bind(bindings ...*Binding) *Trigger {
	if t != nil {
		at := callsite.Here()
		for _, b := range bindings {
			t.bindings = append(t.bindings, bound{at, b})
		}
	}
	return t
}

// Mutate changes the Trigger after it has been lowered: the hatch for fields
// that have no method here. It may be called more than once, on a fresh copy
// each time.
func (t *Trigger) Mutate(change func(*v1beta1.Trigger)) *Trigger {
	if t != nil && change != nil {
		t.mutate = append(t.mutate, change)
	}
	return t
}

// signed is the Secret that the trigger's events are signed with.
func (t *Trigger) signed() secretKey {
	switch {
	case t.secret.set:
		return t.secret
	case t.unsigned != "":
		return secretKey{}
	}
	return t.listener.secret
}

// isNil reports a nil pointer in an interface.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
