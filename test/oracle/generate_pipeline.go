package oracle

import (
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"
)

// scope is what a task of the Pipeline may refer to.
type scope struct {
	params v1.ParamSpecs
	before []taskNode // the tasks that come before it
	final  bool
}

func (g *gen) pipelineSpec(s *system) *v1.PipelineSpec {
	ps := &v1.PipelineSpec{Params: g.paramSpecs(2, true, "")}
	for i := range g.between(0, 3) {
		ps.Workspaces = append(ps.Workspaces, v1.PipelineWorkspaceDeclaration{Name: fmt.Sprintf("space-%d", i), Optional: g.chance(0.3)})
	}
	sc := scope{params: ps.Params}
	for i := range g.between(2, 6) {
		pt := g.pipelineTask(s, ps, sc, fmt.Sprintf("build-%d", i))
		ps.Tasks = append(ps.Tasks, pt)
		sc.before = append(sc.before, s.node(&pt, "", false))
	}
	dag := sc.before
	sc.final = true
	for i := range g.between(0, 2) {
		pt := g.pipelineTask(s, ps, sc, fmt.Sprintf("clean-%d", i))
		ps.Finally = append(ps.Finally, pt)
	}
	g.pipelineResults(ps, dag)
	return ps
}

func (g *gen) pipelineTask(s *system, ps *v1.PipelineSpec, sc scope, name string) v1.PipelineTask {
	pt := v1.PipelineTask{Name: name}
	if g.chance(0.2) {
		// Names of its own: what the Pipeline calls the same would be the same.
		pt.TaskSpec = &v1.EmbeddedTask{TaskSpec: g.taskSpec(s.actions, name+"-")}
	} else {
		t, _ := pick(g, s.tasks)
		pt.TaskRef = &v1.TaskRef{Name: t.Name, Kind: v1.NamespacedTaskKind}
	}
	spec := s.node(&pt, "", false).spec
	// A task in a matrix leaves behind strings only.
	fans := !sc.final && !slices.ContainsFunc(spec.Results, func(r v1.TaskResult) bool { return r.Type != v1.ResultsTypeString })
	for _, p := range spec.Params {
		switch {
		case fans && p.Type == v1.ParamTypeString && len(p.Enum) == 0 && g.chance(0.12):
			g.matrix(&pt, sc, p)
		case p.Default == nil || g.chance(0.5):
			pt.Params = append(pt.Params, v1.Param{Name: p.Name, Value: g.value(sc, p)})
		}
	}
	for _, w := range spec.Workspaces {
		if !w.Optional || g.chance(0.6) {
			pt.Workspaces = append(pt.Workspaces, g.workspace(ps, w))
		}
	}
	if !sc.final && len(sc.before) > 0 && g.chance(0.3) {
		n, _ := pick(g, sc.before)
		pt.RunAfter = []string{n.Name}
	}
	if g.chance(0.2) {
		pt.When = v1.WhenExpressions{{Input: g.textValue(sc), Operator: selection.In, Values: []string{"yes", "main"}}}
	}
	if g.chance(0.2) {
		pt.Retries = 2
	}
	return pt
}

// matrix fans the task out over the param.
func (g *gen) matrix(pt *v1.PipelineTask, sc scope, p v1.ParamSpec) {
	if pt.Matrix == nil {
		pt.Matrix = &v1.Matrix{}
	}
	if len(pt.Matrix.Params) > 0 && p.Default != nil && g.chance(0.6) {
		pt.Matrix.Include = append(pt.Matrix.Include, v1.IncludeParams{
			Name: "with-" + p.Name, Params: v1.Params{{Name: p.Name, Value: g.literal(p)}},
		})
		return
	}
	value := list("linux", "darwin")
	if from, ok := pick(g, ofType(sc.params, v1.ParamTypeArray)); ok && g.chance(0.4) {
		value = text("$(params." + from.Name + "[*])")
	} else if r, ok := pick(g, sc.results(v1.ResultsTypeArray)); ok && g.chance(0.4) {
		value = text("$(" + r + "[*])")
	}
	pt.Matrix.Params = append(pt.Matrix.Params, v1.Param{Name: p.Name, Value: value})
}

// results are the results of the tasks before that are used as they are.
func (sc scope) results(t v1.ResultsType) []string {
	var out []string
	for _, n := range sc.before {
		for _, r := range n.spec.Results {
			if r.Type == t && n.Matrix == nil {
				out = append(out, "tasks."+n.Name+".results."+r.Name)
			}
		}
	}
	return out
}

// value is a value for a param of a task of the Pipeline.
func (g *gen) value(sc scope, p v1.ParamSpec) v1.ParamValue {
	if g.chance(0.25) {
		return g.literal(p)
	}
	switch p.Type {
	case v1.ParamTypeArray:
		return g.listValue(sc)
	case v1.ParamTypeObject:
		return g.objectValue(sc, p)
	}
	if len(p.Enum) == 0 {
		return text(g.textValue(sc))
	}
	fits := slices.DeleteFunc(ofType(sc.params, v1.ParamTypeString), func(q v1.ParamSpec) bool {
		return len(q.Enum) == 0 || slices.ContainsFunc(q.Enum, func(e string) bool { return !slices.Contains(p.Enum, e) })
	})
	if from, ok := pick(g, fits); ok {
		return text("$(params['" + from.Name + "'])")
	}
	return g.literal(p)
}

// textValue is a string of any origin.
func (g *gen) textValue(sc scope) string {
	options := []string{"literal", "$(context.pipelineRun.name)", "run of $(context.pipeline.name)"}
	for _, p := range sc.params {
		switch p.Type {
		case v1.ParamTypeString:
			options = append(options, g.ref(p.Name, ""), "with "+g.ref(p.Name, ""))
		case v1.ParamTypeArray:
			options = append(options, "$(params."+p.Name+"[1])")
		case v1.ParamTypeObject:
			for _, k := range sortedKeys(p.Properties) {
				options = append(options, "$(params."+p.Name+"."+k+")")
			}
		}
	}
	for _, r := range sc.results(v1.ResultsTypeString) {
		options = append(options, "$("+r+")", "of $("+r+")")
	}
	for _, r := range sc.results(v1.ResultsTypeArray) {
		options = append(options, "$("+r+"[1])")
	}
	for _, r := range sc.results(v1.ResultsTypeObject) {
		options = append(options, "$("+r+".url)")
	}
	if sc.final {
		options = append(options, "$(tasks.status)")
		if n, ok := pick(g, sc.before); ok {
			options = append(options, "$(tasks."+n.Name+".status)")
		}
	}
	s, _ := pick(g, options)
	return s
}

func (g *gen) listValue(sc scope) v1.ParamValue {
	options := []v1.ParamValue{list("first", g.textValue(sc))}
	for _, p := range ofType(sc.params, v1.ParamTypeArray) {
		options = append(options, text("$(params."+p.Name+"[*])"))
	}
	for _, r := range sc.results(v1.ResultsTypeArray) {
		options = append(options, text("$("+r+"[*])"))
	}
	for _, n := range sc.before {
		if n.Matrix == nil || sc.final {
			continue
		}
		for _, r := range n.spec.Results {
			if r.Type == v1.ResultsTypeString {
				options = append(options, text("$(tasks."+n.Name+".results."+r.Name+"[*])"))
			}
		}
	}
	v, _ := pick(g, options)
	return v
}

func (g *gen) objectValue(sc scope, p v1.ParamSpec) v1.ParamValue {
	m := map[string]string{}
	for _, k := range sortedKeys(p.Properties) {
		m[k] = g.textValue(sc)
	}
	options := []v1.ParamValue{objectValue(m)}
	covers := func(properties map[string]v1.PropertySpec) bool {
		for k := range p.Properties {
			if _, ok := properties[k]; !ok {
				return false
			}
		}
		return true
	}
	for _, q := range ofType(sc.params, v1.ParamTypeObject) {
		if covers(q.Properties) {
			options = append(options, text("$(params."+q.Name+"[*])"))
		}
	}
	for _, r := range sc.results(v1.ResultsTypeObject) {
		if _, deep := p.Properties["depth"]; !deep {
			options = append(options, text("$("+r+"[*])"))
		}
	}
	v, _ := pick(g, options)
	return v
}

// workspace binds a workspace of a Task, and declares what it needs.
func (g *gen) workspace(ps *v1.PipelineSpec, w v1.WorkspaceDeclaration) v1.WorkspacePipelineTaskBinding {
	var fits []string
	for _, d := range ps.Workspaces {
		if w.Optional || !d.Optional {
			fits = append(fits, d.Name)
		}
	}
	name, ok := pick(g, fits)
	if !ok {
		name = fmt.Sprintf("space-%d", len(ps.Workspaces))
		ps.Workspaces = append(ps.Workspaces, v1.PipelineWorkspaceDeclaration{Name: name})
	}
	b := v1.WorkspacePipelineTaskBinding{Name: w.Name, Workspace: name}
	if name == w.Name && g.chance(0.5) {
		b.Workspace = ""
	}
	if g.chance(0.15) {
		b.SubPath = "sub"
	}
	return b
}

func (g *gen) pipelineResults(ps *v1.PipelineSpec, dag []taskNode) {
	sc := scope{before: dag}
	add := func(t v1.ResultsType, v v1.ParamValue) {
		ps.Results = append(ps.Results, v1.PipelineResult{Name: fmt.Sprintf("out-%d", len(ps.Results)), Type: t, Value: v})
	}
	if r, ok := pick(g, sc.results(v1.ResultsTypeString)); ok {
		add(v1.ResultsTypeString, text("$("+r+")"))
		if g.chance(0.3) {
			add(v1.ResultsTypeArray, list("$("+r+")", "more"))
		}
		if g.chance(0.3) {
			add(v1.ResultsTypeObject, objectValue(map[string]string{"url": "$(" + r + ")"}))
		}
	}
	if r, ok := pick(g, sc.results(v1.ResultsTypeArray)); ok {
		add(v1.ResultsTypeArray, text("$("+r+"[*])"))
	}
	if r, ok := pick(g, sc.results(v1.ResultsTypeObject)); ok {
		add(v1.ResultsTypeObject, text("$("+r+"[*])"))
	}
}
