package flow

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// simulated is how many random pipelines are compared: as many as run in about three
// minutes by default.
var simulated = flag.Int("simulated", 12, "how many random pipelines to simulate and to run")

// simulation is a run as package simulate says it goes.
type simulation struct {
	set    *manifest.Set
	name   string
	result *simulate.Result
}

// simulateRun simulates the run among the objects. The tasks have durations of their own, so
// that their order is known, and the one that fail names fails.
func simulateRun(t *testing.T, objects []*unstructured.Unstructured, seed uint64, fail string) simulation {
	t.Helper()
	var all []runtime.Object
	s := simulation{}
	for _, o := range objects {
		all = append(all, o)
		if harness.IsRun(o) {
			s.name = o.GetKind() + "/" + o.GetName()
		}
	}
	s.set = manifest.New(manifest.FromObjects(all...))
	random := rand.New(rand.NewPCG(seed, 7))
	first, err := simulate.Run(s.set, s.name, simulate.Script{})
	require.NoError(t, err)
	script := simulate.Script{Tasks: map[string][]simulate.Outcome{}}
	var visit func(r *simulate.Result, prefix string)
	visit = func(r *simulate.Result, prefix string) {
		for _, task := range r.Tasks {
			path := prefix + task.Name
			if task.Type == simulate.TypePipeline {
				for _, run := range task.Runs {
					visit(run.Nested, path+"/")
				}
				continue
			}
			for n := range max(1, len(task.Runs)) {
				o := simulate.Outcome{Duration: simulate.Duration(time.Duration(1+random.IntN(100_000)) * time.Millisecond)}
				if len(task.Runs) > 1 {
					o.Combination = n + 1
				}
				if path == fail {
					o.Status, o.ExitCode = simulate.Fail, 3
				}
				script.Tasks[path] = append(script.Tasks[path], o)
			}
		}
	}
	visit(first, "")
	s.result, err = simulate.Run(s.set, s.name, script)
	require.NoError(t, err)
	return s
}

// step is the end of an attempt.
type step struct {
	path    string
	run     simulate.TaskRun
	attempt simulate.Attempt
}

// steps are the ends of all attempts, in order.
func (s simulation) steps() (out []step) {
	var visit func(r *simulate.Result, prefix string)
	visit = func(r *simulate.Result, prefix string) {
		for _, task := range r.Tasks {
			for _, run := range task.Runs {
				if run.Nested != nil {
					visit(run.Nested, prefix+task.Name+"/")
					continue
				}
				for _, a := range run.Attempts {
					out = append(out, step{prefix + task.Name, run, a})
				}
			}
		}
	}
	visit(s.result, "")
	slices.SortStableFunc(out, func(a, b step) int { return int(a.attempt.End - b.attempt.End) })
	return out
}

// compare plays the run on the live Tekton as it was simulated. Before each end, exactly
// those tasks must run that run in the simulation, with the same params; and at the end, the
// conditions, the skipped tasks and the results must be the same.
func (s simulation) compare(t *testing.T, live *harness.Play) {
	t.Helper()
	steps := s.steps()
	for _, now := range steps {
		var running []string
		for _, other := range steps {
			if other.attempt.Start < now.attempt.End && other.attempt.End >= now.attempt.End {
				running = append(running, other.path)
			}
		}
		held := live.Running(running...)
		i := slices.IndexFunc(held, func(h *harness.Held) bool {
			return h.Task == now.path && assert.ObjectsAreEqual(sortedValues(now.run.Params), paramsOf(h.Run.Spec.Params))
		})
		if i < 0 {
			var others []string
			for _, h := range held {
				if h.Task == now.path {
					others = append(others, fmt.Sprint(paramsOf(h.Run.Spec.Params)))
				}
			}
			require.Failf(t, "other params", "%s has %v in the simulation, and live one of\n%s", now.path, sortedValues(now.run.Params), strings.Join(others, "\n"))
		}
		if now.attempt.Condition.Status == "True" {
			results := harness.Results{}
			for _, r := range now.run.Results {
				results[r.Name] = r.Value
			}
			held[i].Succeed(results)
		} else {
			held[i].Fail(3)
		}
	}
	if s.result.Kind == "TaskRun" {
		tr := live.Task(s.result.Name)
		c := tr.Status.GetCondition("Succeeded")
		assert.Equal(t, simulate.Condition{Status: string(c.Status), Reason: c.Reason, Message: c.Message}, s.result.Condition)
		return
	}
	over := live.Over()
	c := over.Status.GetCondition("Succeeded")
	assert.Equal(t, simulate.Condition{Status: string(c.Status), Reason: c.Reason, Message: c.Message}, s.result.Condition)
	var want, ran []string
	for _, task := range s.result.Tasks {
		if task.State == simulate.StateSkipped {
			want = append(want, task.Name+": "+task.Reason)
		}
	}
	slices.Sort(want)
	assert.Equal(t, want, skipped(over))
	var results []string
	for _, r := range over.Status.Results {
		results = append(results, fmt.Sprint(r.Name, " ", valueOf(r.Value)))
	}
	slices.Sort(results)
	assert.Equal(t, results, sortedValues(s.result.Results))
	for _, task := range s.steps() {
		if task.attempt == task.run.Attempts[len(task.run.Attempts)-1] {
			ran = append(ran, task.path)
		}
	}
	slices.Sort(ran)
	assert.Equal(t, ran, live.Ran())
	s.conditions(t, live)
}

// conditions compares those of the tasks that ran once.
func (s simulation) conditions(t *testing.T, live *harness.Play) {
	t.Helper()
	for _, task := range s.result.Tasks {
		if len(task.Runs) != 1 || task.Type != simulate.TypeTask {
			continue
		}
		tr := live.Task(task.Name)
		c := tr.Status.GetCondition("Succeeded")
		assert.Equal(t, simulate.Condition{Status: string(c.Status), Reason: c.Reason, Message: c.Message}, task.Runs[0].Condition, task.Name)
		assert.Len(t, tr.Status.RetriesStatus, len(task.Runs[0].Attempts)-1)
		var results []string
		for _, r := range tr.Status.Results {
			results = append(results, fmt.Sprint(r.Name, " ", valueOf(r.Value)))
		}
		slices.Sort(results)
		assert.Equal(t, results, sortedValues(task.Runs[0].Results), task.Name)
	}
}

func valueOf(v pipelinev1.ParamValue) any {
	switch v.Type {
	case pipelinev1.ParamTypeArray:
		return v.ArrayVal
	case pipelinev1.ParamTypeObject:
		return v.ObjectVal
	}
	return v.StringVal
}

func paramsOf(params pipelinev1.Params) (out []string) {
	for _, p := range params {
		out = append(out, fmt.Sprint(p.Name, " ", valueOf(p.Value)))
	}
	slices.Sort(out)
	return out
}

func sortedValues(values []simulate.Value) (out []string) {
	for _, v := range values {
		out = append(out, fmt.Sprint(v.Name, " ", v.Value))
	}
	slices.Sort(out)
	return out
}

// fixed gives a run that has a generateName the name that it has in the simulation.
func fixed(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	for _, o := range objects {
		if harness.IsRun(o) && o.GetName() == "" {
			o.SetName(o.GetGenerateName() + "xxxxx")
			o.SetGenerateName("")
		}
	}
	return objects
}

// TestSimulatedExamples proves that each run of the examples goes as it was simulated, also
// if any one of its tasks fails.
func TestSimulatedExamples(t *testing.T) {
	t.Parallel()
	for _, name := range examples {
		e := load(t, name)
		for i, r := range e.runs {
			called := r.GetName() + r.GetGenerateName()
			all := fixed(append(slices.Clone(e.objects), r.DeepCopy()))
			names := []string{""}
			for _, s := range simulateRun(t, all, 1, "").steps() {
				if !slices.Contains(names, s.path) {
					names = append(names, s.path)
				}
			}
			for _, fail := range names {
				t.Run(strings.TrimSuffix(name+"/"+called+"/"+fail, "/"), func(t *testing.T) {
					t.Parallel()
					c := harness.Get(t)
					objects := c.Move(t, c.Namespace(t), all)
					s := simulateRun(t, objects, uint64(i), fail)
					s.compare(t, play(t, c, objects))
				})
			}
		}
	}
}

// TestSimulatedRandom proves the same of pipelines made at random.
func TestSimulatedRandom(t *testing.T) {
	for seed := range uint64(max(0, *simulated)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := generate(1000 + seed)
			set := manifest.New(r.p.Run("random-1"))
			require.Empty(t, set.Findings())
			fail := ""
			if seed%2 == 1 {
				fail = r.names[r.IntN(len(r.names))]
			}
			c := harness.Get(t)
			var stream strings.Builder
			require.NoError(t, set.Namespace(c.Namespace(t)).Write(&stream))
			objects := harness.Decode(t, stream.String())
			s := simulateRun(t, objects, seed, fail)
			s.compare(t, play(t, c, objects))
		})
	}
}
