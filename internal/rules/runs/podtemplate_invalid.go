package runs

import (
	_ "embed"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/podspec"
	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed podtemplate-invalid.md
var podTemplateInvalidText string

var podTemplateInvalid = &rule.Rule{
	Code:     "podtemplate-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     podTemplateInvalidText,
	Kinds:    []string{"PipelineRun", "TaskRun"},
	Run: func(p *rule.Pass) {
		p.Entry.EachPodTemplate(func(s facts.Spot, t *pod.PodTemplate) {
			lookup.Rejected(p, s, "the podTemplate", podspec.Template(t))
			config := t.DNSConfig
			if run := p.Entry.Run; config == nil && run != nil && run.Spec.TaskRunTemplate.PodTemplate != nil {
				config = run.Spec.TaskRunTemplate.PodTemplate.DNSConfig
			}
			if podspec.LacksNameservers(t, config) {
				p.Warning(s.Field("dnsPolicy"), "None", "the podTemplate sets dnsPolicy None without nameservers: the API server rejects the pod, unless the default pod template of the cluster has them",
					"set dnsConfig.nameservers, or use another dnsPolicy")
			}
		})
	},
}
