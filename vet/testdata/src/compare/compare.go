package compare

import (
	"cmp"
	"slices"

	"github.com/tekwright/tekwright/pkg/builder"
)

type Deploy struct {
	Ref       builder.String
	Flags     builder.Array
	Source    builder.Workspace
	Arguments builder.TaskString
}

func bad(d Deploy, other builder.String, p *builder.Pipeline, t *builder.Task) {
	repo := p.Param("repo")
	if repo == "main" { // want `repo == "main" compares a variable, not the value that repo has in a run; use When with repo.In\("main"\)`
	}
	if "main" != d.Ref { // want `use When with d.Ref.NotIn\("main"\)`
	}
	if d.Ref == other { // want `use When with d.Ref.In\(other\)`
	}
	if d.Ref < "v2" { // want `d.Ref < "v2" compares a variable, .*; pass it to a step through Env`
	}
	if string(d.Ref) == "main" { // want `string\(d.Ref\) == "main" compares .*the value that d.Ref has`
	}
	if s := string(d.Ref); s == "main" { // want `s == "main" compares`
	}
	if d.Ref+"/x" == "main/x" { // want `compares a variable`
	}
	if name := t.Param("name", d.Ref); name == "x" { // want `use Step.When with name.In\("x"\)`
	}
	switch d.Ref {
	case "":
	case "main": // want `switch d.Ref compares a variable.*use When with d.Ref.In\("main"\)`
	case "dev":
	}
	switch {
	case d.Ref == "main": // want `compares a variable`
	}
	if d.Source == p2 { // want `d.Source == p2 compares .*; use IsSet to find out whether it was given`
	}
	if d.Flags != flags { // want `compares a variable`
	}
	seen := map[builder.String]bool{}
	seen[d.Ref] = true                                          // want `the map key d.Ref is a variable`
	_ = map[string]int{string(d.Ref): 1}                        // want `the map key d.Ref is a variable`
	delete(seen, d.Ref)                                         // want `the map key d.Ref is a variable`
	_ = slices.Contains([]builder.String{"a"}, d.Ref)           // want `slices.Contains compares a variable`
	_ = slices.Contains([]builder.String{d.Ref, other}, "main") // want `slices.Contains compares variables`
	_ = cmp.Compare(d.Ref, other)                               // want `cmp.Compare compares a variable`
	_ = max(d.Ref, other)                                       // want `max compares a variable`
}

var (
	p2    builder.Workspace
	flags builder.Array
)

func good(d Deploy, p *builder.Pipeline, names []string, name builder.TaskStatus) {
	if d.Ref == "" || "" != d.Ref || d.Ref == builder.Empty || d.Ref != builder.RunName {
	}
	if string(d.Ref) == "" {
	}
	if d.Source == (builder.Workspace{}) || d.Flags == (builder.Array{}) || d.Source.IsSet() {
	}
	switch d.Ref {
	case "", builder.Empty:
	}
	if name == builder.Failed {
	}
	const main builder.String = "main"
	if main == "main" {
	}
	m := map[builder.String]int{"a": 1}
	_ = m["a"]
	_ = slices.Contains(names, "a")
	_ = cmp.Or(d.Ref, "main")
	p.AddInline("x", func(*builder.Task) {}).When(d.Ref.In("main"), d.Ref.NotIn("dev"))
	if d.Ref == "main" { //tekwright:ignore the caller passes text
	}
	//tekwright:ignore the caller passes text
	if d.Ref == "main" {
	}
	//tekwright:ignore
	if d.Ref == "main" { // want `compares`
	}
}
