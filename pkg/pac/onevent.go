package pac

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// AnnotatedEvent is an event that the annotations on-event and on-target-branch select.
type AnnotatedEvent struct{ event event }

// OnEvent returns the events that the annotation on-event selects: push, pull_request or
// incoming. It needs TargetBranch, and only [Comment] can be beside it.
//
// It is for runs that exist as YAML: its patterns are those of Pipelines-as-Code, in which *
// also matches slashes, and braces are alternatives. Prefer [Push] and [PullRequest], which can be
// combined, and whose patterns are those of package triggers.
//
//	pac.Run(run).On(pac.OnEvent("pull_request").TargetBranch("main", "release-*"))
func OnEvent(names ...string) *AnnotatedEvent {
	e := &AnnotatedEvent{event{lists: map[string][]string{}}}
	e.list("OnEvent", "on-event", names)
	for _, n := range names {
		switch n {
		case "push":
			e.event.kind |= push
		case "pull_request":
			e.event.kind |= pullRequest
		case "incoming":
			e.event.kind |= incoming
		default:
			e.event.fault(callsite.Here(), "pac-event-invalid", quoted(handle.Strip(n))+" is not an event that on-event selects", "use push, pull_request or incoming")
		}
	}
	return e
}

// TargetBranch selects events by the branch into which a pull request is merged, or that was
// pushed (annotation on-target-branch).
func (e *AnnotatedEvent) TargetBranch(globs ...string) *AnnotatedEvent {
	return e.list("TargetBranch", "on-target-branch", globs)
}

// PathChange selects events that change a file matching one of the patterns (annotation
// on-path-change).
func (e *AnnotatedEvent) PathChange(globs ...string) *AnnotatedEvent {
	return e.list("PathChange", "on-path-change", globs)
}

// PathChangeIgnore leaves out events that change a file matching one of the patterns
// (annotation on-path-change-ignore). One such file among others suffices.
func (e *AnnotatedEvent) PathChangeIgnore(globs ...string) *AnnotatedEvent {
	return e.list("PathChangeIgnore", "on-path-change-ignore", globs)
}

// Label selects pull requests that have one of the labels (annotation on-label).
func (e *AnnotatedEvent) Label(names ...string) *AnnotatedEvent {
	return e.list("Label", "on-label", names)
}

// list adds the items of one call of a method to the list of an annotation.
func (e *AnnotatedEvent) list(method, key string, items []string) *AnnotatedEvent {
	if e == nil || e.event.lists == nil {
		return e
	}
	if message, help := wrongList(method, items); message != "" {
		e.event.fault(callsite.Here(), "filter-invalid", message, help)
		return e
	}
	e.event.lists[key] = append(e.event.lists[key], items...)
	return e
}

// wrongList returns what is wrong with the items of a list in an annotation, "" if nothing is.
func wrongList(method string, items []string) (message, help string) {
	if len(items) == 0 {
		return method + " has no arguments, and an empty list in an annotation keeps all runs of the folder from starting", "add at least one, or remove " + method
	}
	for _, item := range items {
		switch {
		case !handle.Plain(item):
			return "item " + quoted(handle.Strip(item)) + " of " + method + " contains a handle", "write it as plain text"
		case item == "" || strings.TrimSpace(item) != item || strings.ContainsFunc(item, func(r rune) bool { return r < ' ' || r == 0x7f }) || strings.Contains(item, "&#44;"):
			return "item " + quoted(item) + " of " + method + " cannot be written in an annotation", "write it without blanks at its ends and control characters"
		}
	}
	return "", ""
}

func (e *AnnotatedEvent) describe() *event {
	if e == nil {
		return nil
	}
	return &e.event
}

// written adds the annotations of an AnnotatedEvent.
func (l *lowering) written(e *placedEvent, set func(at callsite.Place, key, value string)) {
	if len(e.lists["on-target-branch"]) == 0 {
		l.fail(e.at, "filter-invalid", "OnEvent has no TargetBranch, without which Pipelines-as-Code ignores on-event", `add TargetBranch: "*" matches all branches`)
	}
	for _, key := range sortedKeys(e.lists) {
		set(e.at, key, list(e.lists[key]))
	}
}
