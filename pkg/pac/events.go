package pac

import (
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// PullRequestEvent is a pull request or a merge request that was opened or reopened, or
// has new commits, and the commands /test and /retest in its comments. Who may start runs
// by one is decided by Pipelines-as-Code: see [v1alpha1.Policy].
type PullRequestEvent struct{ event event }

// PullRequest returns the event of a pull request or a merge request.
func PullRequest() *PullRequestEvent { return &PullRequestEvent{event{kind: pullRequest}} }

// Targets selects pull requests by the branch into which they are merged. In patterns
// such as "release/*", * matches any characters except a slash, and ** any characters. If
// it is called more than once, the patterns add up.
func (p *PullRequestEvent) Targets(globs ...string) *PullRequestEvent {
	if p != nil {
		p.event.add(callsite.Here(), "Targets", &p.event.branches, globs, false)
	}
	return p
}

// Paths selects pull requests that change a file matching one of the patterns, such as
// "services/cart/**" or "**/*.go". Bitbucket Cloud does not list the changed files, so
// nothing matches there.
func (p *PullRequestEvent) Paths(globs ...string) *PullRequestEvent {
	if p != nil {
		p.event.add(callsite.Here(), "Paths", &p.event.paths, globs, true)
	}
	return p
}

// IgnorePaths leaves out the files that match one of the patterns, such as "**.md": a pull
// request that changes no other file does not start the run. Unlike for the annotation
// on-path-change-ignore, one such file among others does not stop it.
func (p *PullRequestEvent) IgnorePaths(globs ...string) *PullRequestEvent {
	if p != nil {
		p.event.add(callsite.Here(), "IgnorePaths", &p.event.ignored, globs, true)
	}
	return p
}

// Labels selects pull requests that have one of the labels. The run then starts when the
// label is added, and for each later push. Without Labels, adding a label starts nothing.
//
// Pipelines-as-Code compares labels only in an annotation that cannot be joined to a CEL
// expression. So Labels cannot be used with IgnorePaths, Filter or another event of the
// run, and * in its patterns has to be **.
func (p *PullRequestEvent) Labels(names ...string) *PullRequestEvent {
	if p == nil {
		return p
	}
	at := callsite.Here()
	if len(names) == 0 {
		p.event.fault(at, "filter-empty", "Labels has no arguments, so no event can pass", "add at least one, or remove Labels")
	}
	for _, n := range names {
		switch {
		case !handle.Plain(n):
			p.event.fault(at, "handle-misplaced", "label "+quoted(n)+" contains a handle", "write it as plain text")
		case strings.TrimSpace(n) != n || n == "" || strings.ContainsAny(n, "[]\n\r") || strings.Contains(n, "{{") || strings.Contains(n, "&#44;"):
			p.event.fault(at, "filter-invalid", "label "+quoted(n)+" cannot be written in an annotation", "use a label without brackets, braces, line breaks, and blanks at its ends")
		default:
			p.event.labels = append(p.event.labels, n)
		}
	}
	return p
}

// Filter selects pull requests for which a CEL expression is true, such as
// "!body.pull_request.draft". The variables are those of on-cel-expression: event,
// event_type, event_title, target_branch, source_branch, target_url, source_url, body,
// headers, files, and the params of the Repository. If the payload lacks a field body.NAME
// that the expression reads, the run does not start. The payload of a comment on GitHub has
// no body.pull_request: to start the run by /test nevertheless, write
// "!has(body.pull_request) || !body.pull_request.draft".
func (p *PullRequestEvent) Filter(cel string) *PullRequestEvent {
	if p != nil {
		p.event.where(callsite.Here(), cel)
	}
	return p
}

func (p *PullRequestEvent) describe() *event {
	if p == nil {
		return nil
	}
	return &p.event
}

// PushEvent is a push of commits to a branch. Pushed tags do not count as pushes.
type PushEvent struct{ event event }

// Push returns the event of a push to a branch. On GitHub, a push of a commit that is in an
// open pull request starts nothing, unless Pipelines-as-Code is configured otherwise.
func Push() *PushEvent { return &PushEvent{event{kind: push}} }

// Branches selects pushes by branch, with patterns as in [PullRequestEvent.Targets].
func (p *PushEvent) Branches(globs ...string) *PushEvent {
	if p != nil {
		p.event.add(callsite.Here(), "Branches", &p.event.branches, globs, false)
	}
	return p
}

// Paths selects pushes that change a file matching one of the patterns, as in
// [PullRequestEvent.Paths]. On GitHub and GitLab, only the files of the last commit are
// compared: a push of several commits may start nothing although an earlier one matches.
func (p *PushEvent) Paths(globs ...string) *PushEvent {
	if p != nil {
		p.event.add(callsite.Here(), "Paths", &p.event.paths, globs, true)
	}
	return p
}

// IgnorePaths leaves out files, as in [PullRequestEvent.IgnorePaths].
func (p *PushEvent) IgnorePaths(globs ...string) *PushEvent {
	if p != nil {
		p.event.add(callsite.Here(), "IgnorePaths", &p.event.ignored, globs, true)
	}
	return p
}

// Filter selects pushes for which a CEL expression is true, as in
// [PullRequestEvent.Filter].
func (p *PushEvent) Filter(cel string) *PushEvent {
	if p != nil {
		p.event.where(callsite.Here(), cel)
	}
	return p
}

func (p *PushEvent) describe() *event {
	if p == nil {
		return nil
	}
	return &p.event
}

// TagEvent is a pushed tag.
type TagEvent struct{ event event }

// Tag returns the event of a pushed tag, with patterns for its name as in
// [PullRequestEvent.Targets]: Tag("v*"). Without patterns, any tag starts the run.
func Tag(globs ...string) *TagEvent {
	t := &TagEvent{event{kind: tag}}
	if len(globs) > 0 {
		t.event.add(callsite.Here(), "Tag", &t.event.branches, globs, false)
	}
	return t
}

// Filter selects tags for which a CEL expression is true, as in [PullRequestEvent.Filter].
func (t *TagEvent) Filter(cel string) *TagEvent {
	if t != nil {
		t.event.where(callsite.Here(), cel)
	}
	return t
}

func (t *TagEvent) describe() *event {
	if t == nil {
		return nil
	}
	return &t.event
}

// CommentEvent is a new comment on a pull request.
type CommentEvent struct{ event event }

// commands are the comments that Pipelines-as-Code itself understands.
var commands = []string{"/test", "/retest", "/test x", "/retest x", "/ok-to-test", "/cancel", "/cancel x"}

// Comment returns the event of a new comment on a pull request that contains a match of the
// regular expression (RE2 syntax), such as `^/deploy\b`. Blanks around the comment do not
// count. Bitbucket sends only the commands of Pipelines-as-Code. An expression that matches
// such a command, /test for example, would keep the other runs of the folder from starting,
// and one that matches the empty text would match every event; both are errors.
func Comment(expression string) *CommentEvent {
	c := &CommentEvent{event{kind: comment}}
	at := callsite.Here()
	if !handle.Plain(expression) {
		c.event.fault(at, "handle-misplaced", "the expression of Comment contains a handle: "+quoted(expression), "write it as plain text")
		return c
	}
	re, err := regexp.Compile(expression)
	switch {
	case err != nil:
		c.event.fault(at, "filter-invalid", quoted(expression)+" is not a valid regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "),
			"use the syntax of Go's regexp package")
		return c
	case strings.Contains(expression, "{{"):
		c.event.fault(at, "filter-invalid", quoted(expression)+" contains {{, which begins a variable", "write [{]{1} for a brace")
		return c
	case re.MatchString(""):
		c.event.fault(at, "filter-invalid", quoted(expression)+" matches the empty text, and so every event that is no comment", "write an expression that a comment must match, such as `^/deploy`")
		return c
	}
	for _, command := range commands {
		if re.MatchString(command) {
			c.event.fault(at, "filter-invalid", quoted(expression)+" matches "+quoted(command)+", a command of Pipelines-as-Code: the other runs of the folder would no longer start by it", "write an expression that does not match it")
			return c
		}
	}
	c.event.pattern = expression
	return c
}

func (c *CommentEvent) describe() *event {
	if c == nil {
		return nil
	}
	return &c.event
}

// IncomingEvent is a call of the URL /incoming of Pipelines-as-Code that has the name of the
// run.
type IncomingEvent struct{ event event }

// Incoming returns the event of a call of the URL /incoming with the name of the run. Such a
// call can start every run of the folder. Which branches and params it may have is set in
// the Repository, with [Repository.Incoming].
func Incoming() *IncomingEvent { return &IncomingEvent{event{kind: incoming}} }

func (i *IncomingEvent) describe() *event {
	if i == nil {
		return nil
	}
	return &i.event
}

// CELEvent is any event for which a CEL expression is true.
type CELEvent struct{ event event }

// CEL returns the event for which an expression is true (annotation on-cel-expression). The
// variables are those of [PullRequestEvent.Filter]. The expression must compare event, which
// is "push" or "pull_request", so that it is known which events start the run.
func CEL(expression string) *CELEvent {
	c := &CELEvent{event{kind: custom}}
	c.event.where(callsite.Here(), expression)
	return c
}

func (c *CELEvent) describe() *event {
	if c == nil {
		return nil
	}
	return &c.event
}
