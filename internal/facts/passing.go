package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Passing is a list of values that are passed to declared params: by a pipeline task
// to a Task, by a step to a StepAction, by a run to its Pipeline or Task.
type Passing struct {
	At     Spot        // the passing side: spec.tasks[0], spec
	Values v1.Params   // the passed values that count
	Target *ParamScope // the receiving side; its Owner is for sentences
	From   string      // the passing side in a sentence: task "image"

	// Missing is the place where a missing param is reported.
	Missing Spot
	// Matrix are the params that a matrix sets, one string at a time.
	Matrix map[string]Spot
	// TypeOf returns the type of a variable that is the whole value.
	TypeOf TypeOf
	// Scope is the params of the passing side; nil for runs and steps.
	Scope *ParamScope
	// Extra is the severity of an undeclared param.
	Extra diag.Severity
	// Embedded reports whether the target is an embedded spec, which can read undeclared
	// params. The values that it reads are left out.
	Embedded bool
	// Signed reports whether only the signature of the target is known, which may declare
	// more params.
	Signed bool
	// Supposed reports whether the target is only the one that was most likely meant.
	Supposed bool

	indexes []int // the indexes of the values in the list, if not consecutive

	names     names // of the values
	unset     names // that [Passing.Unset] returns
	unclaimed names // that [Passing.Unclaimed] returns
}

// Spot returns the place of a value.
func (p *Passing) Spot(i int) Spot {
	if p.indexes != nil {
		i = p.indexes[i]
	}
	return p.At.Index("params", i)
}

// Named returns the place of the name of a passed value.
func (p *Passing) Named(name string) Spot {
	return p.Spot(p.passed().index(name)).Field("name")
}

// passed returns the names of the values.
func (p *Passing) passed() *names {
	return p.names.of(func() []string { return namesOf(p.Values, func(v *v1.Param) string { return v.Name }) })
}

// Each calls yield for the first value of each name, with its param; nil if there is
// none.
func (p *Passing) Each(yield func(i int, v *v1.Param, target *Param)) {
	for i := range p.Values {
		v := &p.Values[i]
		if p.passed().index(v.Name) == i {
			yield(i, v, p.Target.index[v.Name])
		}
	}
}

// Passes reports whether a value is passed for the name.
func (p *Passing) Passes(name string) bool {
	_, ok := p.Matrix[name]
	return ok || p.passed().has(name)
}

// Unset returns the names of the declared params that are not passed.
func (p *Passing) Unset() []string {
	return p.unset.of(func() (out []string) {
		for _, target := range p.Target.List {
			if !p.Passes(target.Name) {
				out = append(out, target.Name)
			}
		}
		return out
	}).list
}

// Meant returns a declared param without a default that is not passed, and that the
// name most likely was meant to be; nil if there is none. Like suggestions, it looks at
// no more than the first names.
func (p *Passing) Meant(name string) *Param {
	unset := p.Unset()
	for _, n := range unset[:min(len(unset), suggest.MaxCandidates)] {
		if target := p.Target.index[n]; target != nil && target.Default == nil && suggest.Name(n, []string{name}) != "" {
			return target
		}
	}
	return nil
}

// Defaulted calls yield for each declared param that is not passed.
func (p *Passing) Defaulted(yield func(*Param)) {
	for _, target := range p.Target.List {
		if p.Target.index[target.Name] == target && !p.Passes(target.Name) {
			yield(target)
		}
	}
}

// Unclaimed returns the names that are passed and not declared.
func (p *Passing) Unclaimed() []string {
	return p.unclaimed.of(func() (out []string) {
		for i := range p.Values {
			if p.Target.index[p.Values[i].Name] == nil {
				out = append(out, p.Values[i].Name)
			}
		}
		return out
	}).list
}

// Passings returns the values that the object passes to declared params, as far as
// these are known.
func (e *Entry) Passings() []*Passing {
	e.set.asked(PassingFact)
	if e.passingsDone {
		return e.passings
	}
	e.passingsDone = true
	for _, t := range e.TaskSpecs() {
		for i := range t.Spec.Steps {
			step := &t.Spec.Steps[i]
			if step.Ref == nil {
				continue
			}
			s := t.Spot.Index("steps", i)
			var action *Entry
			if named(step.Ref.Name, step.Ref.Resolver, step.Ref.Params) {
				action = t.ActionOf(step)
			}
			if action == nil {
				action = s.Field("ref").signature()
			}
			if action != nil {
				e.passings = append(e.passings, &Passing{
					At: s, Values: step.Params, Target: action.Params(), From: label("step", s, step.Name), Missing: s, TypeOf: t.TypeOf, Extra: diag.Error,
					Signed: action.signed,
				})
			}
		}
	}
	for _, p := range e.PipelineSpecs() {
		for _, t := range p.Tasks {
			if t.Runs.Params != nil {
				e.passings = append(e.passings, t.passing())
			}
		}
	}
	s := e.At("spec")
	switch {
	case e.Run != nil:
		add := func(p *PipelineSpec, supposed bool) {
			in := &Passing{
				At: s, Values: e.Run.Spec.Params, Target: p.Params, From: e.Label(), Missing: s.Field("params"), Extra: diag.Warning, Supposed: supposed,
				Signed: p.Entry().signed,
			}
			if e.Run.Spec.PipelineSpec != nil || e.resolvesReferences() {
				in.propagated(p.paramsRead())
			}
			e.passings = append(e.passings, in)
		}
		if p := e.RunPipeline(); p != nil {
			add(p, false)
		} else if p := e.SupposedPipeline(); p != nil {
			add(p, true)
		}
	case e.TaskRun != nil:
		if def := e.RunTask(); def.Spec != nil {
			in := &Passing{
				At: s, Values: e.TaskRun.Spec.Params, Target: def.Params, From: e.Label(), Missing: s.Field("params"), Extra: diag.Warning, Signed: def.Signed,
			}
			if e.TaskRun.Spec.TaskSpec != nil {
				runs := newParamReads()
				runs.add(e.allRunUses(), def.Params)
				in.propagated(e.TaskSpec().paramsRead(), runs)
			}
			e.passings = append(e.passings, in)
		}
	}
	return e.passings
}

// passing returns the values that a pipeline task passes to what it runs.
func (t *PipelineTask) passing() *Passing {
	p := t.Pipeline
	out := &Passing{
		At: t.Spot, Values: t.Params, Target: t.Runs.Params, From: t.Label, Missing: t.Spot,
		TypeOf: p.TypeOf, Scope: p.Params, Extra: diag.Warning, Signed: t.Runs.Signed,
	}
	if t.Matrix != nil {
		out.Matrix = map[string]Spot{}
		for i := range t.Matrix.Params {
			out.Matrix[t.Matrix.Params[i].Name] = t.Spot.Field("matrix").Index("params", i)
		}
		for i := range t.Matrix.Include {
			for j := range t.Matrix.Include[i].Params {
				name := t.Matrix.Include[i].Params[j].Name
				if _, ok := out.Matrix[name]; !ok {
					out.Matrix[name] = t.Spot.Field("matrix").Index("include", i).Index("params", j)
				}
			}
		}
	}
	if spec := t.embedded(); spec != nil {
		out.propagated(spec.paramsRead(), p.readByRuns())
	}
	return out
}

// SupposedPipeline returns the Pipeline that a PipelineRun most likely means, if the
// one that it refers to is not in the set.
func (e *Entry) SupposedPipeline() *PipelineSpec {
	if e.Run == nil || e.Run.Spec.PipelineRef == nil || e.Run.Spec.PipelineSpec != nil {
		return nil
	}
	ref := e.Run.Spec.PipelineRef
	if !named(ref.Name, ref.Resolver, ref.Params) || e.set.Find("Pipeline", e.Ref.Namespace, ref.Name, e) != nil {
		return nil
	}
	meant := suggest.Version(ref.Name, e.set.Names("Pipeline"))
	if meant == "" || !suggest.IsTypo(ref.Name, []string{meant}) {
		return nil
	}
	found := e.set.Find("Pipeline", e.Ref.Namespace, meant, e)
	if found == nil {
		return nil
	}
	return found.PipelineSpec()
}

// Keeping returns the passings of the set that do not set a param with a default,
// and so use the default. Params that may get a value in another way are left out.
func (s *Set) Keeping(p *Param) []*Passing {
	s.asked(PassingFact)
	if s.keeping == nil {
		s.keeping = map[*Param][]*Passing{}
		for _, e := range s.All() {
			for _, in := range e.Passings() {
				if in.Supposed {
					continue
				}
				in.Defaulted(func(p *Param) {
					if p.Default != nil && in.Target.Outer.Find(p.Name) == nil {
						s.keeping[p] = append(s.keeping[p], in)
					}
				})
			}
		}
	}
	return s.keeping[p]
}
