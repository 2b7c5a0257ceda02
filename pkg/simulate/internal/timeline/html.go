package timeline

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// The page, what draws its graphs, and the library that places their nodes.
var (
	//go:embed page.html
	pageText string
	//go:embed page.js
	pageScript string
	//go:embed dagre.min.js
	layoutScript string

	page = template.Must(template.New("page").Parse(pageText))
)

// HTML writes the ways in which a run can go as one page, which loads nothing. It has the
// graph of the tasks, the time at which each ran, and its values. Texts go through hide before
// they are escaped, as what must not be shown is not recognized afterwards.
func HTML(w io.Writer, ways *simulate.Ways, hide func(string) string) error {
	x := viewer{hide}
	d := document{Several: len(ways.Ways) > 1, Layout: template.JS(layoutScript), Script: template.JS(pageScript)} //nolint:gosec // embedded, not input
	for i, way := range ways.Ways {
		id := fmt.Sprintf("way-%d", i+1)
		v := x.way(id, way)
		if i == 0 {
			d.Title = v.Title
		}
		if d.Several {
			v.Title = fmt.Sprintf("%d. ", i+1) + v.Title
		}
		d.Ways = append(d.Ways, v)
		d.Graphs = append(d.Graphs, x.graph(id, way.Result))
	}
	return page.Execute(w, d)
}

type (
	document struct {
		Title          string
		Several        bool
		Ways           []wayView
		Graphs         []graphView
		Layout, Script template.JS
	}
	wayView struct {
		ID, Title, Message, Duration string
		Assumed, Results             []valueView
		Tasks                        []taskView
		Notes, Stuck                 []string
	}
	taskView struct {
		ID, Name, State, Words, Message string
		When                            []string
		Bars                            []bar
		Runs                            []runView
	}
	bar struct {
		Title, State string
		Left, Width  float64
	}
	runView struct {
		Title, Nested   string
		Params, Results []valueView
		Attempts        []string
	}
	valueView struct{ Name, Value string }
	graphView struct {
		ID    string     `json:"id"`
		Nodes []nodeView `json:"nodes"`
		Edges [][3]int   `json:"edges"` // from, to, and 1 for one to the finally section
	}
	nodeView struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Words   string `json:"words"`
		State   string `json:"state"`
		Type    string `json:"type"`
		Finally bool   `json:"finally"`
		Several bool   `json:"several"`
	}
)

// viewer makes what is shown of a run.
type viewer struct{ hide func(string) string }

// visible is text of a manifest, without what must not be shown, and with what would be
// invisible.
func (x viewer) visible(text string) string { return printable.Line(x.hide(text)) }

func (x viewer) way(id string, way simulate.Way) wayView {
	r := way.Result
	v := wayView{
		ID: id, Title: x.visible(fmt.Sprintf("%s %s: %s after %s", r.Kind, r.Name, ending(r.Condition), r.Duration)),
		Message: x.visible(r.Condition.Message), Duration: r.Duration.String(),
		Assumed: x.values(way.Assumed), Results: x.values(r.Results),
	}
	for i, t := range r.Tasks {
		v.Tasks = append(v.Tasks, x.task(taskID(id, i), t, r.Duration))
	}
	for _, n := range r.Notes {
		if n.Code == simulate.NoteStuck {
			v.Stuck = append(v.Stuck, x.visible(n.Message))
			continue
		}
		v.Notes = append(v.Notes, x.visible(strings.TrimPrefix(n.Task+": "+n.Message, ": ")))
	}
	return v
}

func taskID(way string, i int) string { return fmt.Sprintf("%s-task-%d", way, i+1) }

func (x viewer) task(id string, t simulate.Task, whole simulate.Duration) taskView {
	v := taskView{ID: id, Name: x.visible(t.Name), State: string(t.State), Words: x.visible(state(t))}
	if t.State != simulate.StateSucceeded {
		v.Message = x.visible(t.Message)
	}
	for _, w := range t.When {
		v.When = append(v.When, x.visible(decision(w)))
	}
	for _, run := range t.Runs {
		b := bar{State: stateOf(run.Condition), Title: x.visible(fmt.Sprintf("%s: %s, %s to %s", run.Name, ending(run.Condition), run.Start, run.End))}
		if whole > 0 {
			b.Left, b.Width = percent(run.Start, whole), percent(run.End-run.Start, whole)
		}
		v.Bars = append(v.Bars, b)
		one := runView{Params: x.values(run.Params), Results: x.values(run.Results)}
		if run.Combination > 0 {
			one.Title = x.visible(fmt.Sprintf("combination %d: %s", run.Combination, ending(run.Condition)))
		}
		if len(run.Attempts) > 1 {
			for _, a := range run.Attempts {
				one.Attempts = append(one.Attempts, x.visible(fmt.Sprintf("%s to %s: %s", a.Start, a.End, ending(a.Condition))))
			}
		}
		if run.Nested != nil {
			one.Nested = x.hide(nested(run.Nested))
		}
		v.Runs = append(v.Runs, one)
	}
	return v
}

// stateOf is the state of a single run.
func stateOf(c simulate.Condition) string {
	switch c.Status {
	case "True":
		return string(simulate.StateSucceeded)
	case "False":
		return string(simulate.StateFailed)
	}
	return string(simulate.StateRunning)
}

// percent is a part of a whole, with one digit after the point.
func percent(part, whole simulate.Duration) float64 {
	return float64(int64(part)*1000/int64(whole)) / 10
}

// values are whole: a page has room for them.
func (x viewer) values(all []simulate.Value) []valueView {
	views := make([]valueView, len(all))
	for i, v := range all {
		views[i] = valueView{x.visible(v.Name), x.hide(whole(v.Value))}
	}
	return views
}

func (x viewer) graph(id string, r *simulate.Result) graphView {
	g := graphView{ID: id, Nodes: []nodeView{}, Edges: [][3]int{}}
	index := map[string]int{}
	for i, t := range r.Tasks {
		index[t.Name] = i
		g.Nodes = append(g.Nodes, nodeView{taskID(id, i), x.visible(t.Name), x.visible(label(t)), string(t.State), string(t.Type), t.Finally, len(t.Runs) > 1})
	}
	waited := map[string]bool{}
	for _, e := range edges(r.Tasks) {
		if from, ok := index[e.After]; ok {
			g.Edges = append(g.Edges, [3]int{from, index[e.Node], 0})
			waited[e.After] = true
		}
	}
	for i, last := range r.Tasks { // the finally section waits for all tasks
		if last.Finally || waited[last.Name] {
			continue
		}
		for j, t := range r.Tasks {
			if t.Finally {
				g.Edges = append(g.Edges, [3]int{i, j, 1})
			}
		}
	}
	return g
}

// nested returns a run inside a run as text.
func nested(r *simulate.Result) string {
	var b strings.Builder
	run(&b, r)
	return b.String()
}
