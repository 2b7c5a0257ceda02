package pacmatch

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// The types of events that comments cause, as event_type has them.
const (
	typeIdle      = "no-ops-comment"
	typeTestAll   = "test-all-comment"
	typeTest      = "test-comment"
	typeRetestAll = "retest-all-comment"
	typeRetest    = "retest-comment"
	typeOnComment = "on-comment"
	typeCancelAll = "cancel-all-comment"
	typeCancel    = "cancel-comment"
	typeOkToTest  = "ok-to-test-comment"
)

// isCommand reports whether a type of events is that of a command, or on-comment.
func isCommand(eventType string) bool {
	switch eventType {
	case typeTest, typeTestAll, typeRetest, typeRetestAll, typeCancel, typeCancelAll, typeOkToTest, typeOnComment:
		return true
	}
	return false
}

// commands are the commands behind a prefix, which is a slash, or a slash, the
// gitops_command_prefix of the Repository, and a blank.
type commands struct {
	prefix string    // as a regular expression
	all    []command // the first that a comment has determines the type of the event
}

// A command is the expression of a command, and the type of the events that it causes.
type command struct {
	eventType  string
	expression *regexp.Regexp
}

// slash are the commands without a prefix of the Repository.
var slash = newCommands("/")

func newCommands(prefix string) commands {
	c := func(eventType, expression string) command {
		return command{eventType, regexp.MustCompile(expression)}
	}
	return commands{prefix, []command{
		c(typeRetestAll, `(?m)^\s*`+prefix+`retest\s*$`),
		c(typeRetest, `(?m)^\s*`+prefix+`retest[ \t]+\S+`),
		c(typeTestAll, `(?m)^\s*`+prefix+`test\s*$`),
		c(typeTest, `(?m)^\s*`+prefix+`test[ \t]+\S+`),
		c(typeOkToTest, `(^|\n)\s*`+prefix+`ok-to-test(?:\s+([a-fA-F0-9]{7,40}))?\s*(\r\n|\r|\n|$)`),
		c(typeCancelAll, `(?m)^\s*`+prefix+`cancel\s*$`),
		c(typeCancel, `(?m)^\s*`+prefix+`cancel[ \t]+\S+`),
	}}
}

// commandsOf returns the commands for a Repository.
func commandsOf(r *v1alpha1.Repository) commands {
	if r == nil || r.Spec.Settings == nil || r.Spec.Settings.GitOpsCommandPrefix == "" {
		return slash
	}
	return newCommands("/" + regexp.QuoteMeta(r.Spec.Settings.GitOpsCommandPrefix) + " ")
}

// eventType returns the type of the event that a comment causes.
func (c commands) eventType(comment string) string {
	for _, one := range c.all {
		if one.expression.MatchString(comment) {
			return one.eventType
		}
	}
	return typeIdle
}

// has reports whether a comment has a command that causes events of one of the types.
func (c commands) has(comment string, eventTypes ...string) bool {
	return slices.ContainsFunc(c.all, func(one command) bool {
		return slices.Contains(eventTypes, one.eventType) && one.expression.MatchString(comment)
	})
}

func (c commands) isTest(comment string) bool {
	return c.has(comment, typeTest, typeTestAll, typeRetest, typeRetestAll)
}

func (c commands) isCancel(comment string) bool {
	return c.has(comment, typeCancel, typeCancelAll)
}

// apply sets the parts of an event that its comment determines.
func (c commands) apply(e *Event, comment string) {
	e.EventType, e.TriggerComment = c.eventType(comment), comment
	// The prefix is compared as text although it is a regular expression, as
	// Pipelines-as-Code does.
	switch e.EventType {
	case typeRetest:
		e.TargetTest = nameAfter(c.prefix+"retest", strings.TrimSpace(comment))
	case typeTest:
		e.TargetTest = nameAfter(c.prefix+"test", strings.TrimSpace(comment))
	case typeCancelAll, typeCancel:
		e.Cancel = true
	}
	if e.EventType == typeCancel {
		e.TargetCancel = nameAfter(c.prefix+"cancel", strings.TrimSpace(comment))
	}
}

// nameAfter returns the word after a command, "" if there is none or if it has a =.
func nameAfter(command, comment string) string {
	parts := strings.Split(comment, command)
	if len(parts) < 2 {
		return ""
	}
	line, _, _ := strings.Cut(parts[1], "\n")
	words := strings.Split(line, " ")
	if len(words) < 2 {
		return ""
	}
	name := strings.TrimSpace(words[1])
	if strings.Contains(name, "=") {
		return ""
	}
	return name
}

// Commands of providers that do not look for blanks in front of a command.
var (
	strictTestAll   = regexp.MustCompile(`(?m)^(/retest|/test)\s*$`)
	strictTest      = regexp.MustCompile(`(?m)^(/test|/retest)[ \t]+\S+`)
	strictOkToTest  = regexp.MustCompile(`(?m)^/ok-to-test\s*$`)
	strictCancelAll = regexp.MustCompile(`(?m)^(/cancel)\s*$`)
	strictCancel    = regexp.MustCompile(`(?m)^(/cancel)[ \t]+\S+`)
)

func strictIsTest(comment string) bool {
	return strictTest.MatchString(comment) || strictTestAll.MatchString(comment)
}
func strictIsOkToTest(comment string) bool { return strictOkToTest.MatchString(comment) }
func strictIsCancel(comment string) bool {
	return strictCancelAll.MatchString(comment) || strictCancel.MatchString(comment)
}
func strictIsCommand(comment string) bool {
	return strictIsTest(comment) || strictIsOkToTest(comment) || strictIsCancel(comment)
}

// onCommit sets the parts of an event that a comment on a commit determines: the name of
// a run, a branch or a tag behind the command. The result branch is "" for the default
// branch.
func (c commands) onCommit(e *Event, comment string) (branch, tag string, err error) {
	var command string
	switch {
	case c.isCancel(comment):
		command = c.prefix + "cancel"
	case e.EventType == typeTest || e.EventType == typeTestAll:
		command = c.prefix + "test"
	default:
		command = c.prefix + "retest"
	}
	if !c.isTest(comment) && !c.isCancel(comment) {
		return "", "", nil
	}
	_, rest, found := strings.Cut(comment, command)
	if !found {
		return "", "", errNoCommand
	}
	var name string
	if before, _, hasColon := strings.Cut(rest, ":"); hasColon {
		isTag := strings.Contains(rest, "tag:")
		if !isTag && !strings.Contains(rest, "branch:") {
			return "", "", errNoBranch
		}
		if isTag {
			tag = wordAfter(tagWord, rest)
		} else {
			branch = wordAfter(branchWord, rest)
		}
		if words := strings.Split(strings.TrimSpace(before), " "); len(words) > 1 {
			name = strings.TrimSpace(words[0])
		}
	} else {
		line, _, _ := strings.Cut(rest, "\n")
		name, _, _ = strings.Cut(strings.TrimSpace(line), " ")
	}
	if strings.Contains(name, "=") {
		name = ""
	}
	if c.isTest(comment) {
		e.TargetTest = name
	}
	if c.isCancel(comment) {
		e.Cancel, e.TargetCancel = true, name
	}
	return branch, tag, nil
}

var (
	tagWord    = regexp.MustCompile(`tag:\s*(\S+)`)
	branchWord = regexp.MustCompile(`branch:\s*(\S+)`)
)

func wordAfter(re *regexp.Regexp, text string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// arguments matches the arguments of a command: key=value and key="some words".
var arguments = regexp.MustCompile(`(\w+)=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^"'\s]+))`)

// argumentsOf returns the arguments in a comment that begins with a slash.
func argumentsOf(comment string) map[string]string {
	if !strings.HasPrefix(comment, "/") {
		return nil
	}
	out := map[string]string{}
	for _, m := range arguments.FindAllStringSubmatch(comment, -1) {
		if m[2] != "" {
			out[m[1]] = strings.ReplaceAll(m[2], `\"`, `"`)
		} else {
			out[m[1]] = m[3]
		}
	}
	return out
}

// skipped matches the words in a commit message that skip the event.
var skipped = regexp.MustCompile(`\[(skip ci|ci skip|skip tkn|tkn skip)\]`)
