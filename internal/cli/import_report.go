package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/printable"
)

// report prints what became of the manifests, and sets the exit status.
func (i *importing) report(r *imported) error {
	var b strings.Builder
	say := func(format string, args ...any) { b.WriteString(printable.Sprintf(format, args...)) }
	for _, f := range r.sources.Unread {
		say("%s\n", f.Error())
		i.exit = failed
	}
	values, typed, byStep := 0, 0, map[int]int{}
	for _, o := range r.made.Objects {
		values, typed = values+o.Values, typed+o.Typed
		byStep[o.Step]++
		if o.Error {
			i.exit = max(i.exit, found)
		}
	}
	say("%s: %d objects, %d of %d values set by calls\n", i.dir, len(r.made.Objects), typed, values)
	for _, step := range slices.Sorted(maps.Keys(byStep)) {
		say("  step %d: %d\n", step, byStep[step])
	}
	reasons := map[string]int{}
	for _, o := range r.made.Objects {
		for _, h := range o.Hatches {
			reasons[o.Kind+" "+h.Field]++
		}
		if o.Step >= project.StepYAML {
			reasons[o.Kind+": "+o.Reason]++
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(reasons), func(a, b string) int { return cmp.Or(reasons[b]-reasons[a], strings.Compare(a, b)) }) {
		say("  %d %s\n", reasons[k], k)
	}
	for _, s := range r.sources.Emptied {
		say("%s: its values were left out\n", s)
	}
	if r.made.Unchecked != "" {
		say("not type-checked: %s\n", r.made.Unchecked)
	}
	say("%d files written, %d removed, %d unchanged\n", len(r.changes.Write), len(r.changes.Remove), r.changes.Same)
	for _, l := range r.changes.Left {
		say("left alone: %s: %s\n", i.shownDir(l.File), l.Why)
	}
	if values > 0 && 100*typed < i.minTyped*values {
		i.exit = max(i.exit, found)
	}
	return printable.Fprintf(i.Out, "%s", printable.Text(fmt.Sprint(b.String())))
}
