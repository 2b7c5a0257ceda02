package check

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// version reports API versions and kinds that are on their way out, or gone.
func (c *checker) version(e *entry) {
	version, kind := e.ref.APIVersion, e.ref.Kind
	if e.old != nil {
		version = tektonBeta // a struct may not say it
	}
	if version == "" {
		return
	}
	s := in(e, "apiVersion")
	isVersion := len(kind) > 1 && kind[0] == 'v' && kind[1] >= '0' && kind[1] <= '9'
	if kind != "" && (isVersion || !isIdentifier(kind)) && !tekref.Contains(kind) {
		c.fail(s.at("kind"), "kind-unknown", kind, q(kind)+" is no kind: a kind is one word, without a group or a version", "write kind: Task, and the group and the version in apiVersion")
		return
	}
	if g := groupOf(version, kind); g != nil {
		c.tektonVersion(s, g, version, kind)
		return
	}
	c.kubeVersion(s, version, kind)
}

// apiGroup is what Tekton serves of an API group.
type apiGroup struct {
	name     string
	noun     string
	current  string                       // its first version
	served   map[string][]string          // the kinds of each version
	outdated map[string]map[string]string // kinds of a version that are served still, and what to write
	gone     map[string]string            // kinds of old that are not, and what to do instead
}

const tektonBeta = tektonGroup + "v1beta1"

var apiGroups = []*apiGroup{
	{
		name: strings.TrimSuffix(tektonGroup, "/"), noun: "Tekton", current: "v1",
		served: map[string][]string{
			"v1":       {"Task", "TaskRun", "Pipeline", "PipelineRun"},
			"v1beta1":  {"Task", "TaskRun", "Pipeline", "PipelineRun", "StepAction", "CustomRun"},
			"v1alpha1": {"StepAction", "VerificationPolicy"},
		},
		outdated: map[string]map[string]string{
			"v1beta1":  {"Task": "v1", "TaskRun": "v1", "Pipeline": "v1", "PipelineRun": "v1"},
			"v1alpha1": {"StepAction": "v1beta1"},
		},
		gone: map[string]string{
			"ClusterTask":      "make it a Task, and refer to it by the cluster resolver from other namespaces",
			"PipelineResource": "use params, workspaces and results, and a Task that fetches or stores what the resource did",
			"Condition":        "use when: with the result of a task as its input",
			"Run":              "write a CustomRun of tekton.dev/v1beta1",
		},
	},
	{
		name: strings.TrimSuffix(triggersGroup, "/"), noun: "Tekton Triggers", current: "v1beta1",
		served: map[string][]string{
			"v1beta1":  {"EventListener", "Trigger", "TriggerBinding", "ClusterTriggerBinding", "TriggerTemplate"},
			"v1alpha1": {"EventListener", "Trigger", "TriggerBinding", "ClusterTriggerBinding", "TriggerTemplate", "ClusterInterceptor", "Interceptor"},
		},
		outdated: map[string]map[string]string{
			"v1alpha1": {"EventListener": "v1beta1", "Trigger": "v1beta1", "TriggerBinding": "v1beta1", "ClusterTriggerBinding": "v1beta1", "TriggerTemplate": "v1beta1"},
		},
	},
}

// groupOf is the group of Tekton that an object belongs to, or was meant to:
// its kind says so where the version names no group.
func groupOf(version, kind string) *apiGroup {
	group, _, ok := strings.Cut(version, "/")
	for _, g := range apiGroups {
		if ok && group == g.name || version == g.name {
			return g
		}
		if !ok && slices.Contains(g.served["v1beta1"], kind) {
			return g
		}
	}
	return nil
}

// tektonVersion reports what Tekton does not serve, or will not for long.
func (c *checker) tektonVersion(s spot, g *apiGroup, version, kind string) {
	_, short, _ := strings.Cut(version, "/")
	if slices.Contains(g.served[short], kind) {
		if to := g.outdated[short][kind]; to != "" {
			c.warn(s, "version-deprecated", version, version+" is deprecated: "+g.noun+" keeps this "+kind+" as "+g.name+"/"+to, "write apiVersion: "+g.name+"/"+to+moves(s))
		}
		return
	}
	if help, ok := g.gone[kind]; ok {
		c.fail(s.at("kind"), "version-removed", kind, g.noun+" has removed the kind "+kind, help)
		return
	}
	for _, v := range []string{"v1", "v1beta1", "v1alpha1"} {
		if !slices.Contains(g.served[v], kind) {
			continue
		}
		if short == "v1alpha1" {
			c.fail(s, "version-removed", kind, g.noun+" does not serve "+kind+" of "+version+" any more", "write apiVersion: "+g.name+"/"+v+": what v1alpha1 calls inputs and outputs are params, workspaces and results there")
			return
		}
		code := "version-unknown"
		if !strings.HasPrefix(version, g.name+"/") {
			code = "kind-unknown" // of another group, as the reader of YAML says as well
		}
		c.fail(s, code, kind, g.noun+" serves no "+kind+" of "+version, "write apiVersion: "+g.name+"/"+v)
		return
	}
	kinds := append(slices.Clone(g.served["v1beta1"]), g.served["v1alpha1"]...)
	c.fail(s.at("kind"), "kind-unknown", kind, g.noun+" has no kind "+q(kind), oneOf(kind, kinds))
}

// moves says what v1 calls otherwise, for the object at hand.
func moves(s spot) string {
	switch {
	case s.old == nil:
		return ""
	case s.run != nil:
		return ", with serviceAccountName and podTemplate in taskRunTemplate, and timeout in timeouts.pipeline"
	case s.task != nil:
		return ", with computeResources instead of resources in steps"
	}
	return ""
}
