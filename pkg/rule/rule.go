package rule

import (
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Rule is one thing that is looked for.
type Rule struct {
	// Code is the stable kebab-case name: noun and fault, "param-missing".
	Code string
	// Severity is the one of its findings unless [Profile].Severities says
	// otherwise; error if it is not set. Some rules find less severe things as well.
	Severity diag.Severity
	// Topic is what the rule is about: "params".
	Topic string
	// Text is the documentation of the rule in Markdown: a title "# code: summary",
	// perhaps a line "Profile: {...}", what happens in a cluster and what to do, and
	// YAML in fences below "## Bad" and "## Good". See [Rule.Doc].
	Text string

	// Kinds are the kinds of objects that the rule looks at, such as "Task". An
	// object that a TriggerTemplate creates is looked at as an object of its own
	// kind. Nil means every object.
	Kinds []string
	// Needs are the groups of facts about other objects, or about the whole of this
	// one, that the rule asks for.
	Needs []Fact
	// Supersedes are the codes whose findings follow from a finding of this rule:
	// they are dropped where they are about the same object, and have the same path
	// or the same subject.
	Supersedes []string

	// Run looks at one object. It may report any number of findings, must change
	// nothing that the [Pass] leads to, and may be called by several goroutines,
	// each with a Pass of its own.
	Run func(*Pass)
}

// SuppressPrefix is the prefix of the annotations by which an object suppresses rules for
// itself. The name is the code, the value the reason, which must not be empty:
//
//	check.tekwright.dev/input-in-script: only the release team starts this
//
// It holds for all findings in the object. One that suppresses nothing is fine:
// what it excuses may depend on the other objects.
const SuppressPrefix = facts.SuppressPrefix

// Fact names a group of facts.
type Fact = facts.Fact

// The groups of facts that a rule can need.
const (
	Objects    = facts.Objects     // the other objects of the set, by kind and name
	Params     = facts.Params      // declared params, and what reads them
	Variables  = facts.Variables   // every $(...), and what it stands for
	Results    = facts.Results     // declared results, who writes and who reads them
	Workspaces = facts.Workspaces  // declared workspaces, who binds and who uses them
	Order      = facts.Order       // which task runs after which, and what can be skipped
	Passing    = facts.PassingFact // the values that are handed to declared params
	Scripts    = facts.Scripts     // the words of scripts and command lines
	RBAC       = facts.RBAC        // which account may do what
	Events     = facts.Events      // which events reach which template
)

// Kinds of objects in which certain specs stand.
var (
	// TaskSpecKinds are the kinds whose objects have Task specs:
	// p.Entry.TaskSpecs.
	TaskSpecKinds = []string{"Task", "StepAction", "Pipeline", "PipelineRun", "TaskRun"}
	// PipelineSpecKinds are the kinds whose objects have pipeline specs:
	// p.Entry.PipelineSpecs.
	PipelineSpecKinds = []string{"Pipeline", "PipelineRun"}
)

// Doc is what a rule says of itself.
type Doc struct {
	// Summary is one sentence, lower case, without a full stop.
	Summary string
	// Text says what happens in a cluster and what to do, in Markdown.
	Text string
	// Bad and Good are YAML that the rule reports, and that it does not.
	Bad, Good string
	// Profile is the one under which Bad is reported, in the form that
	// check.ReadProfile reads; "" for the zero Profile.
	Profile string
}

// Doc reads the Text of the rule. What is missing there stays empty.
func (r *Rule) Doc() Doc {
	var d Doc
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

// fenced is what stands in a fence of Markdown.
func fenced(s string) string {
	_, s, _ = strings.Cut(s, "```yaml\n")
	s, _, _ = strings.Cut(s, "```")
	return s
}
