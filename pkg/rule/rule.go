package rule

import (
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Rule checks objects for one kind of mistake.
type Rule struct {
	// Code is the stable kebab-case name, such as "param-missing": a noun and
	// what is wrong with it.
	Code string
	// Severity is the severity of the rule's findings; if it is not set, error.
	// A rule may report some findings with a lower severity, and the field
	// Severities of the [Profile] overrides both.
	Severity diag.Severity
	// Persona is for whom the rule is. A rule for pedants or auditors applies only
	// if the [Profile] asks for it, or sets a severity for its code. Empty means
	// [Regular].
	Persona Persona
	// Topic is the subject area of the rule, such as "params".
	Topic string
	// Text is the documentation of the rule in Markdown: a title "# code: summary",
	// an optional line "Profile: {...}", what happens in a cluster and what to do
	// about it, and fenced YAML below "## Bad" and "## Good". See [Rule.Doc].
	Text string

	// Kinds lists the kinds of objects that the rule checks, such as "Task". An
	// object that a TriggerTemplate creates is checked as an object of its own
	// kind. Nil means every object.
	Kinds []string
	// Needs lists the groups of facts that the rule uses, about other objects or
	// about an object as a whole.
	Needs []Fact
	// Supersedes lists the codes of findings that follow from a finding of this
	// rule. They are dropped if they are in the same object and have the same
	// path or the same subject.
	Supersedes []string

	// Run checks one object. It may report any number of findings. It must not
	// modify anything that it reaches through the [Pass]. Several goroutines may
	// call it, each with its own Pass.
	Run func(*Pass)
}

// Persona is who reads the findings. Each persona is also shown what those before it
// are shown.
type Persona string

// The personas.
const (
	// Regular wants to know what is wrong, and what is risky.
	Regular Persona = "regular"
	// Pedantic also wants advice: what works, but could be better.
	Pedantic Persona = "pedantic"
	// Auditor reviews the security of a system, and wants to see what is usually
	// meant: roles that no run of the set uses, images without a digest.
	Auditor Persona = "auditor"
)

// Personas lists the names of the personas, from the one that is shown least.
func Personas() []string { return []string{string(Regular), string(Pedantic), string(Auditor)} }

// SuppressPrefix is the prefix of the annotations with which an object suppresses
// rules. The code of the rule follows the prefix; the value is the reason, which
// must not be empty:
//
//	check.tekwright.dev/input-in-script: only the release team starts this
//
// The annotation applies to all findings in the object. It is not an error if it
// suppresses nothing, since findings may depend on other objects.
const SuppressPrefix = facts.SuppressPrefix

// ConcurrentAnnotation is the annotation of a Task, or of the metadata of a taskSpec,
// that lists the workspaces which the Task may write to while other tasks do, separated
// by commas. The rule workspace-unordered does not report these.
//
//	metadata:
//	  annotations:
//	    tekwright.dev/concurrent: cache
const ConcurrentAnnotation = facts.ConcurrentAnnotation

// Fact is the name of a group of facts.
type Fact = facts.Fact

// The groups of facts that a rule can need.
const (
	Objects    = facts.Objects     // the other objects of the set, by kind and name
	Params     = facts.Params      // declared params, and where they are used
	Variables  = facts.Variables   // every $(...), and what it refers to
	Results    = facts.Results     // declared results, and where they are written and used
	Workspaces = facts.Workspaces  // declared workspaces, and where they are bound and used
	Order      = facts.Order       // which task runs after which, and which can be skipped
	Passing    = facts.PassingFact // the values that are passed to declared params
	Scripts    = facts.Scripts     // the words of scripts and command lines
	RBAC       = facts.RBAC        // the permissions of service accounts
	Events     = facts.Events      // which events reach which template
)

// Kinds of objects, by the specs that they contain.
var (
	// TaskSpecKinds lists the kinds whose objects contain Task specs, which
	// p.Entry.TaskSpecs returns.
	TaskSpecKinds = []string{"Task", "StepAction", "Pipeline", "PipelineRun", "TaskRun"}
	// PipelineSpecKinds lists the kinds whose objects contain pipeline specs,
	// which p.Entry.PipelineSpecs returns.
	PipelineSpecKinds = []string{"Pipeline", "PipelineRun"}
)

// Doc is the documentation of a rule.
type Doc struct {
	// Summary is one sentence in lower case, without a full stop.
	Summary string
	// Text explains what happens in a cluster and what to do, in Markdown.
	Text string
	// Bad is YAML that the rule reports, and Good is YAML that it does not.
	Bad, Good string
	// Profile is the profile under which the rule reports Bad, in the format of
	// check.ReadProfile. It is "" for the zero Profile.
	Profile string
}

// Doc parses the Text of the rule. Parts that are missing are empty.
func (r *Rule) Doc() Doc {
	var d Doc
	if r == nil {
		return d
	}
	title, rest, _ := strings.Cut(r.Text, "\n")
	_, d.Summary, _ = strings.Cut(strings.TrimPrefix(title, "# "), ": ")
	rest = strings.TrimLeft(rest, "\n")
	if line, after, _ := strings.Cut(rest, "\n"); strings.HasPrefix(line, "Profile: ") {
		d.Profile, rest = strings.TrimPrefix(line, "Profile: "), after
	}
	doc, examples, _ := strings.Cut(rest, "\n## Bad\n")
	bad, good, _ := strings.Cut(examples, "\n## Good\n")
	d.Text, d.Bad, d.Good = strings.TrimSpace(doc), fenced(bad), fenced(good)
	return d
}

// fenced returns the content of the first fenced YAML block.
func fenced(s string) string {
	_, s, _ = strings.Cut(s, "```yaml\n")
	s, _, _ = strings.Cut(s, "```")
	return s
}
