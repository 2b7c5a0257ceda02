package runs

import (
	_ "embed"
	"reflect"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed podtemplate-replaced.md
var podTemplateReplacedText string

var podTemplateReplaced = &rule.Rule{
	Code:     "podtemplate-replaced",
	Severity: diag.Note,
	Topic:    "runs",
	Text:     podTemplateReplacedText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		run := p.Entry.Run
		if run == nil || run.Spec.TaskRunTemplate.PodTemplate == nil {
			return
		}
		for i := range run.Spec.TaskRunSpecs {
			t := &run.Spec.TaskRunSpecs[i]
			if t.PodTemplate != nil {
				tooMany(p, run.Spec.TaskRunTemplate.PodTemplate)
				replacedFields(p, p.At("spec").Index("taskRunSpecs", i).Field("podTemplate"), t.PipelineTaskName, t.PodTemplate, run.Spec.TaskRunTemplate.PodTemplate)
			}
		}
	},
}

// replacedFields reports the fields of the podTemplate of a task that replace those
// of the run as a whole and lack a part of them. Tekton merges env and volumes by
// name, and the other fields have no parts.
func replacedFields(p *rule.Pass, s facts.Spot, task string, own, run *pod.PodTemplate) {
	report := func(field string, lost []string) {
		if len(lost) > 0 {
			do := " of the run does not apply to it"
			if len(lost) > 1 {
				do = " of the run do not apply to it"
			}
			verb := " replaces that"
			if strings.HasSuffix(field, "s") {
				verb = " replace those"
			}
			p.Note(s.Field(field), field, "the "+field+" of task "+phrase.Quote(task)+verb+" of the run as a whole, so "+list(lost)+do,
				"repeat it here if the task needs it", p.At("spec", "taskRunTemplate", "podTemplate", field).Related("the "+field+" of the run"))
		}
	}
	if own.NodeSelector != nil && len(run.NodeSelector) <= maxItems {
		var lost []string
		for k := range run.NodeSelector {
			if _, ok := own.NodeSelector[k]; !ok {
				lost = append(lost, "label "+phrase.Quote(k))
			}
		}
		slices.Sort(lost)
		report("nodeSelector", lost)
	}
	report("tolerations", lostItems(own.Tolerations, run.Tolerations, "toleration", func(i int) string { return run.Tolerations[i].Key }))
	report("imagePullSecrets", lostItems(own.ImagePullSecrets, run.ImagePullSecrets, "Secret", func(i int) string { return run.ImagePullSecrets[i].Name }))
	report("hostAliases", lostItems(own.HostAliases, run.HostAliases, "address", func(i int) string { return run.HostAliases[i].IP }))
	report("topologySpreadConstraints", lostItems(own.TopologySpreadConstraints, run.TopologySpreadConstraints, "topologyKey",
		func(i int) string { return run.TopologySpreadConstraints[i].TopologyKey }))
	report("affinity", lostFields(own.Affinity, run.Affinity))
	report("securityContext", lostFields(own.SecurityContext, run.SecurityContext))
	report("dnsConfig", lostFields(own.DNSConfig, run.DNSConfig))
}

// maxItems is the length up to which lists of a run are compared with those of each
// task. A finding check-limit says if one is longer.
const maxItems = 64

func tooMany(p *rule.Pass, run *pod.PodTemplate) {
	if max(len(run.NodeSelector), len(run.Tolerations), len(run.ImagePullSecrets), len(run.HostAliases), len(run.TopologySpreadConstraints)) > maxItems {
		p.Entry.LeaveOut("the podTemplate of "+p.Entry.Label()+" has a list of more than "+phrase.Itoa(maxItems)+" items, which has not been compared with those of the tasks", "shorten the list")
	}
}

// lostItems returns the items of the run that the task does not have, by their names
// with the noun before. An empty list of the task is meant to remove them all.
func lostItems[T any](own, run []T, noun string, name func(int) string) []string {
	if len(own) == 0 || len(run) > maxItems {
		return nil
	}
	var lost []string
	for i := range run {
		if slices.ContainsFunc(own, func(v T) bool { return reflect.DeepEqual(v, run[i]) }) {
			continue
		}
		if n := name(i); n != "" {
			lost = append(lost, noun+" "+phrase.Quote(n))
		} else {
			lost = append(lost, "a "+noun)
		}
	}
	return lost
}

// lostFields returns the fields that are set in the run and not in the task.
func lostFields[T any](own, run *T) []string {
	if own == nil || run == nil {
		return nil
	}
	var lost []string
	a, b := reflect.ValueOf(own).Elem(), reflect.ValueOf(run).Elem()
	for i := range a.NumField() {
		if a.Field(i).IsZero() && !b.Field(i).IsZero() {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			lost = append(lost, name)
		}
	}
	return lost
}

// list returns at most three of the words in a sentence.
func list(words []string) string {
	if n := len(words); n > 3 {
		words = append(slices.Clone(words[:3]), phrase.Itoa(n-3)+" more")
	}
	return phrase.And(words)
}
