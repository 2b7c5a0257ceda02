package check

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/namedpath"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Accepted is a known finding that is not reported. It is listed in a [Profile].
type Accepted = rule.Accepted

// accepted are the known findings of a profile, in one check.
type accepted struct {
	list  []Accepted
	at    map[acceptedPlace][]int // the entries of each place that have a reason
	used  map[acceptedPlace]bool  // the places of the entries that accept a finding
	codes []string                // of all rules
}

// acceptedPlace is what an entry says about findings.
type acceptedPlace struct {
	code    string
	object  diag.ObjectRef
	path    string
	subject string
}

func newAccepted(list []Accepted, codes []string, entries []*facts.Entry) *accepted {
	x := &accepted{list: list, at: map[acceptedPlace][]int{}, used: map[acceptedPlace]bool{}, codes: codes}
	type named struct{ kind, name string }
	byName := map[named][]int{} // the entries whose paths have names, by object
	for i := range list {
		a := &list[i]
		switch {
		case a.Reason == "":
		case namedpath.Named(a.Path):
			of := named{a.Object.Kind, a.Object.Name}
			byName[of] = append(byName[of], i)
		default:
			x.at[placeOf(a)] = append(x.at[placeOf(a)], i)
		}
	}
	if len(byName) == 0 {
		return x
	}
	for _, e := range entries {
		some := byName[named{e.Ref.Kind, e.Ref.Name}]
		if len(some) == 0 || e.Within != nil {
			continue
		}
		tree := namedpath.Tree(e.Object.Object)
		for _, i := range some {
			for _, p := range namedpath.Paths(tree, list[i].Path) {
				place := placeOf(&list[i])
				place.path = p.String()
				if of := x.at[place]; !slices.Contains(of[max(0, len(of)-1):], i) {
					x.at[place] = append(of, i)
				}
			}
		}
	}
	return x
}

func placeOf(a *Accepted) acceptedPlace { return acceptedPlace{a.Code, a.Object, a.Path, a.Subject} }

// reason returns why a finding is accepted, "" if it is not. It looks for the places that
// [Accepted.Matches] accepts, because there may be many entries and many findings.
func (x *accepted) reason(f diag.Finding) string {
	if len(x.at) == 0 {
		return ""
	}
	first := len(x.list)
	path := f.Path.String()
	objects := []diag.ObjectRef{f.Object}
	if f.Object.APIVersion != "" {
		o := f.Object
		o.APIVersion = ""
		objects = append(objects, o)
	}
	if f.Object.Namespace != "" {
		for _, o := range objects {
			o.Namespace = ""
			objects = append(objects, o)
		}
	}
	for _, o := range objects {
		for end := 0; end <= len(path); end++ {
			if end != 0 && end != len(path) && path[end] != '.' && path[end] != '[' {
				continue
			}
			place := acceptedPlace{f.Code, o, path[:end], ""}
			x.use(place, &first)
			if place.subject = f.Subject; f.Subject != "" {
				x.use(place, &first)
			}
		}
	}
	if first == len(x.list) {
		return ""
	}
	return x.list[first].Reason
}

// use marks the entries of a place as used, and sets the first one.
func (x *accepted) use(place acceptedPlace, first *int) {
	for _, i := range x.at[place] {
		x.used[placeOf(&x.list[i])] = true
		*first = min(*first, i)
	}
}

// faulty returns the findings about entries that accept nothing. The rules that have looked
// at all objects are applied.
func (x *accepted) faulty(profile *Profile, applied []*rule.Rule) diag.Findings {
	var out diag.Findings
	report := func(a *Accepted, code, message, help string) {
		i := slices.IndexFunc(applied, func(r *rule.Rule) bool { return r != nil && r.Code == code })
		if i < 0 || !profile.Applies(applied[i]) {
			return
		}
		f := diag.Finding{Code: code, Severity: applied[i].Severity, Object: a.Object, Message: message, Help: help, Subject: a.Code}
		f.Severity = profile.SeverityOf(f)
		out = append(out, f)
	}
	for i := range x.list {
		a := &x.list[i]
		what := "the accepted finding " + phrase.Quote(a.Code) + " of " + a.Object.String()
		if a.Path != "" {
			what += " at " + a.Path
		}
		of := slices.IndexFunc(applied, func(r *rule.Rule) bool { return r != nil && r.Code == a.Code })
		switch {
		case !slices.Contains(x.codes, a.Code):
			report(a, "suppression-unknown", what+" names no rule, so it accepts nothing",
				phrase.Suggest(a.Code, x.codes, `run "tekwright rules" to list all rules`))
		case a.Reason == "":
			report(a, "suppression-reason", what+" has no reason, so it accepts nothing", "set Reason")
		case !x.used[placeOf(a)] && of >= 0 && profile.Applies(applied[of]):
			report(a, "suppression-unused", what+" does not exist, so it accepts nothing", "remove it from the accepted findings")
		}
	}
	return out
}
