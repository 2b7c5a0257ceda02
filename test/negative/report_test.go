package negative

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/pkg/diag"
)

// tally counts what became of the objects of one kind.
type tally struct {
	refused int // by Tekton
	found   int // of these, by us, each fault at its field

	matches [sameness + 1]int // how we answer to the fields that Tekton blames

	accepted int // by Tekton
	excused  int // errors of ours in these that known_test.go explains
	invented int // and the others
}

func (n *tally) add(o *tally) {
	n.refused += o.refused
	n.found += o.found
	for m := range n.matches {
		n.matches[m] += o.matches[m]
	}
	n.accepted += o.accepted
	n.excused += o.excused
	n.invented += o.invented
}

// report is what comes of all calls.
type report struct {
	kinds   map[string]*tally
	total   tally
	skipped map[string][]string // the calls, by the reason
	excused map[int]bool        // what was needed of accepted
	answers map[string]bool     // how we name other fields than Tekton
}

func newReport() *report {
	return &report{kinds: map[string]*tally{}, skipped: map[string][]string{}, excused: map[int]bool{}, answers: map[string]bool{}}
}

func (r *report) of(kind string) *tally {
	if r.kinds[kind] == nil {
		r.kinds[kind] = &tally{}
	}
	return r.kinds[kind]
}

var indexes = regexp.MustCompile(`\[[^\]]*\]`)

// answered notes which field we blame where Tekton blames another.
func (r *report) answered(m match, f fault, by diag.Finding) {
	if m == missed || m == sameness {
		return
	}
	theirs := slices.Clone(f.paths)
	for i, p := range theirs {
		p, _, _ = strings.Cut(indexes.ReplaceAllString(p, ""), "\n")
		theirs[i] = strings.TrimSpace(p)
	}
	slices.Sort(theirs)
	r.answers[fmt.Sprintf("%s\t%s\t%s\t%s\n", [...]string{unplaced: "unplaced", moved: "moved", deeper: "deeper", absent: "absent"}[m],
		strings.Join(theirs, ", "), by.Code, indexes.ReplaceAllString(by.Path, ""))] = true
}

// pairs lists the answers in order.
func (r *report) pairs() []byte {
	return []byte("how\tTekton's field\trule\tour field\n" + strings.Join(slices.Sorted(maps.Keys(r.answers)), ""))
}

// skip notes a call that is not compared.
func (r *report) skip(why string, c call) {
	r.skipped[why] = append(r.skipped[why], c.Func+" "+c.Caller)
}

// lost looks for faults that Tekton finds in a part alone, and not in the object
// made of it: then nothing is learnt from them.
func (r *report) lost(t *testing.T, s subject, refused []*apis.FieldError) {
	t.Helper()
	for _, e := range s.call.Errors {
		if slices.ContainsFunc(refused, func(o *apis.FieldError) bool { return o.Message == e.Message }) {
			continue
		}
		text := e.Message + " " + strings.Join(e.Paths, ", ")
		i := slices.IndexFunc(mended, func(x mending) bool { return x.message.MatchString(text) })
		if i < 0 {
			t.Errorf("%s: %s is refused by the test, and not as an object: %s\n%s", s.call.Caller, s.name(), text, s)
			continue
		}
		r.skip("is no fault in an object: "+mended[i].why, s.call)
	}
}

func (r *report) print(t *testing.T) {
	t.Helper()
	var b strings.Builder
	row := "%-54s" + strings.Repeat(" %8v", 13) + "\n"
	fmt.Fprintf(&b, "\n"+row, "what Tekton's tests validate", "refused", "found", "recall", "fields", "same", "absent", "deeper", "moved", "unplaced", "missed", "accepted", "excused", "invented")
	line := func(name string, n *tally) {
		recall, fields := "-", 0
		if n.refused > 0 {
			recall = fmt.Sprintf("%.1f%%", 100*float64(n.found)/float64(n.refused))
		}
		for _, count := range n.matches {
			fields += count
		}
		fmt.Fprintf(&b, row, name, n.refused, n.found, recall, fields, n.matches[sameness], n.matches[absent], n.matches[deeper],
			n.matches[moved], n.matches[unplaced], n.matches[missed], n.accepted, n.excused, n.invented)
	}
	for _, name := range slices.Sorted(maps.Keys(r.kinds)) {
		line(name, r.kinds[name])
		r.total.add(r.kinds[name])
	}
	line("all", &r.total)
	for _, why := range slices.Sorted(maps.Keys(r.skipped)) {
		calls := r.skipped[why]
		fmt.Fprintf(&b, "%d calls skipped: %s\n", len(calls), why)
		for _, c := range slices.Compact(slices.Sorted(slices.Values(calls))) {
			fmt.Fprintf(&b, "\t%s\n", c)
		}
	}
	t.Log(b.String())
}

// name is what was validated, and its version.
func (s subject) name() string { return fmt.Sprint(s.object["apiVersion"], " ", s.kind) }

// String is the object as JSON.
func (s subject) String() string {
	b, err := json.Marshal(s.object)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
