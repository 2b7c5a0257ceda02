// Package rule defines the type [Rule]: a code, the kinds of objects that the
// rule looks at, its documentation, and a function that checks one object. The
// rules of tekwright and your own rules have the same type and the same powers.
//
// A rule reports what it finds at a place of an object:
//
//	team := &rule.Rule{Code: "team-missing", Severity: diag.Warning, Kinds: []string{"Task", "Pipeline"}}
//	team.Run = func(p *rule.Pass) {
//		if p.Entry.Labels()["team"] == "" {
//			p.Report(p.At("metadata"), p.Entry.Label()+" has no label team", "add the name of your team")
//		}
//	}
//
// Rules of your own are a part of the profile:
//
//	findings, err := check.Run(ctx, objects, check.Profile{Rules: []*rule.Rule{team}})
//
// A finding can have a fix:
//
//	latest := &rule.Rule{Code: "image-latest", Severity: diag.Error, Kinds: []string{"StepAction"}, Run: func(p *rule.Pass) {
//		at := p.At("spec", "image")
//		p.Report(at, "the image is always the newest one", "set a version").Fix("set version 3", false, rule.Replace(at, ":latest", ":3"))
//	}}
//
// # Facts
//
// A rule only reports. What more than one rule needs to know (what is declared
// and where it is used, what a task runs, which task runs after which) is a fact.
// Rules get facts from the [Pass]: p.Entry is the object, and p.Set is all
// objects. The field Needs lists the groups of facts that a rule uses.
//
// # One mistake, one finding
//
// Rules are independent of each other, and the order in which they run does not
// matter. If two rules would report the same mistake, the one that explains it
// best lists the other in Supersedes. Findings of the other rule at the same
// place, or about the same subject, are then dropped. If one rule finds a mistake
// in many places, it reports one finding with related places: see [Pass.Again].
package rule
