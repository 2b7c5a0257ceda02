package steps

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/podspec"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resources-invalid.md
var resourcesInvalidText string

var resourcesInvalid = &rule.Rule{
	Code:     "resources-invalid",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     resourcesInvalidText,
	Kinds:    slices.Concat([]string{"EventListener"}, rule.TaskSpecKinds),
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind == facts.StepTemplate && len(c.Task.Spec.Steps) == 0 {
				continue
			}
			switch c.Kind {
			case facts.Step, facts.Sidecar:
				overLimit(p, c)
				unlimited(p, c)
			case facts.StepTemplate:
				templateOverLimit(p, c)
			case facts.Action: // has none
			}
			amounts(p, c.Spot, "computeResources", c.Label, &c.Resources)
		}
		for o := range overrides(p) {
			for i := range o.steps {
				override := &o.steps[i]
				overridden(p, o.spot.Index("stepSpecs", i), "the stepSpecs entry of step "+phrase.Quote(override.Name), &override.ComputeResources)
			}
			for i := range o.sidecars {
				override := &o.sidecars[i]
				overridden(p, o.spot.Index("sidecarSpecs", i), "the sidecarSpecs entry of sidecar "+phrase.Quote(override.Name), &override.ComputeResources)
			}
		}
		if s, c := listenerContainer(p); c != nil {
			amounts(p, s, "resources", listener, &c.Resources)
		}
	},
}

// overLimit reports requests of a container above its limit. Tekton merges those of a step
// with those of the stepTemplate, name by name. A run may replace what is merged.
func overLimit(p *rule.Pass, c *facts.Container) {
	own := c.Resources
	merged := own
	if t := c.Task.Spec.StepTemplate; t != nil && c.Kind == facts.Step && !c.Task.Set().SetsResources(c.Task) {
		merged.Requests, merged.Limits = over(t.ComputeResources.Requests, own.Requests), over(t.ComputeResources.Limits, own.Limits)
	}
	for _, name := range slices.Sorted(maps.Keys(merged.Requests)) {
		request := merged.Requests[name]
		limit, ok := merged.Limits[name]
		if !ok || limit.Cmp(request) >= 0 {
			continue
		}
		at := "requests"
		if _, ok := own.Requests[name]; !ok {
			at = "limits"
			if _, ok := own.Limits[name]; !ok {
				continue // see templateOverLimit
			}
		}
		p.Error(c.Spot.Field("computeResources", at).Key(string(name)), string(name),
			c.Label+" requests more "+string(name)+" ("+request.String()+") than its limit ("+limit.String()+")", "raise the limit or lower the request")
	}
}

// unlimited reports requests that the API server accepts only with an equal limit: those of
// huge pages, and of resources with a domain in their names. A request that the
// stepTemplate sets is that of its steps, and a run may replace it.
func unlimited(p *rule.Pass, c *facts.Container) {
	if len(c.Resources.Requests) == 0 || c.Task.Set().SetsResources(c.Task) {
		return
	}
	limits := c.Resources.Limits
	if t := c.Task.Spec.StepTemplate; t != nil && c.Kind == facts.Step {
		limits = over(t.ComputeResources.Limits, limits)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Resources.Requests)) {
		if !podspec.NeedsLimit(string(name)) || tekref.Contains(string(name)) {
			continue
		}
		at, request := c.Spot.Field("computeResources", "requests").Key(string(name)), c.Resources.Requests[name]
		switch limit, ok := limits[name]; {
		case !ok:
			p.Error(at, string(name), c.Label+" requests "+string(name)+" without a limit: the API server rejects the pod", "set an equal limit")
		case limit.Cmp(request) > 0:
			p.Error(at, string(name), c.Label+" requests less "+string(name)+" ("+request.String()+") than its limit ("+limit.String()+"), but both must be equal: the API server rejects the pod", "set both to the same amount")
		}
	}
}

// overridden checks the resources that a run sets for a step or a sidecar.
func overridden(p *rule.Pass, s facts.Spot, label string, r *corev1.ResourceRequirements) {
	if !s.Field("computeResources").IsWritten() && p.Profile.HasSchemas() {
		p.Error(s, "", label+" has no computeResources: the API server rejects the run", "set computeResources, or remove the entry")
		return
	}
	amounts(p, s, "computeResources", label, r)
}

// over returns the first list with the values of the second instead of its own.
func over(below, above corev1.ResourceList) corev1.ResourceList {
	if len(below) == 0 {
		return above
	}
	out := maps.Clone(below)
	maps.Copy(out, above)
	return out
}

// templateOverLimit reports requests of the stepTemplate above its limit, if a step replaces
// neither.
func templateOverLimit(p *rule.Pass, c *facts.Container) {
	if c.Task.Set().SetsResources(c.Task) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.Resources.Requests)) {
		request := c.Resources.Requests[name]
		if limit, ok := c.Resources.Limits[name]; ok && limit.Cmp(request) < 0 && slices.ContainsFunc(c.Task.Spec.Steps, func(s v1.Step) bool {
			_, requests := s.ComputeResources.Requests[name]
			_, limits := s.ComputeResources.Limits[name]
			return !requests && !limits
		}) {
			p.Error(c.Spot.Field("computeResources", "requests").Key(string(name)), string(name),
				c.Label+" requests more "+string(name)+" ("+request.String()+") than its limit ("+limit.String()+")", "raise the limit or lower the request")
		}
	}
}

// containerResources are the resources that a container may request, besides
// huge pages and those with a domain in their names.
var containerResources = []string{"cpu", "memory", "ephemeral-storage"}

// amounts reports unknown names and wrong units of the resources in a field of a
// container. Tekton passes them to the API server unchanged.
func amounts(p *rule.Pass, s facts.Spot, field, label string, r *corev1.ResourceRequirements) {
	for _, l := range [...]struct {
		name string
		list corev1.ResourceList
	}{{"requests", r.Requests}, {"limits", r.Limits}} {
		if len(l.list) == 0 {
			continue
		}
		at := s.Field(field, l.name)
		for _, name := range slices.Sorted(maps.Keys(l.list)) {
			amount(p, at, label, string(name), l.list[name])
		}
	}
}

var amountHelp = map[string]string{podspec.Negative: "use a positive amount", podspec.Fraction: "use a whole number"}

// amount reports one resource of the list at s.
func amount(p *rule.Pass, s facts.Spot, label, name string, amount resource.Quantity) {
	wrong := podspec.Amount(name, amount)
	switch {
	case wrong != "":
		p.Error(s.Key(name), name, label+" sets "+name+" to "+amount.String()+", which is "+wrong+": the API server rejects the pod", amountHelp[wrong])
	case !podspec.IsResourceName(name):
		p.Error(s.Key(name), name, label+" sets the resource "+phrase.Quote(name)+", whose name is not valid: the API server rejects the pod", "write domain/name")
	case strings.ContainsRune(name, '/') || strings.HasPrefix(name, "hugepages-") || tekref.Contains(name):
	case !slices.Contains(containerResources, name):
		p.Error(s.Key(name), name, label+" sets the unknown resource "+phrase.Quote(name)+": the API server rejects the pod", phrase.OneOf(name, containerResources)).Misspelled(name, containerResources)
	case name == "cpu" && amount.Format == resource.BinarySI:
		p.Error(s.Key(name), name, label+" sets cpu to "+amount.String()+", more cores than any node has", "use cores or millicores, such as 500m")
	case name != "cpu" && strings.HasSuffix(amount.String(), "m"):
		p.Warning(s.Key(name), name, label+" sets "+name+" to "+amount.String()+", where m means thousandths of a byte", "use bytes, such as 512Mi")
	}
}
