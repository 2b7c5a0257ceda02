// Package rule says what a rule is: one value with a code, what it is about, its
// documentation, and a function that looks at an object. The rules of tekwright
// and rules of your own are the same type, with the same powers.
//
//	var Team = &rule.Rule{
//		Code:     "team-missing",
//		Severity: diag.Warning,
//		Kinds:    []string{"Task", "Pipeline"},
//		Run: func(p *rule.Pass) {
//			if p.Entry.Labels()["team"] == "" {
//				p.Report(p.At("metadata"), p.Entry.Label()+" has no label team", "Add the name of your team.")
//			}
//		},
//	}
//
// Rules are given to check.Run in a [Profile].
//
// # Facts
//
// A rule reports, and computes nothing that another rule needs as well. What is
// true of the set (what is declared and who uses it, what a task runs, what runs
// after what) are facts, which the [Pass] leads to: p.Entry is the object, and
// p.Set are all of them. A rule names the groups of facts that it asks for in
// Needs.
//
// # One mistake, one finding
//
// Rules do not know of each other, and the order in which they run does not
// matter. Where one mistake would be found by two rules, the one that says best
// what is wrong names the other in Supersedes, and the findings of the other at
// the same place, or about the same subject, are dropped. A mistake that one rule
// finds in many places is one finding with further places: see [Pass.Again].
package rule
